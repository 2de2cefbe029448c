using System.Globalization;
using System.Text;

namespace Relais.Fieldwork.Exports;

/// <summary>
/// The dictionary of an SPSS system file: what comes before the data. Little-endian, UTF-8, names up to 64 bytes
/// (PSPP, "System File Format": https://www.gnu.org/software/pspp/pspp-dev/html_node/System-File-Format.html).
/// </summary>
internal sealed class SavDictionary(BinaryWriter to, IReadOnlyList<SavVariable> variables)
{
    private const int NumberFormat = 5;
    private const int TextFormat = 1;
    private const int DateFormat = 39; // SDATE, yyyy/mm/dd
    private const int MomentFormat = 22; // DATETIME
    private const int LongestLabel = 255;
    private const int LongestCodeLabel = 120;

    public void Write(string title, long cases, DateTimeOffset at)
    {
        WriteHeader(title, cases, at);
        foreach (var variable in variables)
            WriteVariable(variable);
        foreach (var variable in variables.Where(v => v.Codes.Count > 0 && v.Width <= 8))
            WriteCodes(variable);
        WriteMachine();
        WriteSets();
        WriteDisplay();
        WriteText(13, string.Join('\t', variables.Select(v => $"{v.ShortName}={v.Name}")));
        if (variables.Any(v => v.Width > SavSegments.Short))
            WriteText(14, string.Concat(variables.Where(v => v.Width > SavSegments.Short).Select(v => $"{v.ShortName}={v.Width:D5}\0\t")));
        WriteExtension(16, 8, 2);
        to.Write(1L);
        to.Write(cases);
        WriteText(20, "UTF-8");
        WriteLongCodes();
        to.Write(999);
        to.Write(0);
    }

