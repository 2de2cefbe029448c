using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Relais.Gateway.Pictures;

/// <summary>
/// The last picture that a person's own page made of what it shows: a small one of a session that is recorded, or a whole one for somebody
/// who watches. There is at most one of each, and none of what is over. It proves nothing: the page could have sent another one.
/// </summary>
internal sealed class Picture
{
    /// <summary>A small one is a few kilobytes.</summary>
    public const int SmallLimit = 64 * 1024;

    /// <summary>A whole one of a large screen, compressed.</summary>
    public const int WholeLimit = 8 * 1024 * 1024;

    /// <summary>The session or the watch that it is of.</summary>
    public Guid Of { get; init; }

    public DateTimeOffset At { get; init; }

    public required byte[] Bytes { get; init; }

    /// <summary>Whether these bytes begin as a JPEG or a PNG does. More is for whoever draws them to judge.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) || bytes.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']);

    /// <summary>Reads a request's body, unless it is longer than this.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancel)
    {
        if (request.ContentLength > limit)
            return null;
        using var bytes = new MemoryStream();
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancel)) > 0)
        {
            if (bytes.Length + read > limit)
                return null;
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    /// <summary>Takes the place of the one before, from whichever node.</summary>
    public static Task KeepAsync(GatewayDb db, Guid of, DateTimeOffset at, byte[] bytes, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO gateway.picture ("Of", "At", "Bytes") VALUES ({of}, {at}, {bytes})
        ON CONFLICT ("Of") DO UPDATE SET "At" = EXCLUDED."At", "Bytes" = EXCLUDED."Bytes"
        """, cancel);

    public static Task DropAsync(GatewayDb db, Guid of, CancellationToken cancel) => db.Pictures.Where(p => p.Of == of).ExecuteDeleteAsync(cancel);
}
