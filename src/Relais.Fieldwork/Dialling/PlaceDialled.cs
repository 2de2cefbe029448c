using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Calls;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Dialling;

/// <summary>
/// Decides under the lock of the wave's dialler how many calls this node places, chooses their cases as for an interviewer, and writes down both before anything is
/// sent. So whatever the nodes do at once, and wherever one dies, no call is under way that the limit did not bear.
/// </summary>
internal sealed class PlaceDialled(FieldworkDb db, Switchboard calls, DiallerSignals signals, TimeProvider clock)
{
    // A call is decided by then: ringing, the grace, and some seconds for a slow machine.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    // Nobody is called who could answer when it is no moment to call any more.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(60);

    // Between two looks who answered is to be brought to somebody: no long row of calls at once.
    private const int MostAtOnce = 5;

    private const string Lock = "SELECT * FROM fieldwork.wave_dialler WHERE wave_id = {0} FOR UPDATE";

    private const string Mark = "UPDATE fieldwork.dial_seat SET node = CASE WHEN person_id = ANY ($2) THEN $1 END WHERE wave_id = $3 AND (person_id = ANY ($2) OR node = $1)";

    private const string Tidy = "DELETE FROM fieldwork.dial_seat WHERE wave_id = $1 AND seen_at < $2";

    // One statement: a call that is connected meanwhile is seen with its interviewer or not at all.
    private const string Nodes = """
        SELECT coalesce(c.node, s.node) AS "Node", coalesce(c.number, 0)::int AS "UnderWay", coalesce(s.number, 0)::int AS "Ready"
        FROM (SELECT node, count(*) AS number FROM fieldwork.dialled_call WHERE wave_id = {0} GROUP BY node) c
        FULL JOIN (SELECT node, count(*) AS number FROM fieldwork.dial_seat WHERE wave_id = {0} AND seen_at > {1} AND node IS NOT NULL GROUP BY node) s ON s.node = c.node
        """;

    private const string SendAway = "UPDATE fieldwork.dial_seat SET leaving = true WHERE wave_id = $1 AND node = $2";

    private const string KeepCall = "UPDATE fieldwork.hold SET call_id = $3, call_number = $4 WHERE case_id = $1 AND person_id = $2";

    public sealed record NodeCount(string Node, int UnderWay, int Ready);

    private sealed record Chosen(DialledCall Call, TakeCase.Held Case);

    /// <param name="here">Who waits with their headset at this node.</param>
    /// <param name="ringing">This node's calls that are not answered, and since when their telephones ring.</param>
    public async Task HandleAsync(
        Wave wave, Campaign campaign, IReadOnlyList<DialSeat> here, IReadOnlyList<(DialledCall Call, DateTimeOffset? Since)> ringing, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // What may take a while is asked before the lock is taken.
        var trouble = await TroubleAsync(wave, campaign, now, cancel);
        var message = await db.WaveDiallers.AsNoTracking().Where(d => d.WaveId == wave.Id).Select(d => d.Message).SingleAsync(cancel);
        var speaks = wave.Dialling is not DialMode.Predictive || here.Count == 0 || await calls.CanSayAsync(message, cancel);
        List<Chosen> chosen;
        List<Guid> gone;
        await using (var turn = await db.Database.BeginTransactionAsync(cancel))
        {
            (chosen, gone) = await DecideAsync(wave, campaign, trouble, speaks, here, ringing, now, cancel);
            await turn.CommitAsync(cancel);
        }

        gone.ForEach(signals.Tell);
        if (chosen.Count == 0)
            return;
        var study = await db.Studies.AsNoTracking().Where(s => s.Id == wave.StudyId).Select(s => s.Name).SingleAsync(cancel);
        for (var i = 0; i < chosen.Count; i++)
        {
            if (await SendAsync(chosen[i], study, campaign, cancel))
                continue;
            foreach (var left in chosen.Skip(i))
                await SettleDialled.PutBackAsync(db, left.Call, cancel);
            return;
        }
    }

    private async Task<string> TroubleAsync(Wave wave, Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        if (wave.State is not WaveState.Running || !wave.Dialling.IsAutomatic())
            return "wave";
        if (now < campaign.NotBefore)
            return campaign.Trouble;
        return await calls.LineOfAsync(CallerClass.Verified, cancel) is LineState.Open ? "" : "no-line";
    }