    private void WriteHeader(string title, long cases, DateTimeOffset at)
    {
        to.Write("$FL2"u8);
        WritePadded("@(#) SPSS DATA FILE Relais", 60);
        to.Write(2);
        to.Write(variables.Sum(v => v.Elements));
        to.Write(1);
        to.Write(0);
        to.Write((int)Math.Min(cases, int.MaxValue));
        to.Write(100.0);
        WritePadded(at.UtcDateTime.ToString("dd MMM yy", CultureInfo.InvariantCulture), 9);
        WritePadded(at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture), 8);
        WritePadded(title, 64);
        to.Write(new byte[3]);
    }

    private void WriteVariable(SavVariable variable)
    {
        var first = true;
        var number = 0;
        foreach (var segment in SavSegments.Of(variable.Width))
        {
            to.Write(2);
            to.Write(segment.Width);
            var label = first ? SavValues.Text(variable.Label, LongestLabel) : [];
            to.Write(label.Length > 0 ? 1 : 0);
            to.Write(0);
            var format = Format(variable, segment.Width);
            to.Write(format);
            to.Write(format);
            WritePadded(first ? variable.ShortName : variable.SegmentName(++number), 8);
            if (label.Length > 0)
            {
                to.Write(label.Length);
                to.Write(label);
                Pad(label.Length, 4);
            }

            for (var element = 1; element < segment.Elements; element++)
                WriteContinuation();
            first = false;
        }
    }

    private void WriteContinuation()
    {
        to.Write(2);
        to.Write(-1);
        to.Write(0);
        to.Write(0);
        to.Write(0);
        to.Write(0);
        WritePadded("", 8);
    }

    private static int Format(SavVariable variable, int width) => variable.Kind switch
    {
        ExportKind.Text => (TextFormat << 16) | (width << 8),
        ExportKind.Date => (DateFormat << 16) | (10 << 8),
        ExportKind.Moment => (MomentFormat << 16) | (20 << 8),
        ExportKind.Whole => (NumberFormat << 16) | (12 << 8),
        _ => (NumberFormat << 16) | (16 << 8) | 6,
    };

    private void WriteCodes(SavVariable variable)
    {
        to.Write(3);
        to.Write(variable.Codes.Count);
        foreach (var code in variable.Codes)
        {
            if (variable.Width == 0)
                to.Write(SavValues.Number(code.Value, variable.Kind));
            else
                WritePadded(code.Value, 8);
            var label = SavValues.Text(code.Label, LongestCodeLabel);
            to.Write((byte)label.Length);
            to.Write(label);
            Pad(label.Length + 1, 8);
        }

        to.Write(4);
        to.Write(1);
        to.Write(variable.Place);
    }

    private void WriteMachine()
    {
        WriteExtension(3, 4, 8);
        foreach (var value in (ReadOnlySpan<int>)[20, 0, 0, -1, 1, 1, 2, 65001])
            to.Write(value);
        WriteExtension(4, 8, 3);
        to.Write(-double.MaxValue);
        to.Write(double.MaxValue);
        to.Write(double.BitIncrement(-double.MaxValue));
    }

    // Questions with several answers: $name=D, the counted value, the label, the variables.
    private void WriteSets()
    {
        var sets = variables.Where(v => v.Set is not null).GroupBy(v => v.Set!.Name, StringComparer.Ordinal).ToList();
        if (sets.Count == 0)
            return;
        var text = new StringBuilder();
        foreach (var set in sets)
        {
            var label = Encoding.UTF8.GetString(SavValues.Text(set.First().Set!.Label, LongestLabel));
            text.Append(CultureInfo.InvariantCulture, $"${SavVariable.Legal(set.Key)}=D1 1 {Encoding.UTF8.GetByteCount(label)} {label}");
            foreach (var variable in set)
                text.Append(' ').Append(variable.ShortName.ToLowerInvariant());
            text.Append('\n');
        }

        WriteText(7, text.ToString());
    }

    private void WriteDisplay()
    {
        var segments = variables.SelectMany(v => SavSegments.Of(v.Width).Select(s => (v, s.Width))).ToList();
        WriteExtension(11, 4, segments.Count * 3);
        foreach (var (variable, width) in segments)
        {
            to.Write(variable.Kind is ExportKind.Text || variable.Codes.Count > 0 || variable.Set is not null ? 1 : 3);
            to.Write(variable.Kind is ExportKind.Text ? Math.Clamp(width, 8, 32) : 12);
            to.Write(variable.Kind is ExportKind.Text ? 0 : 1);
        }
    }

    // Labels of texts longer than eight bytes stand in a record of their own.
    private void WriteLongCodes()
    {
        var coded = variables.Where(v => v.Codes.Count > 0 && v.Width > 8).ToList();
        if (coded.Count == 0)
            return;
        using var body = new MemoryStream();
        using var writer = new BinaryWriter(body, Encoding.UTF8);
        foreach (var variable in coded)
        {
            WriteCounted(writer, Encoding.UTF8.GetBytes(variable.Name));
            writer.Write(variable.Width);
            writer.Write(variable.Codes.Count);
            foreach (var code in variable.Codes)
            {
                var padded = new byte[variable.Width];
                Array.Fill(padded, (byte)' ');
                SavValues.Text(code.Value, variable.Width).CopyTo(padded, 0);
                WriteCounted(writer, padded);
                WriteCounted(writer, SavValues.Text(code.Label, LongestCodeLabel));
            }
        }

        writer.Flush();
        WriteExtension(21, 1, (int)body.Length);
        to.Write(body.GetBuffer().AsSpan(0, (int)body.Length));
    }

    private static void WriteCounted(BinaryWriter to, byte[] bytes)
    {
        to.Write(bytes.Length);
        to.Write(bytes);
    }

    private void WriteText(int subtype, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteExtension(subtype, 1, bytes.Length);
        to.Write(bytes);
    }

    private void WriteExtension(int subtype, int size, int count)
    {
        to.Write(7);
        to.Write(subtype);
        to.Write(size);
        to.Write(count);
    }

    private void WritePadded(string text, int length)
    {
        var bytes = SavValues.Text(text, length);
        to.Write(bytes);
        for (var at = bytes.Length; at < length; at++)
            to.Write((byte)' ');
    }

    private void Pad(int length, int multiple)
    {
        for (var at = length; at % multiple != 0; at++)
            to.Write((byte)0);
    }
}
