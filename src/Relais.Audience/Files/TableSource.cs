using System.IO.Compression;

namespace Relais.Audience.Files;

/// <summary>The bytes of a table, which can be opened from their beginning again: CSV, CSV in a <c>.gz</c>, or Parquet.</summary>
/// <param name="name">As people know it; ends in <c>.gz</c> when the bytes are compressed.</param>
/// <param name="open">Opens them; called several times, and what it gave before is read no more: a form's file has one position for all.</param>
internal sealed class TableSource(string name, Func<Stream> open)
{
    private const int BufferBytes = 1 << 16;

    public string Name { get; } = name;

    public bool IsCompressed => Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    public static TableSource File(string path) => new(path, () => TextFile.Open(path));

    /// <summary>The bytes as they are, without compression of their own.</summary>
    public Stream Plain(Stream bytes) => IsCompressed ? new GZipStream(bytes, CompressionMode.Decompress, leaveOpen: true) : bytes;

    public Stream Open() => open();

    public OpenTable OpenTable(bool isParquet)
    {
        var bytes = open();
        try
        {
            if (!isParquet)
                return new OpenTable(bytes, TextFile.Read(Plain(bytes), BufferBytes), IsParquet: false);
            if (bytes.CanSeek)
                return new OpenTable(bytes, TextFile.Read(ParquetText.Open(bytes), BufferBytes), IsParquet: true);
            // Its directory stands at its end. What is kept in the database is unpacked on the way: Parquet is small, being packed itself.
            var whole = new MemoryStream();
            bytes.CopyTo(whole);
            bytes.Dispose();
            whole.Position = 0;
            return new OpenTable(whole, TextFile.Read(ParquetText.Open(whole), BufferBytes), IsParquet: true);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    public bool IsParquet()
    {
        using var head = open();
        return ParquetText.Begins(head);
    }
}

/// <summary>A table's bytes, and the CSV text that they say.</summary>
internal sealed record OpenTable(Stream Bytes, StreamReader Text, bool IsParquet) : IDisposable
{
    public void Dispose()
    {
        Text.Dispose();
        Bytes.Dispose();
    }
}
