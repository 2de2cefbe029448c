using Relais.Access.Contracts;

namespace Relais.Desktops.Plans;

/// <summary>Whose desktops a step means at this moment.</summary>
/// <param name="People">Those for whom one is started: of its groups, able to sign in, and of no step before.</param>
/// <param name="Barred">Those of its groups who may not sign in, and why.</param>
/// <param name="Repeated">How many a step before has already.</param>
/// <param name="Gone">How many of its groups do not exist any more.</param>
internal sealed record StepPeople(
    IReadOnlyList<PersonId> People, IReadOnlyDictionary<PersonId, WayIn> Barred, IReadOnlyList<PersonId> NotInvited, int Repeated, int Gone);

/// <summary>Reads who is in the groups of a plan. Asked anew at each rehearsal and when each step begins: people come and go.</summary>
internal sealed class PlanPeople(Groups groups, WaysIn ways)
{
    public async Task<IReadOnlyList<StepPeople>> HandleAsync(IReadOnlyList<PlanStep> steps, CancellationToken cancel)
    {
        var known = (await groups.AllAsync(cancel)).Select(g => g.Id).ToHashSet();
        var seen = new HashSet<PersonId>();
        List<StepPeople> found = [];
        foreach (var step in steps)
        {
            var members = new HashSet<PersonId>();
            foreach (var group in step.Groups)
                members.UnionWith(await groups.MembersAsync(group, cancel));
            var standing = await ways.OfAsync(members, cancel);
            var barred = standing.Where(p => p.Value is WayIn.Disabled or WayIn.Ended).ToDictionary();
            var able = standing.Keys.Where(p => !barred.ContainsKey(p)).ToList();
            var mine = able.Where(seen.Add).OrderBy(p => p.Value).ToList();
            found.Add(new StepPeople(
                mine, barred, [.. mine.Where(p => standing[p] == WayIn.NotInvited)], able.Count - mine.Count, step.Groups.Count(g => !known.Contains(g))));
        }

        return found;
    }
}
