using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Relais.Access.SecondFactors;

/// <summary>Ten codes of 80 bits, each good once. Only their hashes are kept; so many bits need no slow hash.</summary>
internal static class RecoveryCodes
{
    public const int Count = 10;
    private const int LengthBytes = 10;

    /// <summary>Replaces the person's codes, in the transaction of the caller, who saves.</summary>
    public static async Task<IReadOnlyList<string>> ReplaceAsync(AccessDb db, Guid person, CancellationToken cancel)
    {
        await db.RecoveryCodes.Where(c => c.PersonId == person).ExecuteDeleteAsync(cancel);
        var codes = Enumerable.Range(0, Count).Select(_ => Base32.Encode(RandomNumberGenerator.GetBytes(LengthBytes))).ToList();
        db.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode { PersonId = person, Hash = HashOf(code) }));
        return [.. codes.Select(code => Base32.Grouped(code).Replace(' ', '-'))];
    }

    /// <summary>True once for each code: deleting the row is what uses it, so two at once can't both succeed.</summary>
    public static async Task<bool> UseAsync(AccessDb db, Guid person, string typed, CancellationToken cancel)
    {
        var hash = HashOf(string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant());
        return await db.RecoveryCodes.Where(c => c.PersonId == person && c.Hash == hash).ExecuteDeleteAsync(cancel) == 1;
    }

    private static byte[] HashOf(string code) => SHA256.HashData(Encoding.ASCII.GetBytes(code));
}
