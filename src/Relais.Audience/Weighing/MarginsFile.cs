using Relais.Audience.Files;

namespace Relais.Audience.Weighing;

/// <summary>One margin as its file tells it: the variables that it crosses, and a total for each level or for the numeric variable.</summary>
internal sealed class MarginTotals(string name, long line, bool numeric)
{
    /// <summary>R's name for a variable that is 1 for everybody.</summary>
    public const string Everybody = "(Intercept)";

    /// <summary>As in the file: <c>sex</c>, or <c>sex*age</c>.</summary>
    public string Name { get; } = name;

    public IReadOnlyList<string> Variables { get; } = name.Split('*', StringSplitOptions.TrimEntries);

    /// <summary>Where it stands first.</summary>
    public long Line { get; } = line;

    public bool Numeric { get; } = numeric;

    /// <summary>The levels, crossed ones joined by <c>*</c>; those of the sample are added to them.</summary>
    public LevelCodes Levels { get; } = new();

    /// <summary>One a level, or the only one.</summary>
    public List<double> Totals { get; } = [];
}

/// <summary>Margins in CSV: <c>variable,level,total</c>, level empty for a numeric variable, <c>a*b</c> with <c>x*y</c> for crossed ones.</summary>
internal static class MarginsFile
{
    public static List<MarginTotals> Read(string path, bool decimalComma)
    {
        using var table = CsvTable.Open(path, decimalComma);
        var (variable, level, total) = (table.Column("variable"), table.Column("level"), table.Column("total"));
        var margins = new List<MarginTotals>();
        foreach (var row in table)
        {
            var name = row.Required(variable).ToString();
            // NA may be the name of a level here.
            var levelName = string.Join('*', row.Text(level).ToString().Split('*', StringSplitOptions.TrimEntries));
            var margin = margins.Find(m => m.Name == name);
            if (margin is null)
                margins.Add(margin = new MarginTotals(name, row.Line, levelName.Length == 0));
            if (margin.Numeric != (levelName.Length == 0))
                throw row.Bad(level, $"{name} stands with a level on one line and without on another", "A numeric variable has one line, without a level; a categorical one has a level on every line.");
            if (margin.Numeric && margin.Totals.Count > 0)
                throw row.Bad(variable, $"the numeric variable {name} has a second total (the first is on line {margin.Line})", "Keep one of them.");
            if (margin.Numeric && margin.Variables.Count > 1)
                throw row.Bad(level, $"{name} crosses variables and names no level", "Name the cell, such as x*y.");
            if (!margin.Numeric && levelName.Split('*').Length != margin.Variables.Count)
                throw row.Bad(level, $"\"{levelName}\" does not name one level for each of {string.Join(" and ", margin.Variables)}", "Join the levels by *, in the order of the variables; a level may not hold a * itself.");
            if (!margin.Numeric && margin.Levels.Code(levelName) < margin.Totals.Count)
                throw row.Bad(level, $"the level {levelName} of {name} stands twice", "Keep one of the two lines.");
            margin.Totals.Add(row.Number(total));
        }

        if (margins.Count == 0)
            throw new BadFileException(path, null, null, "there is no margin in it", "Give at least one line after the header.");
        return margins;
    }
}
