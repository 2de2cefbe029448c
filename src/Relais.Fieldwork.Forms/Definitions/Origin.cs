using System.Globalization;

namespace Relais.Fieldwork.Forms.Definitions;

/// <summary>Where something was written: a cell of a workbook, or a line of an XForm.</summary>
/// <param name="Sheet">The sheet's name as its author wrote it; empty for a line of XML.</param>
/// <param name="Row">Row of the sheet or line of the XML, from 1; 0 when it is about the whole sheet or file.</param>
/// <param name="Column">Column of the sheet or place in the line, from 1; 0 when it is about the whole row.</param>
public sealed record Origin(string Sheet, int Row, int Column)
{
    /// <summary>The whole file.</summary>
    public static Origin File { get; } = new("", 0, 0);

    /// <summary>The same row, another column.</summary>
    public Origin At(int column) => this with { Column = column };

    /// <summary><c>survey!C12</c>, <c>survey!12</c>, <c>survey</c>, or <c>12:3</c> for line 12, place 3 of an XForm; empty for the whole file.</summary>
    public override string ToString() => (Sheet, Row, Column) switch
    {
        ("", 0, _) => "",
        ("", _, _) => string.Create(CultureInfo.InvariantCulture, $"{Row}:{Column}"),
        (_, 0, _) => Sheet,
        (_, _, 0) => string.Create(CultureInfo.InvariantCulture, $"{Sheet}!{Row}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Sheet}!{ColumnName(Column)}{Row}"),
    };

    /// <summary>A, B, ... Z, AA, ... as a spreadsheet names its columns.</summary>
    /// <param name="column">From 1.</param>
    public static string ColumnName(int column)
    {
        var name = "";
        for (var left = column; left > 0; left = (left - 1) / 26)
            name = (char)('A' + ((left - 1) % 26)) + name;
        return name;
    }
}
