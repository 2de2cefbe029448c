using System.Buffers;
using System.Globalization;
using System.Text;

namespace Relais.Audience.Files;

/// <summary>UTF-8 text in a file, which may be compressed; and where it is not UTF-8.</summary>
internal static class TextFile
{
    private const int BufferBytes = 1 << 16;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static FileStream Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1, FileOptions.SequentialScan);
            if (file.CanSeek)
                return file;
            file.Dispose();
            throw new BadFileException(path, null, null, "this is a pipe", "The beginning is read more than once: save it to a file first.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadFileException(path, null, null, "there is no such file", "Check its name and folder.");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new BadFileException(path, null, null, Directory.Exists(path) ? "this is a folder" : $"it cannot be read ({e.Message})", "Check its name, and who may read it.");
        }
    }

    public static StreamReader Read(Stream plain, int bufferBytes) => new(plain, Strict, detectEncodingFromByteOrderMarks: true, bufferBytes);

    /// <summary>About how many lines a file has, by the length of its first ones; 0 when that cannot be told.</summary>
    public static int CountLines(TableSource source)
    {
        if (source.IsCompressed)
            return 0;
        using var file = source.Open();
        if (!file.CanSeek)
            return 0;
        Span<byte> first = stackalloc byte[1 << 14];
        first = first[..file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
        var lines = first.Count((byte)'\n');
        // A little more than the first lines say: later ids are longer, but not by much.
        return lines == 0 ? 0 : (int)Math.Min(100_000_000, 1.02 * file.Length / first.Length * lines + 16);
    }

    /// <summary>Looks for the first byte that is not UTF-8, to say where it is.</summary>
    public static void TellEncoding(TableSource source, ITableFaults faults)
    {
        using var file = source.Open();
        using var bytes = source.Plain(file);
        using var all = new BufferedLines(bytes);
        string[] columns = [];
        while (all.Next(out var line))
        {
            // Names that are ASCII are right in any encoding, and others are shown as well as can be.
            if (all.Number == 1)
                columns = Names(Encoding.Latin1.GetString(line));
            if (FirstInvalid(line) is not (>= 0 and var at))
                continue;
            if (line[at] == 0)
                break;
            var column = all.Number == 1 ? null : ColumnOf(line[..at], columns);
            faults.Add(all.Number, column, TableFault.Encoding, (at + 1).ToString(CultureInfo.InvariantCulture), line[at].ToString("X2", CultureInfo.InvariantCulture));
            return;
        }

        faults.Add(1, null, TableFault.Encoding);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> line)
    {
        var at = 0;
        while (at < line.Length)
        {
            if (Rune.DecodeFromUtf8(line[at..], out var rune, out var used) != OperationStatus.Done || rune.Value == 0)
                return at;
            at += used;
        }

        return -1;
    }

    private static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>What separates the names of a header: whichever of comma, semicolon, tab and bar is there most often.</summary>
    public static char SeparatorOf(string header) => Separators.MaxBy(s => header.Count(c => c == s));

    public static string[] Names(string header) => [.. header.Split(SeparatorOf(header)).Select(n => n.Trim().Trim('"'))];

    // Good enough to point at the place: separators within quotation marks before it would count.
    private static string? ColumnOf(ReadOnlySpan<byte> before, string[] columns)
    {
        foreach (var separator in ",;\t|"u8)
        {
            var count = before.Count(separator);
            if (count > 0 && count < columns.Length)
                return columns[count];
        }

        return columns[0];
    }

    /// <summary>Lines of bytes, of which only the first part is kept when one is very long.</summary>
    private sealed class BufferedLines(Stream bytes) : IDisposable
    {
        private readonly BufferedStream _bytes = new(bytes, BufferBytes);
        private readonly byte[] _line = new byte[1 << 20];

        public long Number { get; private set; }

        public bool Next(out ReadOnlySpan<byte> line)
        {
            var length = 0;
            int read;
            while ((read = _bytes.ReadByte()) >= 0 && read != '\n')
            {
                if (length < _line.Length)
                    _line[length++] = (byte)read;
            }

            line = _line.AsSpan(0, length);
            Number++;
            return read >= 0 || length > 0;
        }

        public void Dispose() => _bytes.Dispose();
    }
}