    private async Task<(List<Chosen> Chosen, List<Guid> Gone)> DecideAsync(
        Wave wave, Campaign campaign, string trouble, bool speaks, IReadOnlyList<DialSeat> here, IReadOnlyList<(DialledCall Call, DateTimeOffset? Since)> ringing, DateTimeOffset now, CancellationToken cancel)
    {
        var dialler = await db.WaveDiallers.FromSqlRaw(Lock, wave.Id).AsNoTracking().SingleAsync(cancel);
        var people = here.Select(s => s.PersonId).ToArray();
        await db.ExecuteAsync(Mark, [calls.Node, people, wave.Id], cancel);
        await db.ExecuteAsync(Tidy, [wave.Id, now - (5 * DialWave.SeatKept)], cancel);
        if (trouble == "wave")
            await db.ExecuteAsync(SendAway, [wave.Id, calls.Node], cancel);
        // First what is under way, then what was decided: a call that is decided between counts twice, and never not at all.
        var nodes = await db.Database.SqlQueryRaw<NodeCount>(Nodes, wave.Id, now - DialWave.SeatKept).ToListAsync(cancel);
        var mine = await db.DialledCalls.AsNoTracking().Where(d => d.WaveId == wave.Id && d.Node == calls.Node).ToListAsync(cancel);
        var limit = WaveDialler.LimitOf(wave, dialler.AbandonmentLimit, now);
        var ledger = await LedgerAsync(db, wave.Id, limit, cancel);
        var elsewhere = nodes.Where(n => n.Node != calls.Node).Sum(n => Math.Max(0, n.UnderWay - n.Ready));
        var bears = Math.Max(0, CampaignPace.Count(ledger, limit).Allowance - elsewhere);
        var seats = await db.DialSeats.AsNoTracking().Where(s => s.WaveId == wave.Id && s.Node == calls.Node && s.SeenAt > now - DialWave.SeatKept).ToListAsync(cancel);

        var gone = await LetGoAsync(seats, mine.Count, bears, cancel);
        await EndVanishedAsync(ringing, mine.Count - seats.Count - bears, now, cancel);
        if (trouble.Length == 0)
            trouble = dialler.Paused ? "paused" : seats.Count == 0 && !campaign.People.Any() ? "nobody" : "";
        var chosen = new List<Chosen>();
        if (trouble.Length == 0)
        {
            var (talking, noting) = campaign.Sight(Seconds);
            var sight = new PaceSight(
                Seconds(now), seats.Count(s => !s.Leaving), [.. mine.Where(d => d.AnsweredAt is null).Select(d => Seconds(d.PlacedAt))], mine.Count(d => d.AnsweredAt is not null), talking, noting, elsewhere);
            var ahead = wave.Dialling is DialMode.Predictive && speaks;
            var wanted = campaign.Pace.Place(ahead, sight, ledger, limit);
            if (wanted > MostAtOnce)
                signals.Wake();
            trouble = await ChooseAsync(wave, [.. seats.Select(s => s.PersonId).Concat(campaign.People).Distinct()], Math.Min(wanted, MostAtOnce), now, chosen, cancel);
            // Nothing is left to call: whoever waits may do something else.
            if (trouble is "no-case" && mine.Count + chosen.Count == 0)
                await db.ExecuteAsync(SendAway, [wave.Id, calls.Node], cancel);
            trouble = trouble.Length > 0 || wave.Dialling is not DialMode.Predictive ? trouble : !speaks ? "no-speech" : bears == 0 ? "limit" : "";
        }

        if (dialler.Holding != trouble || !(now - dialler.LookedAt < TimeSpan.FromSeconds(5)))
            await db.WaveDiallers.Where(d => d.WaveId == wave.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.Holding, trouble).SetProperty(d => d.LookedAt, now), cancel);
        return (chosen, gone);
    }

    /// <summary>The minutes that a decision needs.</summary>
    internal static async Task<List<LedgerMinute>> LedgerAsync(FieldworkDb db, int wave, AbandonmentLimit limit, CancellationToken cancel)
    {
        var from = Math.Min(limit.Minute - (24 * 60), limit.Midnight);
        return await db.DialMinutes.AsNoTracking().Where(m => m.WaveId == wave && m.Minute >= from).Select(m => new LedgerMinute(m.Minute, m.Answered, m.Abandoned)).ToListAsync(cancel);
    }

    // Whoever wishes to go does so once the calls under way would find somebody without them.
    private async Task<List<Guid>> LetGoAsync(List<DialSeat> seats, int underWay, int bears, CancellationToken cancel)
    {
        var gone = new List<Guid>();
        foreach (var seat in seats.Where(s => s.Leaving).OrderBy(s => s.Since).ToList())
        {
            if (underWay > seats.Count - 1 + bears)
                break;
            await db.DialSeats.Where(s => s.PersonId == seat.PersonId && s.Leaving).ExecuteDeleteAsync(cancel);
            seats.Remove(seat);
            gone.Add(seat.PersonId);
        }

        return gone;
    }

    // Interviewers vanished for whom people were called: no more telephones ring on than the limit bears, once they rang as long as they must.
    private async Task EndVanishedAsync(IReadOnlyList<(DialledCall Call, DateTimeOffset? Since)> ringing, int tooMany, DateTimeOffset now, CancellationToken cancel)
    {
        var least = TimeSpan.FromSeconds(WaveDialler.LeastRingSeconds);
        foreach (var (call, _) in ringing.Where(r => now - r.Since >= least).OrderBy(r => r.Since).Take(Math.Max(0, tooMany)))
        {
            if (call.CallId is { } id)
                await calls.HangUpAsync(id, cancel);
        }
    }

    // A case that is called must suit whoever is free when it is answered: all of those who wait or talk here.
    private async Task<string> ChooseAsync(Wave wave, Guid[] people, int wanted, DateTimeOffset now, List<Chosen> chosen, CancellationToken cancel)
    {
        if (wanted == 0)
            return "";
        var able = await db.Interviewers.AsNoTracking().Where(i => people.Contains(i.PersonId)).Select(i => new { i.Languages, i.Skills }).ToListAsync(cancel);
        if (able.Count == 0)
            return "nobody";
        var asked = WaveRules.Of(wave.Id, wave.Rules, wave.Zones, dialled: true);
        var openings = asked.Openings(now, now + Ahead).ToList();
        if (openings.Count == 0)
            return "closed-hours";
        var asker = new Asker(
            Attempt.Nobody, [.. able.Select(a => a.Languages.AsEnumerable()).Aggregate((a, b) => a.Intersect(b, StringComparer.Ordinal))],
            [.. able.Select(a => a.Skills.AsEnumerable()).Aggregate((a, b) => a.Intersect(b, StringComparer.Ordinal))], [asked], openings);
        while (chosen.Count < wanted)
        {
            if (await ChooseCase.FromPoolsAsync(db, asker, now, cancel) is not { } found)
                return "no-case";
            var call = new DialledCall { Id = Guid.CreateVersion7(now), CaseId = found.Case, WaveId = wave.Id, Node = calls.Node, PlacedAt = now, Until = now + Lease };
            // The hold outlives the lease: what is decided about a dead node's call is decided once.
            var held = await HeldCases.TakeAsync(db, found, call.Id, now, now + (2 * Lease), cancel);
            db.DialledCalls.Add(call);
            await db.SaveChangesAsync(cancel);
            chosen.Add(new Chosen(call, held));
        }

        return "";
    }

    // False where no line has room: then nothing was sent.
    private async Task<bool> SendAsync(Chosen chosen, string study, Campaign campaign, CancellationToken cancel)
    {
        var (call, number, now) = (chosen.Call, chosen.Case.Numbers is [var first, ..] ? first : null, clock.GetUtcNow());
        var result = number is null
            ? new PlaceResult.Refused(NumberRefusal.Malformed)
            : await calls.PlaceAheadAsync(new CallOrder(call.Id, number.Number, CallerClass.Verified, study, CaseSubject.Of(call.CaseId)), Actor.System, cancel);
        switch (result)
        {
            case PlaceResult.Placed placed:
                call.CallId = placed.Call;
                await db.InTurnAsync(() => db.ExecuteAsync(KeepCall, [call.CaseId, call.Id, placed.Call, (short)(number?.Position ?? 0)], cancel), cancel);
                await db.SaveChangesAsync(cancel);
                (campaign.Trouble, campaign.NotBefore) = ("", now);
                // What happened on the line meanwhile found no row to be looked up by.
                signals.Wake();
                return true;
            case PlaceResult.Refused:
                await SettleDialled.UnansweredAsync(db, call, null, now, cancel);
                return true;
            case PlaceResult.Full:
                (campaign.Trouble, campaign.NotBefore) = ("lines-busy", now.AddSeconds(1));
                return false;
            case PlaceResult.NotRecordable:
                (campaign.Trouble, campaign.NotBefore) = ("not-recordable", now.AddSeconds(30));
                return false;
            default:
                (campaign.Trouble, campaign.NotBefore) = ("no-line", now.AddSeconds(5));
                return false;
        }
    }

    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;
}
