using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Dialling;

/// <summary>What a wave's dialler does now, of all nodes.</summary>
/// <param name="Ready">Interviewers who wait with their headsets connected.</param>
/// <param name="Unplugged">Who wait and could not be heard.</param>
/// <param name="Ringing">Calls that are not answered.</param>
/// <param name="Waiting">Callees who answered and for whom nobody is free yet.</param>
/// <param name="Talking">Interviewers with a case in hand.</param>
/// <param name="Holding">Why no more is called; empty: nothing holds it back.</param>
internal sealed record DiallerState(
    DateTimeOffset At, DialMode Mode, WaveState Wave, bool Paused, string PausedBy, DateTimeOffset? PausedAt, int Ready, int Unplugged, int Ringing, int Waiting, int Talking,
    double Limit, AbandonmentNow Counted, string Holding)
{
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(10);

    /// <summary>Null: there is no such wave.</summary>
    public static async Task<DiallerState?> ReadAsync(FieldworkDb db, int id, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, cancel) is not { } wave)
            return null;
        var dialler = await db.WaveDiallers.AsNoTracking().SingleOrDefaultAsync(d => d.WaveId == id, cancel) ?? new WaveDialler { WaveId = id };
        var seen = now - DialWave.SeatKept;
        var seats = await db.DialSeats.AsNoTracking().Where(s => s.WaveId == id && s.SeenAt > seen).ToListAsync(cancel);
        var dialled = await db.DialledCalls.AsNoTracking().Where(d => d.WaveId == id).ToListAsync(cancel);
        var held = await db.Holds.CountAsync(h => h.WaveId == id && !db.DialledCalls.Any(d => d.Id == h.PersonId), cancel);
        var limit = WaveDialler.LimitOf(wave, dialler.AbandonmentLimit, now);
        var counted = CampaignPace.Count(await PlaceDialled.LedgerAsync(db, id, limit, cancel), limit);
        var ready = seats.Count(s => s.Node is not null);
        // Nobody looks at a wave in which nobody waits.
        var holding = !wave.Dialling.IsAutomatic() || wave.State is not WaveState.Running ? "wave" : dialler.Paused ? "paused" : !(now - dialler.LookedAt < Stale) ? "nobody" : dialler.Holding;
        return new DiallerState(
            now, wave.Dialling, wave.State, dialler.Paused, dialler.PausedBy, dialler.PausedAt, ready, seats.Count - ready, dialled.Count(d => d.AnsweredAt is null),
            dialled.Count(d => d.AnsweredAt is not null), held, dialler.AbandonmentLimit, counted, holding);
    }
}

/// <summary>A supervisor holds a wave's dialler back, or lets it go on.</summary>
internal sealed class SteerDialler(FieldworkDb db, DiallerSignals signals, TimeProvider clock)
{
    /// <returns>False: there is no such wave, or it is not called by itself.</returns>
    public async Task<bool> PauseAsync(int id, bool paused, Actor actor, CancellationToken cancel)
    {
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, cancel) is not { } wave || !wave.Dialling.IsAutomatic())
            return false;
        var dialler = await db.WaveDiallers.SingleOrDefaultAsync(d => d.WaveId == id, cancel);
        if (dialler is null)
            db.WaveDiallers.Add(dialler = new WaveDialler { WaveId = id });
        if (dialler.Paused != paused)
        {
            (dialler.Paused, dialler.PausedBy, dialler.PausedAt) = (paused, paused ? actor.Name : "", paused ? clock.GetUtcNow() : null);
            db.Audit(clock, actor, paused ? "dialler.paused" : "dialler.resumed", EditStudies.Subject(id), wave.Name);
            await db.SaveChangesAsync(cancel);
        }

        signals.Wake();
        return true;
    }
}
