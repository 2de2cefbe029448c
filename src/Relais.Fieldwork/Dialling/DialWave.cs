using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Fieldwork.Studies;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Dialling;

/// <summary>One look at a wave's calls that this node carries: who answered is brought to somebody who waits, who waited too long hears why, and what is over is recorded. Then calls are placed.</summary>
internal sealed class DialWave(FieldworkDb db, Switchboard calls, PlaceDialled place, DiallerSignals signals, IOptions<FieldworkOptions> options, TimeProvider clock)
{
    /// <summary>A console that gave no sign for so long is not waited at any more.</summary>
    public static readonly TimeSpan SeatKept = TimeSpan.FromSeconds(6);

    // Nothing was heard of the callee's telephone in all that time.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(40);

    /// <param name="seats">Of this wave, wherever.</param>
    /// <param name="dialled">Of this wave, wherever.</param>
    public async Task HandleAsync(Wave wave, Campaign campaign, IReadOnlyList<DialSeat> seats, IReadOnlyList<DialledCall> dialled, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var mine = dialled.Where(d => d.Node == calls.Node).OrderBy(d => d.PlacedAt).ToList();
        if (await db.WaveDiallers.AsNoTracking().SingleOrDefaultAsync(d => d.WaveId == wave.Id, cancel) is not { } dialler)
            return;
        var known = await calls.FindAllAsync([.. mine.Select(d => d.CallId).OfType<Guid>().Concat(campaign.Calls)], cancel);
        var here = seats.Where(s => s.SeenAt > now - SeatKept && calls.VoiceOf(s.PersonId) is VoiceState.Plugged).OrderBy(s => s.Since).ToList();
        var busy = await calls.BusyAsync([.. here.Select(s => s.PersonId)], cancel);
        here.RemoveAll(s => busy.Contains(s.PersonId));
        campaign.Follow([.. here.Select(s => s.PersonId)], known, now);

        var ringing = new List<(DialledCall Call, DateTimeOffset? Since)>();
        var waiting = new List<DialledCall>();
        foreach (var call in mine)
        {
            var told = call.CallId is { } id ? known.GetValueOrDefault(id) : null;
            if (call.CallId is null && now < call.Until)
                ringing.Add((call, null));
            else if (told is null or { Stage: CallStage.Ended })
                await OverAsync(call, told, campaign, now, cancel);
            else if (told.Stage is CallStage.Answered)
                waiting.Add(await AnsweredAsync(call, told, campaign, cancel));
            else if (now - (told.RingingAt ?? now) >= TimeSpan.FromSeconds(dialler.RingSeconds) || (told.RingingAt is null && now - call.PlacedAt >= LongestSilence))
                await calls.HangUpAsync(told.Id, cancel);
            else
                ringing.Add((call, told.RingingAt));
        }

        foreach (var call in waiting)
        {
            if (await ConnectAsync(call, here, campaign, cancel))
                continue;
            if (clock.GetUtcNow() - call.AnsweredAt < CampaignPace.Grace)
                _ = LookAgainAsync(call.AnsweredAt + CampaignPace.Grace - clock.GetUtcNow());
            else if (await SettleDialled.AbandonAsync(db, call, clock.GetUtcNow(), cancel) && call.CallId is { } id)
                calls.SayAndHangUp(id, dialler.Message);
        }

        if (seats.Count + mine.Count > 0 || campaign.People.Any())
            await place.HandleAsync(wave, campaign, here, ringing, cancel);
    }

    private async Task<DialledCall> AnsweredAsync(DialledCall call, CallNow told, Campaign campaign, CancellationToken cancel)
    {
        if (call.AnsweredAt is not null)
            return call;
        call.AnsweredAt = told.AnsweredAt ?? clock.GetUtcNow();
        await db.DialledCalls.Where(d => d.Id == call.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.AnsweredAt, call.AnsweredAt), cancel);
        campaign.Pace.Answered(call.AnsweredAt.Value - call.PlacedAt);
        return call;
    }

    // Whoever answered and hung up before somebody was free has heard nothing: it counts as abandoned.
    private async Task OverAsync(DialledCall call, CallNow? told, Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        if ((told?.AnsweredAt ?? call.AnsweredAt) is not null)
        {
            await SettleDialled.AbandonAsync(db, call, now, cancel);
            return;
        }

        if (await SettleDialled.UnansweredAsync(db, call, told, now, cancel))
            campaign.Pace.Unanswered((told?.EndedAt ?? now) - call.PlacedAt);
    }

    private async Task<bool> ConnectAsync(DialledCall call, List<DialSeat> here, Campaign campaign, CancellationToken cancel)
    {
        if (call.CallId is not { } id)
            return false;
        // Those who wish to go have stayed for a call that was on its way: they come last.
        foreach (var seat in here.OrderBy(s => s.Leaving).ThenBy(s => s.Since).ToList())
        {
            here.Remove(seat);
            var now = clock.GetUtcNow();
            if (!await SettleDialled.ConnectAsync(db, call, seat.PersonId, now, options.Value, cancel))
                continue;
            if (await calls.ConnectAsync(id, seat.PersonId, cancel))
                campaign.Connected(seat.PersonId, id, now);
            else
                await calls.HangUpAsync(id, cancel);
            signals.Tell(seat.PersonId);
            return true;
        }

        return false;
    }

    // Two seconds are two seconds: not until the next look of its own.
    private async Task LookAgainAsync(TimeSpan? after)
    {
        if (after > TimeSpan.Zero)
            await Task.Delay(after.Value, clock);
        signals.Wake();
    }
}
