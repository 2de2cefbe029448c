using System.Text;
using nietras.SeparatedValues;

namespace Relais.Audience.Files;

/// <summary>
/// A CSV file read row by row in constant memory: UTF-8 with or without byte order mark (a <c>.gz</c> is opened on the way), separated by
/// comma, semicolon, tab or bar, which is seen from the header. Use: <c>foreach (var row in table)</c>, once.
/// </summary>
internal sealed class CsvTable : IDisposable
{
    private const int RowsPerLook = 1024;

    private readonly FileStream _file;
    private readonly StreamReader _text;
    private readonly SepReader _rows;
    private readonly Progress? _progress;
    private readonly int _width;
    private int _untilLook = RowsPerLook;

    private CsvTable(string path, FileStream file, StreamReader text, SepReader rows, char separator, bool decimalComma, Progress? progress)
    {
        ExpectedRows = TextFile.CountLines(path);
        (Path, _file, _text, _rows, Separator, DecimalComma, _progress) = (path, file, text, rows, separator, decimalComma, progress);
        Columns = rows.Header.ColNames;
        _width = Columns.Count;
    }

    public string Path { get; }

    /// <summary>The header's names, in the file's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    public char Separator { get; }

    /// <summary>Whether numbers are written 1,5: never guessed, because 1,234 may be meant either way.</summary>
    public bool DecimalComma { get; }

    /// <summary>About how many rows there are, told from the length of the first; 0 when it cannot be told. At most ten million.</summary>
    public int ExpectedRows { get; }

    /// <summary>Rows read so far.</summary>
    public long Rows { get; private set; }

    public CsvRow Current => new(this, _rows.Current);

    /// <exception cref="BadFileException">It is not there, empty, or not such a file.</exception>
    public static CsvTable Open(string path, bool decimalComma = false, Progress? progress = null)
    {
        var separator = Header(path);
        FileStream? file = null;
        StreamReader? text = null;
        try
        {
            file = TextFile.Open(path);
            text = TextFile.Read(path, file);
            var rows = Sep.New(separator).Reader(o => o with { Unescape = true, Trim = SepTrim.Outer, DisableColCountCheck = true, ColNameComparer = StringComparer.Ordinal, InitialBufferLength = 1 << 15 }).From(text);
            return new CsvTable(path, file, text, rows, separator, decimalComma, progress);
        }
        catch (Exception e)
        {
            text?.Dispose();
            file?.Dispose();
            if (e is DecoderFallbackException)
                throw TextFile.WrongEncoding(path);
            throw;
        }
    }

    /// <summary>The position of a column that must be there.</summary>
    public int Column(string name) => Find(name) is var at && at >= 0
        ? at
        : throw new BadFileException(Path, 1, name, "there is no such column", $"The file has: {string.Join(", ", Columns)}. Names are compared letter by letter.");

    /// <summary>The position of a column, or -1.</summary>
    public int Find(string name) => _rows.Header.TryIndexOf(name, out var at) ? at : -1;

    public CsvTable GetEnumerator() => this;

    public bool MoveNext()
    {
        try
        {
            if (!_rows.MoveNext())
            {
                _progress?.Done();
                return false;
            }
        }
        catch (DecoderFallbackException)
        {
            throw TextFile.WrongEncoding(Path);
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidDataException)
        {
            throw new BadFileException(Path, null, null, $"the row after row {Rows} does not end within 16 million characters", "A quotation mark is probably left open there: close it, or double it if it belongs to the text.");
        }

        Rows++;
        var row = _rows.Current;
        if (row.ColCount != _width)
            throw WrongWidth(row);
        if (--_untilLook == 0)
            Look();
        return true;
    }

    public void Dispose()
    {
        _rows.Dispose();
        _text.Dispose();
        _file.Dispose();
    }

    private void Look()
    {
        _untilLook = RowsPerLook;
        _progress?.At(_file.Position, _file.Length, Rows);
    }

    private BadFileException WrongWidth(SepReader.Row row)
    {
        var count = row.ColCount;
        if (count == 1 && row.Span.IsWhiteSpace())
            return new BadFileException(Path, row.LineNumberFrom, null, "the line is empty", "Remove it.");
        var remedy = Separator == ',' && count > _width
            ? "A value that holds a comma needs quotation marks round it; a decimal comma needs a semicolon or tab between the columns (and --decimal comma)."
            : "Give every row as many values as the header has names; a value that holds the separator needs quotation marks round it.";
        return new BadFileException(Path, row.LineNumberFrom, null, $"the row has {count} values and the header {_width}", remedy);
    }

    // Sep guesses too, but not that a decimal comma in a header row of numbers is none of ours.
    private static char Header(string path)
    {
        using var file = TextFile.Open(path);
        using var text = TextFile.Read(path, file);
        string? line;
        try
        {
            line = text.ReadLine();
        }
        catch (DecoderFallbackException)
        {
            throw TextFile.WrongEncoding(path);
        }

        if (string.IsNullOrWhiteSpace(line))
            throw new BadFileException(path, 1, null, "there is no header", "The first line must name the columns.");
        if (line.Contains('\0', StringComparison.Ordinal))
            throw TextFile.WrongEncoding(path);
        var twice = TextFile.Names(line).GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
            throw new BadFileException(path, 1, twice.Length == 0 ? null : twice, twice.Length == 0 ? "several columns have no name" : "the name stands twice in the header", "Give every column a name of its own.");
        return TextFile.SeparatorOf(line);
    }
}
