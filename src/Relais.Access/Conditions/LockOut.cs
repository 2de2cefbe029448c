using System.Net;
using Microsoft.Extensions.Localization;

namespace Relais.Access.Conditions;

/// <summary>When and from where a change would shut out whoever makes it.</summary>
/// <param name="Rule">Which one does it; empty for what comes after the last.</param>
/// <param name="From">Another address than now, from which they have come lately; null for here.</param>
/// <param name="Begins">On the institute's wall clock, within the week that begins now; null for now, and for always.</param>
/// <param name="Ends">When it opens again; null for never.</param>
/// <param name="More">How many more such times the week has.</param>
internal sealed record LockOut(string Rule, IPAddress? From, DateTime? Begins, DateTime? Ends, int More)
{
    public bool IsNow => From is null && Begins is null;
}

/// <summary>Tries rules over a whole week, at every moment at which one begins or ends. A value: nothing here asks a database or a clock.</summary>
internal static class LockOuts
{
    /// <param name="asked">What somebody wants from an address, each with the moment it is now.</param>
    /// <returns>The first time at which any of it is refused by the new rules and was not by the old ones; null when there is none.</returns>
    public static LockOut? Find(RuleSet old, RuleSet rules, IReadOnlyList<Circumstances> asked, bool secondFactor, IPAddress? from)
    {
        var moments = Moments(asked[0].Local, rules.Edges.Concat(old.Edges));
        var shut = moments.ConvertAll(at => ShutBy(rules, asked, at, secondFactor) is { } by && ShutBy(old, asked, at, secondFactor) is null ? by : null);
        var first = shut.FindIndex(by => by is not null);
        if (first < 0)
            return null;
        var end = shut.FindIndex(first, by => by is null);
        var times = shut.Where((by, i) => by is not null && (i == 0 || shut[i - 1] is null)).Count();
        return new LockOut(shut[first] ?? "", from, first == 0 ? null : moments[first], end < 0 ? null : moments[end], times - 1);
    }

    /// <returns>The rule that shuts out; empty for what comes after the last; null when nothing does.</returns>
    public static string? ShutBy(RuleSet rules, IEnumerable<Circumstances> asked, DateTime at, bool secondFactor)
    {
        foreach (var one in asked)
        {
            var verdict = rules.Decide(one with { Local = at });
            if (verdict.Decision == RuleDecision.Refuse || (verdict.Decision == RuleDecision.AskSecondFactor && !secondFactor))
                return verdict.Rule?.Name ?? "";
        }

        return null;
    }

    // Between two of these, no rule begins or ends to hold.
    private static List<DateTime> Moments(DateTime now, IEnumerable<TimeOnly> edges)
    {
        var times = edges.Append(TimeOnly.MinValue).Distinct().ToList();
        var days = Enumerable.Range(0, 8).Select(day => DateOnly.FromDateTime(now).AddDays(day));
        return [now, .. days.SelectMany(day => times.Select(time => day.ToDateTime(time))).Where(at => at > now && at < now.AddDays(7)).Order()];
    }
}

internal static class LockOutWords
{
    public static IReadOnlyList<string> Of(IReadOnlyList<LockOut> found, IStringLocalizer<ConditionsTexts> text) =>
    [
        .. found.Select(one => text[
            "LockOut.Line",
            one.Rule.Length > 0 ? text["LockOut.Rule", one.Rule] : text["LockOut.Default"],
            one.From is { } from ? text["LockOut.From", NetworkRange.Plain(from)] : text["LockOut.Here"],
            When(one, text)].Value),
    ];

    private static string When(LockOut one, IStringLocalizer<ConditionsTexts> text)
    {
        var times = one switch
        {
            { From: null, Begins: null } => text["LockOut.Now"].Value,
            { Begins: null, Ends: null } => text["LockOut.Always"].Value,
            { Begins: { } begins, Ends: { } ends } => text["LockOut.Between", Moment(begins, text), Moment(ends, text)].Value,
            { Begins: { } begins } => text["LockOut.Since", Moment(begins, text)].Value,
            { Ends: { } ends } => text["LockOut.Until", Moment(ends, text)].Value,
        };
        return one.More > 0 && !one.IsNow ? $"{times} {text["LockOut.More", one.More]}" : times;
    }

    private static string Moment(DateTime at, IStringLocalizer<ConditionsTexts> text) => $"{text[$"Day.{RuleHours.DayOf(at)}.Short"]} {RuleFields.Write(TimeOnly.FromDateTime(at))}";
}
