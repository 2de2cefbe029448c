using System.Globalization;
using System.Text;
using nietras.SeparatedValues;

namespace Relais.Audience.Files;

/// <summary>
/// A table read row by row in constant memory: CSV in UTF-8 with or without byte order mark (a <c>.gz</c> is opened on the way), separated by
/// comma, semicolon, tab or bar, which is seen from the header; or Parquet. Use: <c>foreach (var row in table)</c>, once.
/// </summary>
internal sealed class CsvTable : IDisposable
{
    private const int RowsPerLook = 1024;

    private readonly TableSource _source;
    private readonly OpenTable _open;
    private readonly SepReader _rows;
    private readonly ITableFaults _faults;
    private readonly Progress? _progress;
    private readonly int _width;
    private int _untilLook = RowsPerLook;
    private long _next = 2;

    private CsvTable(TableSource source, OpenTable open, SepReader rows, char separator, bool decimalComma, ITableFaults faults, Progress? progress)
    {
        (_source, _open, _rows, Separator, DecimalComma, _faults, _progress) = (source, open, rows, separator, decimalComma, faults, progress);
        Columns = rows.Header.ColNames;
        _width = Columns.Count;
    }

    /// <summary>The file's name, as it was given.</summary>
    public string Path => _source.Name;

    /// <summary>The header's names, in the file's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    public char Separator { get; }

    /// <summary>Whether numbers are written 1,5: never guessed, because 1,234 may be meant either way.</summary>
    public bool DecimalComma { get; }

    /// <summary>About how many rows there are, told from the length of the first; 0 when it cannot be told. At most a hundred million.</summary>
    public int ExpectedRows { get; private init; }

    /// <summary>Rows read so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Where the current row begins in the file, from 1; in Parquet, where rows have no lines, as if the names stood on the first.</summary>
    public long Line => _open.IsParquet ? Rows + 1 : _rows.Current.LineNumberFrom;

    public CsvRow Current => new(this, _rows.Current);

    /// <exception cref="BadFileException">It is not there, empty, or not such a file; so do rows that are wrong.</exception>
    public static CsvTable Open(string path, bool decimalComma = false, Progress? progress = null) =>
        Open(TableSource.File(path), new RefusedTable(path), decimalComma, progress) ?? throw new InvalidOperationException($"{path} is refused without words.");

    /// <returns>Null when there is nothing to read; the faults say why.</returns>
    public static CsvTable? Open(TableSource source, ITableFaults faults, bool decimalComma = false, Progress? progress = null)
    {
        OpenTable? open = null;
        try
        {
            var isParquet = source.IsParquet();
            if ((isParquet ? ',' : SeparatorOf(source, faults)) is not { } separator)
                return null;
            var expected = isParquet ? 0 : TextFile.CountLines(source);
            open = source.OpenTable(isParquet);
            var rows = Sep.New(separator).Reader(o => o with { Unescape = true, Trim = SepTrim.Outer, DisableColCountCheck = true, ColNameComparer = StringComparer.Ordinal, InitialBufferLength = 1 << 15 }).From(open.Text);
            return new CsvTable(source, open, rows, separator, decimalComma, faults, progress) { ExpectedRows = expected };
        }
        catch (Exception e) when (IsOfTheFile(e, source))
        {
            open?.Dispose();
            Tell(e, source, faults);
            return null;
        }
        catch
        {
            open?.Dispose();
            throw;
        }
    }

    /// <summary>The position of a column that must be there; -1 when it is not and the faults went on.</summary>
    public int Column(string name)
    {
        if (Find(name) is var at && at < 0)
            _faults.Add(1, name, TableFault.ColumnMissing, name, string.Join(", ", Columns));
        return at;
    }

    /// <summary>The position of a column, or -1.</summary>
    public int Find(string name) => _rows.Header.TryIndexOf(name, out var at) ? at : -1;

    public CsvTable GetEnumerator() => this;

    public bool MoveNext()
    {
        while (Advance())
        {
            Rows++;
            var row = _rows.Current;
            _next = row.LineNumberToExcl;
            if (--_untilLook == 0)
                Look();
            // An odd number of quotation marks is an open one: only then can the file's end be within a value.
            if ((row.Span.Count('"') & 1) != 0)
                _faults.Add(Line, null, TableFault.QuoteOpen, Text(Line));
            else if (row.ColCount == _width)
                return true;
            else if (row.ColCount == 1 && row.Span.IsWhiteSpace())
                _faults.Add(Line, null, TableFault.LineEmpty);
            else
                _faults.Add(Line, null, TableFault.Width, Text(row.ColCount), Text(_width), Separator.ToString());
        }

        return false;
    }

    public void Dispose()
    {
        _rows.Dispose();
        _open.Dispose();
    }

    private bool Advance()
    {
        try
        {
            if (_rows.MoveNext())
                return true;
            _progress?.Done();
        }
        catch (Exception e) when (IsOfTheFile(e, _source))
        {
            Tell(e, _source, _faults);
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidDataException)
        {
            _faults.Add(_next, null, TableFault.QuoteOpen, Text(_next));
        }

        return false;
    }

    private void Look()
    {
        _untilLook = RowsPerLook;
        _progress?.At(_open.Bytes.Position, _open.Bytes.Length, Rows);
    }

    private static bool IsOfTheFile(Exception e, TableSource source) =>
        e is DecoderFallbackException or ParquetException || (e is InvalidDataException && source.IsCompressed);

    private static void Tell(Exception e, TableSource source, ITableFaults faults)
    {
        if (e is ParquetException parquet)
            faults.Add(null, parquet.Column, parquet.Column is null ? TableFault.ParquetDamaged : TableFault.ParquetColumn, parquet.Column ?? "");
        else if (e is DecoderFallbackException)
            TextFile.TellEncoding(source, faults);
        else
            faults.Add(null, null, TableFault.CompressedDamaged);
    }

    // Sep guesses too, but not that a decimal comma in a header row of numbers is none of ours.
    private static char? SeparatorOf(TableSource source, ITableFaults faults)
    {
        using var bytes = source.Open();
        using var text = TextFile.Read(source.Plain(bytes), 1 << 12);
        var line = text.ReadLine();
        if (string.IsNullOrWhiteSpace(line))
            faults.Add(null, null, TableFault.Empty);
        else if (line.Contains('\0', StringComparison.Ordinal))
            TextFile.TellEncoding(source, faults);
        else if (TextFile.Names(line).GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            faults.Add(1, twice.Key.Length == 0 ? null : twice.Key, TableFault.ColumnTwice);
        else
            return TextFile.SeparatorOf(line);
        return null;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
