using System.Globalization;
using Relais.Audience.Files;
using Relais.Audience.Inputs;

namespace Relais.Audience.Universes;

/// <summary>Reads and checks a file of totals: variable, level, total.</summary>
internal static class ReadMargins
{
    public static IReadOnlyList<MarginTotal>? From(Func<Stream> open, ImportFaults faults, CancellationToken cancel)
    {
        using var table = CsvTable.Open(new TableSource("", open), faults);
        if (table is null)
            return null;
        var (variable, level, total) = (table.Column("variable"), table.Column("level"), table.Column("total"));
        if (faults.Count > 0)
            return null;
        var margins = new List<MarginTotal>();
        var seen = new HashSet<(string, string)>();
        foreach (var row in table)
        {
            cancel.ThrowIfCancellationRequested();
            var (name, cell, text) = (row.Answer(variable).ToString(), row.Answer(level).ToString(), row.Answer(total).ToString());
            if (name.Length == 0)
                faults.Add(row.Line, "variable", "value-missing");
            else if (cell.Length > 0 && name.Count(c => c == '*') != cell.Count(c => c == '*'))
                faults.Add(row.Line, "level", "cell-parts", name, cell);
            else if (!seen.Add((name, cell)))
                faults.Add(row.Line, "level", "total-twice", name, cell);
            else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
                faults.Add(row.Line, "total", text.Contains(',', StringComparison.Ordinal) ? "number-comma" : "number", text);
            else if (number < 0)
                faults.Add(row.Line, "total", "total-negative", text);
            else
                margins.Add(new MarginTotal(name, cell, number));
        }

        if (margins.Count == 0 && faults.Count == 0)
            faults.Add(null, null, "no-rows");
        AddSums(margins, faults);
        return faults.Count > 0 ? null : margins;
    }

    // Every margin counts the same people.
    private static void AddSums(List<MarginTotal> margins, ImportFaults faults)
    {
        var sums = margins.Where(m => m.Level.Length > 0).GroupBy(m => m.Variable, StringComparer.Ordinal).Select(m => (m.Key, Sum: m.Sum(t => t.Total))).ToList();
        foreach (var (name, sum) in sums.Skip(1))
        {
            if (Math.Abs(sum - sums[0].Sum) > 1e-9 * Math.Max(sum, sums[0].Sum))
                faults.Add(null, "total", "sums", name, sum.ToString("N2", CultureInfo.CurrentCulture), sums[0].Key, sums[0].Sum.ToString("N2", CultureInfo.CurrentCulture), Math.Abs(sum - sums[0].Sum).ToString("N2", CultureInfo.CurrentCulture));
        }
    }
}
