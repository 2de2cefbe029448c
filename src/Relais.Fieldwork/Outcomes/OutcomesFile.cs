using System.Globalization;
using nietras.SeparatedValues;

namespace Relais.Fieldwork.Outcomes;

/// <summary>A file of outcomes: a line of counts for each case, or a line for each outcome.</summary>
internal abstract record OutcomesFile
{
    private static readonly string[] Groups = ["I", "P", "R", "NC", "O", "UH", "UO", "NE"];

    private OutcomesFile() { }

    public sealed record Good(IReadOnlyList<(string Name, OutcomeCounts Counts)> Cases) : OutcomesFile;

    /// <param name="Line">From 1.</param>
    /// <param name="Problem">What is wrong and what to do.</param>
    public sealed record Bad(int Line, string Problem) : OutcomesFile;

    public static OutcomesFile Read(string text)
    {
        try
        {
            using var rows = Sep.Reader(o => o with { Unescape = true, Trim = SepTrim.Outer, ColNameComparer = StringComparer.OrdinalIgnoreCase }).FromText(text);
            if (!rows.HasHeader || rows.IsEmpty)
                return new Bad(1, "there is nothing in it. It begins with a line of column names: relais rates --help shows them.");
            var columns = rows.Header.ColNames;
            var named = columns.FirstOrDefault(c => c.Equals("case", StringComparison.OrdinalIgnoreCase));
            if (Groups.All(g => columns.Contains(g, StringComparer.OrdinalIgnoreCase)))
                return Wide(rows, named);
            if (columns.FirstOrDefault(c => c.ToLowerInvariant() is "outcome" or "disposition" or "code") is { } outcome)
                return Long(rows, named, outcome, columns.FirstOrDefault(c => c.ToLowerInvariant() is "count" or "n"));
            var missing = Groups.Where(g => !columns.Contains(g, StringComparer.OrdinalIgnoreCase));
            return new Bad(1, $"there is no column {string.Join(", ", missing)}, and none called outcome. relais rates --help shows what is expected.");
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or NotSupportedException)
        {
            return new Bad(1, $"this is no table of values separated by commas, semicolons or tabs ({e.Message.Split('\n')[0]}).");
        }
    }

    private static OutcomesFile Wide(SepReader rows, string? named)
    {
        var cases = new List<(string Name, OutcomeCounts Counts)>();
        Span<long> counts = stackalloc long[8];
        foreach (var row in rows)
        {
            for (var i = 0; i < Groups.Length; i++)
            {
                if (!TryCount(row[Groups[i]].Span, out counts[i]))
                    return new Bad(row.LineNumberFrom, $"{Groups[i]} is \"{row[Groups[i]]}\"; a count is a whole number of zero or more.");
            }

            var (name, sums) = (named is null ? "" : row[named].ToString(), new OutcomeCounts(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7]));
            // A table of expected rates repeats the counts on each of its lines.
            var at = cases.FindIndex(c => c.Name == name);
            if (at < 0 || named is null)
                cases.Add((name, sums));
            else if (cases[at].Counts != sums)
                return new Bad(row.LineNumberFrom, $"the case {name} stands there twice, with other counts. Give each case a name of its own.");
        }

        return new Good(cases);
    }

    private static OutcomesFile Long(SepReader rows, string? named, string outcome, string? count)
    {
        var cases = new Dictionary<string, List<(OutcomeGroup, long)>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var number = 1L;
            if (count is not null && !TryCount(row[count].Span, out number))
                return new Bad(row.LineNumberFrom, $"{count} is \"{row[count]}\"; a count is a whole number of zero or more.");
            if (Group(row[outcome].ToString()) is not { } group)
                return new Bad(row.LineNumberFrom, $"\"{row[outcome]}\" is no outcome: neither a group ({string.Join(", ", Groups)}), nor a code of AAPOR, nor one of Relais.");
            var name = named is null ? "" : row[named].ToString();
            if (!cases.TryGetValue(name, out var counted))
                cases.Add(name, counted = []);
            counted.Add((group, number));
        }

        return new Good([.. cases.Select(c => (c.Key, OutcomeCounts.Of(c.Value)))]);
    }

    private static OutcomeGroup? Group(string text)
    {
        if (Groups.Contains(text, StringComparer.Ordinal))
            return Enum.Parse<OutcomeGroup>(text);
        if (Outcome.Find(text) is { Group: not OutcomeGroup.None } ours)
            return ours.Group;
        // AAPOR's own subdivisions (3.131, 4.313) belong where their beginning belongs.
        return text switch
        {
            _ when text.Length == 0 || text.Any(c => !char.IsAsciiDigit(c) && c != '.') => null,
            _ when Begins("1.1") || text is "1" or "1.0" => OutcomeGroup.I,
            _ when Begins("1.2") => OutcomeGroup.P,
            _ when Begins("2.1") => OutcomeGroup.R,
            _ when Begins("2.2") => OutcomeGroup.NC,
            _ when Begins("2.3") => OutcomeGroup.O,
            _ when Begins("3.1") => OutcomeGroup.UH,
            _ when Begins("3.2") || Begins("3.9") => OutcomeGroup.UO,
            _ when Begins("4.") => OutcomeGroup.NE,
            _ => null,
        };

        bool Begins(string with) => text.StartsWith(with, StringComparison.Ordinal);
    }

    private static bool TryCount(ReadOnlySpan<char> text, out long count) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= 1_000_000_000_000;
}
