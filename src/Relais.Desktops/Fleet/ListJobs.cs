using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Desktops.Fleet;

/// <summary>A job as people and programs see it.</summary>
/// <param name="Counts">How many desktops are in each state.</param>
internal sealed record JobView(FleetJob Job, IReadOnlyDictionary<FleetRowState, int> Counts, IReadOnlyList<JobLine> Lines)
{
    public int Total => Counts.Values.Sum();

    /// <summary>Desktops that are over and done with, well or not.</summary>
    public int Over => Counts.Where(c => c.Key is not (FleetRowState.Waiting or FleetRowState.Doing)).Sum(c => c.Value);
}

/// <summary>One desktop of a job, with its person.</summary>
internal sealed record JobLine(Guid Desktop, string Person, FleetRowState State, string? Reason, string? Detail, DateTimeOffset ChangedAt);

/// <summary>Jobs and how far they are.</summary>
internal sealed class ListJobs(DesktopsDb db, People people)
{
    private const int Most = 50;

    /// <summary>The latest ones, without their lines.</summary>
    public async Task<IReadOnlyList<JobView>> LatestAsync(CancellationToken cancel)
    {
        var jobs = await db.Jobs.AsNoTracking().OrderByDescending(j => j.AskedAt).Take(Most).ToListAsync(cancel);
        var ids = jobs.ConvertAll(j => j.Id);
        var counts = await db.JobRows.Where(r => ids.Contains(r.JobId)).GroupBy(r => new { r.JobId, r.State })
            .Select(g => new { g.Key.JobId, g.Key.State, Count = g.Count() }).ToListAsync(cancel);
        return [.. jobs.Select(j => new JobView(j, counts.Where(c => c.JobId == j.Id).ToDictionary(c => c.State, c => c.Count), []))];
    }

    /// <summary>One with its lines: what failed first, then what goes on, then the rest, each by person.</summary>
    public async Task<JobView?> FindAsync(Guid id, CancellationToken cancel)
    {
        var job = await db.Jobs.AsNoTracking().Include(j => j.Rows).SingleOrDefaultAsync(j => j.Id == id, cancel);
        if (job is null)
            return null;
        var names = await people.FindManyAsync([.. job.Rows.Select(r => new PersonId(r.PersonId))], cancel);
        var lines = job.Rows
            .Select(r => new JobLine(r.DesktopId, names.GetValueOrDefault(new PersonId(r.PersonId))?.DisplayName ?? "?", r.State, r.Reason, r.Detail, r.ChangedAt))
            .OrderBy(l => Place(l.State)).ThenBy(l => l.Person, StringComparer.CurrentCultureIgnoreCase).ToList();
        return new JobView(job, lines.CountBy(l => l.State).ToDictionary(), lines);
    }

    private static int Place(FleetRowState state) => state switch
    {
        FleetRowState.Failed => 0,
        FleetRowState.Doing => 1,
        FleetRowState.Waiting => 2,
        FleetRowState.LeftOut => 3,
        FleetRowState.Done => 4,
    };
}
