using System.Globalization;
using nietras.SeparatedValues;

namespace Relais.Audience.Files;

/// <summary>One row of a <see cref="CsvTable"/>, good until the next.</summary>
internal readonly ref struct CsvRow
{
    private readonly CsvTable _table;
    private readonly SepReader.Row _row;

    public CsvRow(CsvTable table, SepReader.Row row)
    {
        _table = table;
        _row = row;
    }

    /// <summary>Where it begins in the file, from 1.</summary>
    public long Line => _table.Line;

    /// <summary>What stands in a column, without quotation marks, and without spaces at its ends; empty when missing.</summary>
    public ReadOnlySpan<char> Text(int column) => _row[column].Span.Trim(' ');

    /// <summary>Whether nothing stands there, or R's NA.</summary>
    public bool Missing(int column) => Text(column) is [] or "NA";

    /// <summary>What stands in a column; empty when missing, also for R's NA.</summary>
    public ReadOnlySpan<char> Answer(int column) => Text(column) is var text && text is "NA" ? [] : text;

    /// <summary>What stands in a column where something must.</summary>
    public ReadOnlySpan<char> Required(int column)
    {
        var text = Text(column);
        return text is [] or "NA" ? throw MissingValue(column) : text;
    }

    /// <summary>A finite number where one must be.</summary>
    public double Number(int column)
    {
        var text = Text(column);
        return TryNumber(text, out var number) ? number : throw NotANumber(column, text);
    }

    /// <summary>A finite number, or NaN when the value is missing.</summary>
    public double NumberOrNaN(int column) => Missing(column) ? double.NaN : Number(column);

    /// <summary>What to throw about this place.</summary>
    public BadFileException Bad(int column, string problem, string remedy) => new(_table.Path, Line, _table.Columns[column], problem, remedy);

    private bool TryNumber(ReadOnlySpan<char> text, out double number)
    {
        if (_table.DecimalComma && text.IndexOf(',') is var comma and >= 0 && text.Length <= 64)
        {
            Span<char> pointed = stackalloc char[text.Length];
            text.CopyTo(pointed);
            if (pointed.Contains('.'))
            {
                number = 0;
                return false;
            }

            pointed[comma] = '.';
            return double.TryParse(pointed, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    private BadFileException MissingValue(int column) =>
        Bad(column, "the value is missing", "Fill it in, or remove the respondent: nothing is guessed for them.");

    private BadFileException NotANumber(int column, ReadOnlySpan<char> text)
    {
        if (text is [] or "NA")
            return MissingValue(column);
        var shown = text.Length > 40 ? $"{text[..40]}..." : text.ToString();
        return text.Contains(',') && !_table.DecimalComma
            ? Bad(column, $"\"{shown}\" is not a number", "If the comma is a decimal comma, add --decimal comma; otherwise write the number with a point and without separators of thousands.")
            : Bad(column, $"\"{shown}\" is not a number", "Write it like 1234.5, without spaces, units or separators of thousands.");
    }
}
