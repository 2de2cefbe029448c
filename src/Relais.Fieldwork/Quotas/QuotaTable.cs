using System.Text;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Quotas;

/// <summary>
/// A quota as people keep it in a spreadsheet: a header of variables, the last column the target, a line a cell. Separated by tab (as pasted), semicolon,
/// comma or bar.
/// </summary>
internal static class QuotaTable
{
    public const int LongestBytes = 4 << 20;

    private static readonly string[] TargetNames = ["objectif", "objectifs", "cible", "effectif", "quota", "target"];

    /// <returns>The cells, and what is wrong by line and column: then the cells are not whole.</returns>
    public static (List<CellFields> Cells, IReadOnlyList<LineFault> Faults) Read(string text)
    {
        var faults = new LineFaults();
        var cells = new List<CellFields>();
        // Pasted lines end anyhow, and may begin with empty ones.
        var plain = text.ReplaceLineEndings("\n").Trim('\n', ' ');
        using var table = SampleTable.Open(() => new MemoryStream(Encoding.UTF8.GetBytes(plain + "\n")), faults);
        if (table is null)
            return (cells, faults.First);
        var target = table.Columns.ToList().FindLastIndex(c => TargetNames.Contains(c.Trim().ToLowerInvariant()));
        if (target < 0)
            faults.Add(new LineFault(1, null, "target-missing", string.Join(", ", table.Columns)));
        else if (table.Columns.Count == 1)
            faults.Add(new LineFault(1, null, "variables-none"));
        else
            ReadLines(table, target, cells, faults);
        if (faults.Count == 0 && cells.Count == 0)
            faults.Add(new LineFault(null, null, "empty"));
        return (cells, faults.First);
    }

    private static void ReadLines(SampleTable table, int target, List<CellFields> cells, LineFaults faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (table.Next() && cells.Count <= EditQuotas.MostCells)
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < table.Columns.Count; i++)
            {
                var value = table.Text(i).Trim().ToString();
                if (i == target)
                    continue;
                if (value.Length == 0)
                    faults.Add(new LineFault(table.Line, table.Columns[i], "value-empty"));
                values[table.Columns[i].Trim()] = value;
            }

            var text = table.Text(target).Trim().ToString();
            if (FormFields.Whole(text) is not { } number || number > EditQuotas.MostTarget)
                faults.Add(new LineFault(table.Line, table.Columns[target], "target", text));
            else if (!seen.Add(string.Join('\n', values.Values)))
                faults.Add(new LineFault(table.Line, null, "twice", string.Join(" · ", values.Values)));
            else
                cells.Add(new CellFields(values, number));
        }

        if (cells.Count > EditQuotas.MostCells)
            faults.Add(new LineFault(null, null, "many"));
    }

    /// <summary>Every combination of the values of these variables, the last one changing fastest.</summary>
    /// <returns>Null: more than <paramref name="most"/>.</returns>
    public static IReadOnlyList<IReadOnlyList<string>>? Combinations(IReadOnlyList<IReadOnlyList<string>> values, int most)
    {
        if (values.Aggregate(1L, (product, v) => Math.Min(product * v.Count, int.MaxValue)) > most)
            return null;
        IEnumerable<IReadOnlyList<string>> all = [[]];
        foreach (var variable in values)
            all = all.SelectMany(_ => variable, (before, value) => (IReadOnlyList<string>)[.. before, value]).ToList();
        return [.. all];
    }
}
