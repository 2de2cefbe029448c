using Relais.Access.Contracts;
using Relais.Desktops.Desktops;

namespace Relais.Desktops.Usage;

/// <summary>What a report is of; every part of it is in the page's address.</summary>
/// <param name="From">Days of UTC, both included.</param>
internal sealed record UsageQuery(
    DateOnly From, DateOnly To, string? Search = null, Guid? Team = null, string? Bundle = null, string? Tag = null, Verdict? Verdict = null)
{
    public const int Days = 30;
    public const int MostDays = 400;

    public bool IsEmpty => Search is null && Team is null && Bundle is null && Tag is null && Verdict is null;

    public DateTimeOffset Start => SumDays.Start(From);

    /// <summary>The first moment that is not in it.</summary>
    public DateTimeOffset End => SumDays.Start(To.AddDays(1));

    /// <summary>The last thirty days where nothing is said.</summary>
    /// <returns>Null when it would end before it begins, or is longer than what is kept.</returns>
    public static UsageQuery? Of(DateOnly? from, DateOnly? to, DateOnly today)
    {
        var last = to ?? today;
        var first = from ?? last.AddDays(1 - Days);
        return first > last || last.DayNumber - first.DayNumber >= MostDays ? null : new UsageQuery(first, last);
    }

    public bool Finds(UsageLine line) =>
        (Search is null || line.Person.Contains(Search, StringComparison.CurrentCultureIgnoreCase))
        && (Team is not { } team || line.Teams.Contains(team)) && (Bundle is null || line.Bundle == Bundle)
        && (Tag is null || DesktopTags.Has(line.Tags, Tag)) && (Verdict is null || line.Verdict == Verdict);
}

/// <summary>Lines that a query finds, and their sums.</summary>
/// <param name="Measured">Whether anything was measured in the period at all, whatever the filter.</param>
/// <param name="Teams">By name; who is in two groups counts in both.</param>
/// <param name="Tags">By name; one with two tags counts in both.</param>
internal sealed record UsageReport(IReadOnlyList<UsageLine> Lines, bool Measured, UsageSum Total, IReadOnlyList<UsageSum> Teams, IReadOnlyList<UsageSum> Tags)
{
    public static UsageReport Of(IReadOnlyList<UsageLine> all, UsageQuery query, IReadOnlyList<GroupCard> teams)
    {
        var found = all.Where(query.Finds).ToList();
        var names = teams.ToDictionary(t => t.Id, t => t.Name);
        return new UsageReport(
            found, all.Any(l => l.HoursThere > 0), Sum("", found),
            By(found, l => [.. l.Teams.Select(t => names.GetValueOrDefault(t, "?"))]), By(found, l => l.Tags));
    }

    // Those of none come last.
    private static List<UsageSum> By(List<UsageLine> lines, Func<UsageLine, IReadOnlyList<string>> namesOf) =>
        [.. lines.SelectMany(l => namesOf(l) is { Count: > 0 } names ? names.Select(n => (Name: n, Line: l)) : [(Name: "", Line: l)])
            .GroupBy(p => p.Name, p => p.Line, StringComparer.OrdinalIgnoreCase)
            .Select(g => Sum(g.Key, [.. g])).OrderBy(s => s.Name.Length == 0).ThenBy(s => s.Name, StringComparer.CurrentCultureIgnoreCase)];

    private static UsageSum Sum(string name, IReadOnlyCollection<UsageLine> lines) => new(
        name, lines.Count, lines.Sum(l => l.RunningHours), lines.Sum(l => l.SessionHours), lines.Sum(l => l.IdleHours),
        lines.Count(l => l.Verdict == Verdict.Unused), lines.Count(l => l.Verdict == Verdict.TooLarge), lines.Count(l => l.Verdict == Verdict.TooSmall),
        lines.Any(l => l.Cost is not null) ? lines.Sum(l => l.Cost ?? 0) : null, lines.Any(l => l.Saved is not null) ? lines.Sum(l => l.Saved ?? 0) : null);
}
