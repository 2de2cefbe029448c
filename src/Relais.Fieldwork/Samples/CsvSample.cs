using System.Text;
using nietras.SeparatedValues;

namespace Relais.Fieldwork.Samples;

/// <summary>A sample as CSV in UTF-8, its separator (comma, semicolon, tab or bar) seen from the header.</summary>
internal sealed class CsvSample : SampleTable
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly LineFaults _faults;
    private readonly StreamReader _text;
    private readonly SepReader _rows;

    private CsvSample(LineFaults faults, StreamReader text, SepReader rows)
    {
        (_faults, _text, _rows) = (faults, text, rows);
        Columns = rows.Header.ColNames;
    }

    public override IReadOnlyList<string> Columns { get; }

    /// <summary>The line of the current row, from 1.</summary>
    public override long Line => _rows.Current.LineNumberFrom;

    /// <returns>Null when there is nothing to read; the faults say why.</returns>
    public static new CsvSample? Open(Func<Stream> open, LineFaults faults)
    {
        var text = new StreamReader(open(), Strict, detectEncodingFromByteOrderMarks: true, 1 << 16);
        try
        {
            var rows = Sep.Reader(o => o with { Unescape = true, Trim = SepTrim.Outer, DisableColCountCheck = true, ColNameComparer = StringComparer.OrdinalIgnoreCase }).From(text);
            if (!rows.IsEmpty && rows.HasHeader && rows.Header.ColNames.Any(c => !string.IsNullOrWhiteSpace(c)))
                return new CsvSample(faults, text, rows);
            rows.Dispose();
            faults.Add(new LineFault(null, null, "empty"));
        }
        catch (DecoderFallbackException)
        {
            faults.Add(new LineFault(1, null, "encoding"));
        }
        catch (ArgumentException)
        {
            faults.Add(new LineFault(1, null, "column-twice"));
        }

        text.Dispose();
        return null;
    }

    public override bool Next()
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
                _faults.Add(new LineFault(null, null, "encoding"));
                return false;
            }
            catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidDataException)
            {
                _faults.Add(new LineFault(null, null, "quote-open"));
                return false;
            }

            if (_rows.Current.ColCount == Columns.Count)
                return true;
            _faults.Add(new LineFault(Line, null, "width", $"{_rows.Current.ColCount} / {Columns.Count}"));
        }
    }

    public override ReadOnlySpan<char> Text(int column) => column < 0 ? [] : _rows.Current[column].Span;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rows.Dispose();
            _text.Dispose();
        }

        base.Dispose(disposing);
    }
}
