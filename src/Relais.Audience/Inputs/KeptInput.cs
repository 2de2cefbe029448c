using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Relais.Audience.Inputs;

/// <summary>An imported file's bytes in the database: compressed, in pieces.</summary>
internal static class KeptInput
{
    private const int ChunkBytes = 1 << 20;
    private const string Copy = "COPY audience.input_chunk (\"InputId\", \"Number\", \"Bytes\") FROM STDIN (FORMAT BINARY)";

    /// <summary>Writes the pieces of a file, in the transaction of <paramref name="db"/>.</summary>
    public static async Task WriteAsync(AudienceDb db, Guid input, Stream bytes, CancellationToken cancel)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancel);
        using var pieces = new MemoryStream();
        var number = 0;
        await using (var zip = new GZipStream(pieces, CompressionLevel.Fastest, leaveOpen: true))
        {
            var buffer = new byte[1 << 16];
            int read;
            while ((read = await bytes.ReadAsync(buffer, cancel)) > 0)
            {
                await zip.WriteAsync(buffer.AsMemory(0, read), cancel);
                if (pieces.Length >= ChunkBytes)
                    number = await FlushAsync(copy, input, number, pieces, cancel);
            }
        }

        if (pieces.Length > 0)
            await FlushAsync(copy, input, number, pieces, cancel);
        await copy.CompleteAsync(cancel);
    }

    /// <summary>Brings a file's compressed bytes into memory; they are some tenth of the file.</summary>
    public static async Task<byte[]> ReadAsync(AudienceDb db, Guid input, CancellationToken cancel)
    {
        using var all = new MemoryStream();
        await foreach (var piece in db.InputChunks.AsNoTracking().Where(c => c.InputId == input).OrderBy(c => c.Number).Select(c => c.Bytes).AsAsyncEnumerable().WithCancellation(cancel))
            await all.WriteAsync(piece, cancel);
        return all.ToArray();
    }

    /// <summary>Opens such bytes from their beginning.</summary>
    public static Func<Stream> Opener(byte[] compressed) => () => new GZipStream(new MemoryStream(compressed, writable: false), CompressionMode.Decompress);

    private static async Task<int> FlushAsync(NpgsqlBinaryImporter copy, Guid input, int number, MemoryStream pieces, CancellationToken cancel)
    {
        await copy.StartRowAsync(cancel);
        await copy.WriteAsync(input, NpgsqlDbType.Uuid, cancel);
        await copy.WriteAsync(number, NpgsqlDbType.Integer, cancel);
        await copy.WriteAsync(pieces.ToArray(), NpgsqlDbType.Bytea, cancel);
        pieces.SetLength(0);
        return number + 1;
    }
}
