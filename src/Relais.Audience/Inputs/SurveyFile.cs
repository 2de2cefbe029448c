using System.Text;
using System.Text.Unicode;
using nietras.SeparatedValues;

namespace Relais.Audience.Inputs;

/// <summary>
/// A file of a survey, read row by row: CSV in UTF-8, its separator (comma, semicolon, tab or bar) seen from the header, or Parquet. What is wrong with
/// it goes to the faults; after the first that concerns the file as a whole, there is nothing to read.
/// </summary>
internal sealed class SurveyFile : IDisposable
{
    /// <summary>Longest that a page takes. Larger ones are for the command line, or for several waves.</summary>
    public const long LongestBytes = 512L << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Func<Stream> _open;
    private readonly ImportFaults _faults;
    private readonly StreamReader _text;
    private readonly SepReader _rows;

    private SurveyFile(Func<Stream> open, ImportFaults faults, StreamReader text, SepReader rows)
    {
        (_open, _faults, _text, _rows) = (open, faults, text, rows);
        Columns = rows.Header.ColNames;
    }

    public IReadOnlyList<string> Columns { get; }

    public long Rows { get; private set; }

    /// <summary>The line of the current row, from 1.</summary>
    public long Line => _rows.Current.LineNumberFrom;

    /// <param name="open">Opens the bytes from their beginning; called again to find a byte that is not UTF-8.</param>
    /// <returns>Null when there is nothing to read; the faults say why.</returns>
    public static SurveyFile? Open(Func<Stream> open, ImportFaults faults)
    {
        StreamReader? text = null;
        try
        {
            text = new StreamReader(OpenText(open), Strict, detectEncodingFromByteOrderMarks: true, 1 << 16);
            var rows = Sep.Reader(o => o with { Unescape = true, Trim = SepTrim.Outer, DisableColCountCheck = true, ColNameComparer = StringComparer.Ordinal }).From(text);
            if (rows.IsEmpty || !rows.HasHeader || rows.Header.ColNames.All(string.IsNullOrWhiteSpace))
                faults.Add(null, null, "empty");
            else
                return new SurveyFile(open, faults, text, rows);
            rows.Dispose();
        }
        catch (DecoderFallbackException)
        {
            AddEncoding(open, faults);
        }
        catch (ParquetException e)
        {
            AddParquet(e, faults);
        }
        catch (ArgumentException)
        {
            faults.Add(1, null, "column-twice");
        }

        text?.Dispose();
        return null;
    }

    private static Stream OpenText(Func<Stream> open)
    {
        using (var head = open())
        {
            if (!ParquetText.Begins(head))
                return open();
        }

        var bytes = open();
        if (bytes.CanSeek)
            return ParquetText.Open(bytes);
        // Its directory stands at its end. What is kept in the database is unpacked on the way: Parquet is small, being packed itself.
        using (bytes)
        {
            var whole = new MemoryStream();
            bytes.CopyTo(whole);
            whole.Position = 0;
            return ParquetText.Open(whole);
        }
    }

    private static void AddParquet(ParquetException e, ImportFaults faults)
    {
        if (e.Column is { } column)
            faults.Add(null, column, "parquet-column", column);
        else
            faults.Add(null, null, "parquet-damaged");
    }

    /// <summary>The position of a column that must be there; -1 and a fault when it is not.</summary>
    public int Column(string name)
    {
        if (_rows.Header.TryIndexOf(name, out var at))
            return at;
        _faults.Add(1, name, "column-missing", name, string.Join(", ", Columns));
        return -1;
    }

    public bool Next()
    {
        while (true)
        {
            try
            {
                if (!_rows.MoveNext())
                    return false;
            }
            catch (DecoderFallbackException)
            {
                AddEncoding(_open, _faults);
                return false;
            }
            catch (ParquetException e)
            {
                AddParquet(e, _faults);
                return false;
            }
            catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidDataException)
            {
                _faults.Add(null, null, "quote-open", $"{Rows + 1}");
                return false;
            }

            Rows++;
            var row = _rows.Current;
            if (row.ColCount == Columns.Count)
                return true;
            if (row.ColCount == 1 && row.Span.IsWhiteSpace())
                _faults.Add(row.LineNumberFrom, null, "line-empty");
            else
                _faults.Add(row.LineNumberFrom, null, "width", $"{row.ColCount}", $"{Columns.Count}");
        }
    }

    /// <summary>What stands in a column of the current row; empty when missing, also for R's NA.</summary>
    public ReadOnlySpan<char> Text(int column) => _rows.Current[column].Span is var span && span is "NA" ? [] : span;

    public void Dispose()
    {
        _rows.Dispose();
        _text.Dispose();
    }

    private static void AddEncoding(Func<Stream> open, ImportFaults faults)
    {
        using var bytes = new BufferedStream(open(), 1 << 16);
        var line = new List<byte>();
        long number = 1;
        for (int read; (read = bytes.ReadByte()) >= 0;)
        {
            if (read != '\n')
            {
                line.Add((byte)read);
                continue;
            }

            if (!Utf8.IsValid(line.ToArray()))
                break;
            line.Clear();
            number++;
        }

        faults.Add(number, null, "encoding");
    }
}
