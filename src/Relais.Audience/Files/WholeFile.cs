using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Relais.Audience.Files;

/// <summary>A text file in UTF-8 that appears whole or not at all: it is written beside its place and moved there by <see cref="Keep"/>.</summary>
internal sealed class WholeFile : IDisposable
{
    private const int BufferBytes = 1 << 16;
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",;\t|\"\r\n");
    private static readonly SearchValues<byte> NeedQuotesUtf8 = SearchValues.Create(",;\t|\"\r\n"u8);
    private readonly string _path;
    private readonly string _beside;
    private readonly FileStream _file;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _used;
    private bool _kept;

    private WholeFile(string path, string beside, FileStream file) => (_path, _beside, _file) = (path, beside, file);

    /// <exception cref="BadFileException">The folder is not there or may not be written to.</exception>
    public static WholeFile Create(string path)
    {
        var full = Path.GetFullPath(path);
        var beside = Path.Combine(Path.GetDirectoryName(full) ?? "", $".{Path.GetFileName(full)}.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}.part");
        try
        {
            if (Directory.Exists(full))
                throw new IOException("a folder has this name");
            return new WholeFile(full, beside, new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadFileException(path, null, null, $"it cannot be written ({e.Message})", "Check the folder, and who may write there.");
        }
    }

    /// <summary>Text as it is.</summary>
    public WholeFile Write(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var part = text.Length > 4096 ? text[..4096] : text;
            // A pair of surrogates must not be cut.
            if (part.Length < text.Length && char.IsHighSurrogate(part[^1]))
                part = part[..^1];
            Room(part.Length * 3);
            _used += Encoding.UTF8.GetBytes(part, _buffer.AsSpan(_used));
            text = text[part.Length..];
        }

        return this;
    }

    /// <summary>Bytes of UTF-8 as they are.</summary>
    public WholeFile Write(ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            Room(1);
            var part = utf8[..Math.Min(utf8.Length, BufferBytes - _used)];
            part.CopyTo(_buffer.AsSpan(_used));
            _used += part.Length;
            utf8 = utf8[part.Length..];
        }

        return this;
    }

    /// <summary>A number with 17 significant digits, from which the same double is read back.</summary>
    public WholeFile Write(double number)
    {
        Room(32);
        number.TryFormat(_buffer.AsSpan(_used), out var written, "G17", CultureInfo.InvariantCulture);
        _used += written;
        return this;
    }

    public WholeFile Write(long number)
    {
        Room(32);
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(_used), out var written);
        _used += written;
        return this;
    }

    /// <summary>A value of a CSV row, in quotation marks where it needs them.</summary>
    public WholeFile WriteValue(ReadOnlySpan<char> text) =>
        text.ContainsAny(NeedQuotes) ? Write($"\"{text.ToString().Replace("\"", "\"\"", StringComparison.Ordinal)}\"") : Write(text);

    /// <summary>A value of a CSV row, in quotation marks where it needs them.</summary>
    public WholeFile WriteValue(ReadOnlySpan<byte> utf8) =>
        utf8.IndexOfAny(NeedQuotesUtf8) >= 0 ? WriteValue(Encoding.UTF8.GetString(utf8)) : Write(utf8);

    /// <summary>It is complete: from now on it is there under its name.</summary>
    public void Keep()
    {
        Flush();
        _file.Dispose();
        File.Move(_beside, _path, overwrite: true);
        _kept = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_kept)
            File.Delete(_beside);
    }

    private void Room(int bytes)
    {
        if (BufferBytes - _used < bytes)
            Flush();
    }

    private void Flush()
    {
        _file.Write(_buffer, 0, _used);
        _used = 0;
    }
}
