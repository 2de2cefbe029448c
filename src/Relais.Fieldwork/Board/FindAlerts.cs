using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Forecasts;
using Relais.Fieldwork.Productivity;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Board;

/// <summary>What a supervisor should look at, with its reason. Nothing is said of people where chance alone would explain it.</summary>
internal static class FindAlerts
{
    /// <summary>Without a sign for so long, whoever has a case is silent.</summary>
    public static readonly TimeSpan Silent = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(45);

    // Whoever works as the others do has no interview in calls that should bring so many once in a hundred times: exp(-4.6).
    private const double LongWithout = 4.6;

    private const int FewestRefusals = 5;
    private const int FewestOfNearlyFull = 10;

    public static List<BoardAlert> Of(
        IReadOnlyList<PersonAtWork> people, IReadOnlyDictionary<string, long> states, IReadOnlyList<CellLine> cells, WaveOutlook? outlook, IReadOnlyList<string> absent, int missed, DateTimeOffset now)
    {
        var alerts = new List<BoardAlert>();
        alerts.AddRange(cells.Where(c => c.Hard && c.Completed > c.Target).Select(c => new BoardAlert("overshoot", c.Values)));
        if (states[nameof(CaseState.Ready)] == 0 && states.Values.Sum() > 0)
            alerts.Add(new BoardAlert("no-cases"));
        alerts.AddRange(people.Where(p => now - p.SeenAt > Silent).Select(p => new BoardAlert("silent", p.Name)));
        alerts.AddRange(people.Where(p => now - p.Since > Long && !(now - p.SeenAt > Silent)).Select(p => new BoardAlert("long", p.Name)));
        alerts.AddRange(absent.Select(name => new BoardAlert("absent", name)));
        if (missed > 0)
            alerts.Add(new BoardAlert("missed", missed));
        alerts.AddRange(Late(outlook));
        alerts.AddRange(cells.Where(c => c.Closed && c.Completed < c.Target).Select(c => new BoardAlert("cell-closed", c.Values, c.Completed, c.Target)));
        alerts.AddRange(cells.Where(c => c is { Hard: true, Shut: false, Target: >= FewestOfNearlyFull } && (c.Completed + c.Reserved) * 10 >= c.Target * 9)
            .Select(c => new BoardAlert("cell-nearly", c.Values, c.Completed, c.Reserved, c.Target)));
        alerts.AddRange(Refusals(people));
        alerts.AddRange(Without(people));
        return alerts;
    }

    /// <summary>Targets of today that will not be reached, also when the pace was only low by chance.</summary>
    public static IEnumerable<BoardAlert> LateToday(int completed, int? target, WaveOutlook? outlook)
    {
        if (outlook is null)
            yield break;
        if (target is > 0 and var wanted && outlook.Today(completed, wanted) is { Sure: true } late)
            yield return new BoardAlert("day-late", late.Missing, completed, wanted, late.PerHour, outlook.HoursLeftToday);
        foreach (var cell in outlook.Cells)
        {
            if (cell is { DayTarget: > 0 and var day, Cell: { Shut: false, Values: var values } } && outlook.Today(cell.DoneToday, day) is { Sure: true } behind)
                yield return new BoardAlert("cell-day-late", values, behind.Missing, cell.DoneToday, day, behind.PerHour, outlook.HoursLeftToday);
        }
    }

    /// <summary>Calls whose voices are bad now, with the likely cause.</summary>
    public static IEnumerable<BoardAlert> Voices(IReadOnlyList<PersonAtWork> people, IReadOnlyList<BadVoice> bad) =>
        people.Join(bad, p => p.Person, b => b.Person, (p, b) => new BoardAlert($"voice-{b.Cause}", p.Name));

    private static IEnumerable<BoardAlert> Late(WaveOutlook? outlook)
    {
        foreach (var cell in outlook?.Cells ?? [])
        {
            if (cell is { CasesLeft: 0, Cell: { Shut: false, Reserved: 0 } line } && line.Completed < line.Target)
                yield return new BoardAlert("cell-no-cases", line.Values, line.Completed, line.Target);
            else if (cell.Forecast is { Sure: true } late)
                yield return new BoardAlert(late.Reason == ForecastReason.Cases ? "cell-late-cases" : "cell-late", cell.Cell.Values, late.Missing, cell.Cell.Completed, cell.Cell.Target, late.PerHour, outlook?.HoursLeft ?? 0, cell.CasesLeft ?? 0);
        }
    }

    // Beside what the others' rate would give for the same contacts.
    private static IEnumerable<BoardAlert> Refusals(IReadOnlyList<PersonAtWork> people)
    {
        var (refused, contacts) = (people.Sum(p => p.Refused), people.Sum(p => p.Contacts));
        foreach (var person in people.Where(p => p.Refused >= FewestRefusals && contacts > p.Contacts))
        {
            var peers = (double)(refused - person.Refused) / (contacts - person.Contacts);
            if (new EventRatio(person.Refused, Math.Max(peers * person.Contacts, 0.5)).Interval(EventRatio.Strict) is { Low: > 1 })
                yield return new BoardAlert("refusals", person.Name, person.Refused, person.Contacts, peers);
        }
    }

    private static IEnumerable<BoardAlert> Without(IReadOnlyList<PersonAtWork> people)
    {
        var (completed, calls) = (people.Sum(p => p.Completed), people.Sum(p => p.Calls));
        return calls == 0 ? [] : people.Where(p => p.CallsSince * (double)completed / calls >= LongWithout).Select(p => new BoardAlert("without", p.Name, p.CallsSince));
    }
}
