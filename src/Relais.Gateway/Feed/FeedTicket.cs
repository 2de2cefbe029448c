using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Relais.Access.Contracts;

namespace Relais.Gateway.Feed;

/// <summary>
/// The cookie of [MS-TSWP] 2.2.3, which a client gets in the body of its sign-in and shows afterwards in place of its password: which client it
/// is, its key, and until when, sealed by the institute's data protection keys. Good at the feed only.
/// </summary>
internal sealed class FeedTicket(IDataProtectionProvider protection, TimeProvider clock)
{
    public const string Cookie = ".ASPXAUTH";

    private const int IdLength = 16;
    private const int TimeLength = 8;

    private readonly IDataProtector _seal = protection.CreateProtector("Relais.Gateway.FeedTicket");

    public string Write(SignInId client, ReadOnlySpan<byte> key, TimeSpan life)
    {
        var plain = new byte[IdLength + TimeLength + key.Length];
        client.Value.TryWriteBytes(plain);
        BinaryPrimitives.WriteInt64BigEndian(plain.AsSpan(IdLength), (clock.GetUtcNow() + life).ToUnixTimeMilliseconds());
        key.CopyTo(plain.AsSpan(IdLength + TimeLength));
        return Convert.ToHexString(_seal.Protect(plain));
    }

    /// <returns>Null for what is none, or too old.</returns>
    public (SignInId Client, byte[] Key)? Read(string? cookie)
    {
        try
        {
            if (string.IsNullOrEmpty(cookie))
                return null;
            var plain = _seal.Unprotect(Convert.FromHexString(cookie.Trim()));
            return BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(IdLength)) > clock.GetUtcNow().ToUnixTimeMilliseconds()
                ? (new SignInId(new Guid(plain.AsSpan(0, IdLength))), plain[(IdLength + TimeLength)..])
                : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
