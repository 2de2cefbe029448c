using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Relais.Fieldwork.Privacy;

/// <summary>A number that was erased at its respondent's request, as a keyed hash: enough to leave it out of every later sample, not enough to call it.</summary>
internal sealed class ErasedNumber
{
    /// <summary>The first 16 bytes of HMAC-SHA256 of the number.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>The key of those hashes, sealed with the institute's key file: a copy of the database alone cannot try all numbers.</summary>
internal sealed class NumberKey
{
    public required short Id { get; init; }

    public required byte[] Sealed { get; init; }
}

/// <summary>Makes keyed hashes of numbers.</summary>
internal sealed class NumberHashes(IDataProtectionProvider protection)
{
    private const int KeyBytes = 32;
    private const int HashBytes = 16;

    private readonly IDataProtector _kept = protection.CreateProtector("Relais.Fieldwork.NumberKey");

    /// <summary>Hashes numbers, in the transaction that is under way; the first time it makes the key.</summary>
    public async Task<List<byte[]>> OfAsync(FieldworkDb db, IEnumerable<long> numbers, CancellationToken cancel)
    {
        await db.ExecuteAsync(
            "INSERT INTO fieldwork.number_key (id, sealed) VALUES (1, $1) ON CONFLICT DO NOTHING", [_kept.Protect(RandomNumberGenerator.GetBytes(KeyBytes))], cancel);
        var key = await KeyAsync(db, cancel) ?? throw new InvalidOperationException("A key that was just made is gone.");
        return [.. numbers.Distinct().Select(n => Of(key, n))];
    }

    /// <summary>The erased numbers, to be asked many times.</summary>
    public async Task<ErasedNumbers> ReadAsync(FieldworkDb db, CancellationToken cancel)
    {
        if (await KeyAsync(db, cancel) is not { } key)
            return new ErasedNumbers([], []);
        var hashes = await db.ErasedNumbers.AsNoTracking().Select(e => e.Hash).ToListAsync(cancel);
        return new ErasedNumbers(key, [.. hashes.Select(Read)]);
    }

    internal static byte[] Of(byte[] key, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return HMACSHA256.HashData(key, bytes)[..HashBytes];
    }

    internal static UInt128 Read(byte[] hash) => BinaryPrimitives.ReadUInt128BigEndian(hash);

    private async Task<byte[]?> KeyAsync(FieldworkDb db, CancellationToken cancel) =>
        await db.NumberKeys.AsNoTracking().Select(k => k.Sealed).SingleOrDefaultAsync(cancel) is { } kept ? _kept.Unprotect(kept) : null;
}

/// <summary>The erased numbers as they were when they were read.</summary>
internal sealed class ErasedNumbers(byte[] key, HashSet<UInt128> hashes)
{
    public bool Any => hashes.Count > 0;

    public bool Has(long number) => Any && hashes.Contains(NumberHashes.Read(NumberHashes.Of(key, number)));
}

/// <summary>How a case is named whose respondent had their data erased.</summary>
internal static class ErasedCase
{
    private const string Prefix = "erased:";

    public static bool IsErased(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Of a case that is not kept under the sample's own id.</summary>
    public static string NewKey() => $"{Prefix}{Guid.NewGuid():N}";
}
