using System.Globalization;
using System.Text;

namespace Relais.Fieldwork.Exports;

/// <summary>One variable of an SPSS system file.</summary>
internal sealed class SavVariable
{
    // SPSS's own words, which no variable may be called.
    private static readonly HashSet<string> Reserved =
        new(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"], StringComparer.OrdinalIgnoreCase);

    private SavVariable(ExportColumn column, string name, int ordinal, int place, int width)
    {
        Name = name;
        Label = column.Label;
        Kind = column.Kind;
        Codes = column.Codes;
        Set = column.Set;
        ShortName = string.Create(CultureInfo.InvariantCulture, $"V{ordinal:D6}");
        Ordinal = ordinal;
        Place = place;
        Width = width;
    }

    /// <summary>Up to 64 bytes, unique whatever the case.</summary>
    public string Name { get; }

    /// <summary>What the records of the file call it; readers show <see cref="Name"/>.</summary>
    public string ShortName { get; }

    public string Label { get; }

    public ExportKind Kind { get; }

    public IReadOnlyList<ExportCode> Codes { get; }

    public ExportSet? Set { get; }

    /// <summary>0 for a number, else the bytes that the longest text takes.</summary>
    public int Width { get; }

    /// <summary>Counted from one in elements of eight bytes.</summary>
    public int Place { get; }

    public int Elements => Width == 0 ? 1 : SavSegments.Of(Width).Sum(s => s.Elements);

    private int Ordinal { get; }

    /// <summary>The name of a further segment of a long text.</summary>
    public string SegmentName(int number) => string.Create(CultureInfo.InvariantCulture, $"S{Ordinal % 10000:D4}{number:D3}");

    /// <param name="widths">For each text, the bytes of the longest.</param>
    public static List<SavVariable> Of(IReadOnlyList<ExportColumn> columns, IReadOnlyList<int> widths)
    {
        var (variables, names, place) = (new List<SavVariable>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase), 1);
        for (var i = 0; i < columns.Count; i++)
        {
            var name = Legal(columns[i].Name);
            for (var again = 2; !names.Add(name); again++)
                name = Cut(Legal(columns[i].Name), 60) + string.Create(CultureInfo.InvariantCulture, $"_{again}");
            var width = columns[i].Kind is ExportKind.Text ? Math.Clamp(widths[i], 1, SavSegments.Longest) : 0;
            var variable = new SavVariable(columns[i], name, i + 1, place, width);
            variables.Add(variable);
            place += variable.Elements;
        }

        return variables;
    }

    /// <summary>A name that SPSS takes: letters, digits, dots and underscores, a letter first, no dot or underscore last, no word of its own.</summary>
    public static string Legal(string name)
    {
        var legal = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
            legal.Append(Rune.IsLetterOrDigit(rune) ? rune.ToString() : rune.Value is '.' ? "." : "_");
        var cut = Cut(legal.ToString(), 60).TrimEnd('.', '_');
        if (cut.Length == 0 || !Rune.IsLetter(cut.EnumerateRunes().First()) || Reserved.Contains(cut))
            cut = "v_" + cut;
        return cut.TrimEnd('_');
    }

    private static string Cut(string name, int bytes) => Encoding.UTF8.GetString(SavValues.Text(name, bytes));
}
