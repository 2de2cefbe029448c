using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Relais.Fieldwork.Exports;

/// <summary>
/// The data part of an SPSS system file: eight bytes an element, compressed by one code byte each (PSPP, "System File Format", Data Record).
/// </summary>
internal sealed class SavValues(Stream to)
{
    private const byte EndOfFile = 252;
    private const byte Verbatim = 253;
    private const byte Spaces = 254;
    private const byte Missing = 255;
    private const int Bias = 100;

    private static readonly DateTime Epoch = new(1582, 10, 14, 0, 0, 0, DateTimeKind.Unspecified);

    private readonly byte[] _codes = new byte[8];
    private readonly byte[] _verbatim = new byte[64];
    private int _verbatimLength;
    private int _count;

    /// <summary>A number; NaN for none.</summary>
    public void Write(double value)
    {
        if (double.IsNaN(value))
        {
            Add(Missing);
        }
        else if (value is >= 1 - Bias and <= 251 - Bias && value == Math.Floor(value) && !(value == 0 && double.IsNegative(value)))
        {
            Add((byte)(value + Bias));
        }
        else
        {
            Span<byte> raw = stackalloc byte[8];
            BinaryPrimitives.WriteDoubleLittleEndian(raw, value);
            Add(Verbatim, raw);
        }
    }

    /// <summary>A text of a variable of this width, in as many elements as that takes, padded with spaces.</summary>
    /// <param name="text">UTF-8, no longer than <paramref name="width"/>.</param>
    /// <param name="width">In bytes; beyond 255 it lies in segments of 252, each rounded up to whole elements.</param>
    public void Write(ReadOnlySpan<byte> text, int width)
    {
        Span<byte> element = stackalloc byte[8];
        foreach (var segment in SavSegments.Of(width))
        {
            var part = text.Length > segment.From ? text[segment.From..Math.Min(text.Length, segment.From + segment.Length)] : [];
            for (var at = 0; at < segment.Elements * 8; at += 8)
            {
                element.Fill((byte)' ');
                if (at < part.Length)
                    part[at..Math.Min(part.Length, at + 8)].CopyTo(element);
                if (element.IndexOfAnyExcept((byte)' ') < 0)
                    Add(Spaces);
                else
                    Add(Verbatim, element);
            }
        }
    }

    /// <summary>Ends the data.</summary>
    public void End()
    {
        Add(EndOfFile);
        while (_count != 0)
            Add(0);
    }

    /// <summary>What a cell is as a number: seconds since 14 October 1582 for a date or a moment; NaN for none or what is no number.</summary>
    public static double Number(string? cell, ExportKind kind)
    {
        if (string.IsNullOrEmpty(cell))
            return double.NaN;
        return kind switch
        {
            ExportKind.Date => DateOnly.TryParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? (day.ToDateTime(TimeOnly.MinValue) - Epoch).TotalSeconds
                : double.NaN,
            ExportKind.Moment => DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? (at.UtcDateTime - Epoch).TotalSeconds
                : double.NaN,
            _ => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN,
        };
    }

    /// <summary>As much of a text as fits, without half a character.</summary>
    public static byte[] Text(string? cell, int width)
    {
        var bytes = Encoding.UTF8.GetBytes(cell ?? "");
        if (bytes.Length <= width)
            return bytes;
        var length = width;
        while (length > 0 && (bytes[length] & 0xC0) == 0x80)
            length--;
        return bytes[..length];
    }

    private void Add(byte code, ReadOnlySpan<byte> verbatim = default)
    {
        _codes[_count++] = code;
        verbatim.CopyTo(_verbatim.AsSpan(_verbatimLength));
        _verbatimLength += verbatim.Length;
        if (_count < 8)
            return;
        to.Write(_codes);
        to.Write(_verbatim.AsSpan(0, _verbatimLength));
        (_count, _verbatimLength) = (0, 0);
    }
}
