using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Capacity;
using Relais.Desktops.Engine;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Plans;

/// <summary>A dry run: who would get which desktop, what all of it needs beside what is there, and what would not go. Only the result is kept.</summary>
internal sealed class RehearsePlan(
    DesktopsDb db, PlanPeople members, RehearsePools rehearsePools, WaysIn ways, People people, BundleCatalog catalog, DesktopsEngine engine, ReadCapacity capacity, ListQueue queue,
    IOptions<DesktopsOptions> options, TimeProvider clock)
{
    private const int MostNames = 20;
    private const long BytesPerMiB = 1 << 20;

    /// <returns>Null when there is no such plan.</returns>
    public async Task<Rehearsal?> HandleAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        var plan = await db.Plans.SingleOrDefaultAsync(p => p.Id == id, cancel);
        if (plan is null)
            return null;
        var found = await ReadAsync(plan.Steps, cancel);
        (plan.Rehearsal, plan.RehearsedAt, plan.RehearsedBy) = (found, clock.GetUtcNow(), actor.Name);
        db.Audit(clock, actor, "plan.rehearsed", $"plan:{plan.Id}", plan.Name, new { people = found.People, findings = found.Findings.Count });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody changed or rehearsed it in the same moment; what was found here is told all the same, and theirs is kept.
            db.ChangeTracker.Clear();
        }

        return found;
    }

    private async Task<Rehearsal> ReadAsync(IReadOnlyList<PlanStep> steps, CancellationToken cancel)
    {
        var perStep = await members.HandleAsync(steps, cancel);
        var wanted = perStep.SelectMany(s => s.People).Select(p => p.Value).ToArray();
        var desktops = await db.Desktops.AsNoTracking().Where(d => wanted.Contains(d.PersonId)).ToDictionaryAsync(d => d.PersonId, cancel);
        var bundles = catalog.Read().Bundles.ToDictionary(b => b.Name, StringComparer.Ordinal);
        var built = await BuiltAsync(cancel);
        var names = await people.FindManyAsync(
            [.. perStep.SelectMany(s => s.People.Concat(s.Barred.Keys)), .. await ways.InNoGroupAsync(cancel)], cancel);

        var pools = new RehearsePools.Found?[steps.Count];
        for (var at = 0; at < steps.Count; at++)
            pools[at] = steps[at].Pool is null ? null : await rehearsePools.HandleAsync(at + 1, steps[at], bundles, cancel);
        var fates = steps.Select((step, at) => pools[at]?.Fates.ToList()
            ?? perStep[at].People.Select(p => DesktopFate.Of(p, desktops.GetValueOrDefault(p.Value), step.Bundle, bundles)).ToList()).ToList();
        var (left, over) = await FitAsync(fates, [.. desktops.Values.Select(d => d.Id)], cancel);
        List<RehearsedStep> rehearsed = [];
        List<RehearsalFinding> findings = [];
        for (var at = 0; at < steps.Count; at++)
        {
            var step = Sum(at + 1, pools[at]?.Bundle ?? steps[at].Bundle, fates[at], over[at]);
            if (pools[at] is { } pool)
            {
                step = step with { People = 0, Pool = pool.Name };
                findings.AddRange(pool.Findings);
            }

            rehearsed.Add(step);
            findings.AddRange(FindingsOf(at + 1, perStep[at], fates[at], step, bundles, built, names));
        }

        findings.AddRange(await FindingsOfAllAsync(rehearsed, left, names, cancel));
        return new Rehearsal(rehearsed, [.. findings.OrderBy(f => !f.Blocks).ThenBy(f => f.Step)], left, Rehearsal.PresentRule);
    }

    private async Task<(RehearsedRoom? Room, IReadOnlyList<int> Over)> FitAsync(List<List<DesktopFate>> fates, HashSet<Guid> mine, CancellationToken cancel)
    {
        if (await capacity.HandleAsync(cancel) is not { } fleet)
            return (null, new int[fates.Count]);
        var before = (await queue.HandleAsync(cancel)).Where(q => !mine.Contains(q.Id)).Select(q => new Candidate(q.Id, q.MemoryMiB, q.AtScreen, q.Since)).ToList();
        var online = fleet.Members.Where(m => m.IsOnline).ToList();
        var room = new RehearsedRoom(
            fleet.BudgetMiB, fleet.PromisedMiB, before.Sum(q => q.MemoryMiB), fleet.UsedMiB, online.Sum(m => Math.Max(0, m.DiskBytes - m.DiskUsedBytes)) / BytesPerMiB,
            online.Sum(m => m.Processors));
        var needs = fates.ConvertAll(step => (IReadOnlyList<int>)[.. step.Where(f => f.NeedsRoom).Select(f => f.MemoryMiB)]);
        return (room, FitPlan.Of(needs, before, fleet.Rooms(options.Value), clock.GetUtcNow()));
    }

    private static RehearsedStep Sum(int number, string bundle, List<DesktopFate> fates, int over)
    {
        int Count(FateKind kind) => fates.Count(f => f.Kind == kind);
        var rising = fates.Where(f => f.NeedsRoom).ToList();
        return new RehearsedStep(
            number, bundle, fates.Count, Count(FateKind.New), Count(FateKind.Stopped), Count(FateKind.Frozen), Count(FateKind.Running), Count(FateKind.Left),
            rising.Sum(f => (long)f.MemoryMiB), rising.Sum(f => (long)f.Cpus), rising.Sum(f => (long)f.HomeMiB), over);
    }

    private static IEnumerable<RehearsalFinding> FindingsOf(
        int number, StepPeople members, List<DesktopFate> fates, RehearsedStep step, Dictionary<string, Bundle> bundles, HashSet<string> built,
        IReadOnlyDictionary<PersonId, PersonCard> names)
    {
        RehearsalFinding? Of(string code, bool blocks, IEnumerable<PersonId> who)
        {
            var all = who.ToList();
            return all.Count == 0 ? null : new RehearsalFinding(code, blocks, number, all.Count, Named(all, names));
        }

        IEnumerable<PersonId> With(Func<DesktopFate, bool> holds) => fates.Where(holds).Select(f => f.Person);
        RehearsalFinding?[] found =
        [
            members.Gone > 0 ? new RehearsalFinding("group-gone", true, number, members.Gone, []) : null,
            fates.Count == 0 && step.Pool is null ? new RehearsalFinding("nobody", false, number, 0, []) : null,
            step.Over > 0 ? new RehearsalFinding("no-room", true, number, step.Over, []) : null,
            Of("ended", false, members.Barred.Where(p => p.Value == WayIn.Ended).Select(p => p.Key)),
            Of("disabled", false, members.Barred.Where(p => p.Value == WayIn.Disabled).Select(p => p.Key)),
            Of("not-invited", false, members.NotInvited),
            Of("left", true, With(f => f.Kind == FateKind.Left)),
            Of("other-bundle", false, With(f => f.KeepsOther)),
            members.Repeated > 0 ? new RehearsalFinding("repeated", false, number, members.Repeated, []) : null,
            .. fates.Where(f => f.Kind is FateKind.New or FateKind.Stopped).GroupBy(f => f.Bundle, StringComparer.Ordinal).Select(b =>
                !bundles.ContainsKey(b.Key) ? new RehearsalFinding("unknown-bundle", true, number, b.Count(), [b.Key])
                : b.Any(f => f.Kind == FateKind.New) && !built.Contains(b.Key) ? new RehearsalFinding("image-missing", true, number, b.Count(f => f.Kind == FateKind.New), [b.Key])
                : null),
        ];
        return found.OfType<RehearsalFinding>();
    }

    private async Task<List<RehearsalFinding>> FindingsOfAllAsync(
        List<RehearsedStep> steps, RehearsedRoom? left, IReadOnlyDictionary<PersonId, PersonCard> names, CancellationToken cancel)
    {
        List<RehearsalFinding> found = [];
        if (engine.Network is null || engine.Missing is not null)
            found.Add(new RehearsalFinding("no-engine", true, 0, 0, []));
        else if (left is null)
            found.Add(new RehearsalFinding("room-unknown", false, 0, 0, []));
        else if (steps.Sum(s => s.HomeMiB) > left.DiskMiB)
            found.Add(new RehearsalFinding("disk-short", false, 0, 0, []));
        if (steps.Count == 0)
            found.Add(new RehearsalFinding("no-steps", true, 0, 0, []));
        var outside = await ways.InNoGroupAsync(cancel);
        if (outside.Count > 0)
            found.Add(new RehearsalFinding("no-group", false, 0, outside.Count, Named(outside, names)));
        return found;
    }

    private async Task<HashSet<string>> BuiltAsync(CancellationToken cancel) =>
        (await db.BundleVersions.AsNoTracking().ToListAsync(cancel)).Where(BundleImages.IsThere).Select(v => v.Bundle).ToHashSet(StringComparer.Ordinal);

    private static IReadOnlyList<string> Named(IReadOnlyCollection<PersonId> who, IReadOnlyDictionary<PersonId, PersonCard> names) =>
        [.. who.Select(p => names.GetValueOrDefault(p)?.DisplayName ?? "?").Order(StringComparer.CurrentCultureIgnoreCase).Take(MostNames)];
}
