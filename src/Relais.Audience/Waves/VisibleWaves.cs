using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Audience.Runs;

namespace Relais.Audience.Waves;

/// <summary>
/// The one way from a person to a wave and to its figures. Whoever is no researcher is given what is published and whose embargo is over; of all else
/// not even the existence shows, because nothing is looked up, counted or named that did not pass here.
/// </summary>
internal sealed class VisibleWaves(AudienceDb db, TimeProvider clock)
{
    public static bool IsResearcher(ClaimsPrincipal person) => person.IsInRole(Roles.Researcher);

    public IQueryable<Wave> For(ClaimsPrincipal person)
    {
        if (IsResearcher(person))
            return db.Waves.AsNoTracking();
        var now = clock.GetUtcNow();
        return db.Waves.AsNoTracking().Where(w => w.State == WaveState.Published && (w.EmbargoUntil == null || w.EmbargoUntil <= now));
    }

    public Task<Wave?> FindAsync(ClaimsPrincipal person, Guid wave, CancellationToken cancel) => For(person).SingleOrDefaultAsync(w => w.Id == wave, cancel);

    /// <summary>A wave and the run whose figures this person is shown: the published one; a researcher also the proposed one, the one named, or the latest.</summary>
    /// <returns>Null when there is nothing to show to this person.</returns>
    public async Task<ShownWave?> ShownAsync(ClaimsPrincipal person, Guid waveId, Guid? runId, CancellationToken cancel)
    {
        if (await FindAsync(person, waveId, cancel) is not { } wave)
            return null;
        var researcher = IsResearcher(person);
        if (runId is not null && runId != wave.RunId && !researcher)
            return null;
        var wanted = runId ?? wave.RunId;
        var run = wanted is { } id
            ? await db.Runs.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.WaveId == wave.Id && r.State == RunState.Done, cancel)
            : await db.Runs.AsNoTracking().Where(r => r.WaveId == wave.Id && r.State == RunState.Done).OrderByDescending(r => r.Number).FirstOrDefaultAsync(cancel);
        return run is null || !(researcher || wave.State == WaveState.Published) ? null : new ShownWave(wave, run, RunSettings.Parse(run.Settings));
    }

    /// <summary>The wave of the same study before this one, as far as this person may see it, with its run.</summary>
    public async Task<ShownWave?> BeforeAsync(ClaimsPrincipal person, Wave wave, CancellationToken cancel)
    {
        var earlier = await For(person).Where(w => w.StudyId == wave.StudyId && w.Until < wave.Until && w.RunId != null)
            .OrderByDescending(w => w.Until).Select(w => w.Id).FirstOrDefaultAsync(cancel);
        return earlier == Guid.Empty ? null : await ShownAsync(person, earlier, null, cancel);
    }
}

/// <summary>A wave, and the run whose figures are shown.</summary>
internal sealed record ShownWave(Wave Wave, Run Run, RunSettings Settings)
{
    /// <summary>Its station, group or total radio by the name that people read.</summary>
    public string NameOf(string station) => Settings.Study.Stations.FirstOrDefault(s => s.Code == station)?.Name ?? station;
}
