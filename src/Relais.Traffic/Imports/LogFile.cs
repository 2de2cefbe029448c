using System.IO.Compression;

namespace Relais.Traffic.Imports;

/// <summary>A log on the disk, plain or compressed: told by its first bytes, whatever its name.</summary>
internal sealed class LogFile : IDisposable
{
    private const int Buffer = 1 << 20;
    private readonly FileStream _file;

    private LogFile(FileStream file, Stream content, bool compressed) => (_file, Content, IsCompressed) = (file, content, compressed);

    public Stream Content { get; }

    /// <summary>A compressed log has been closed: its last line is whole, also without an end of line.</summary>
    public bool IsCompressed { get; }

    /// <summary>How much of the file has been read, from 0 to 1.</summary>
    public double Read => _file.Length == 0 ? 1 : _file.Position / (double)_file.Length;

    public static LogFile Open(string path)
    {
        var file = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = Buffer, Options = FileOptions.SequentialScan });
        Span<byte> magic = stackalloc byte[4];
        var read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return magic[..read] switch
        {
            [0x1f, 0x8b, ..] => new LogFile(file, new GZipStream(file, CompressionMode.Decompress), compressed: true),
            [0x28, 0xb5, 0x2f, 0xfd] => new LogFile(file, new ZstdSharp.DecompressionStream(file), compressed: true),
            _ => new LogFile(file, file, compressed: false),
        };
    }

    public void Dispose()
    {
        Content.Dispose();
        _file.Dispose();
    }
}
