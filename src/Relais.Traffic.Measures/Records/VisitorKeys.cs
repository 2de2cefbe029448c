using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Relais.Traffic.Measures.Records;

/// <summary>
/// From who sent something to a number that says only "the same one": HMAC-SHA-256 under a secret, 64 bits of it. The site goes in, so that no number is the same on
/// two sites; addresses are cut before; and when the secret is gone, nobody can get back.
/// </summary>
public static class VisitorKeys
{
    /// <summary>Bytes of a secret.</summary>
    public const int SecretLength = 32;

    private const int LongestAgent = 512;
    private const int LongestVisitor = 255;

    /// <summary>Somebody known only by a network and a user agent, under the day's salt: a visitor of one day on one site.</summary>
    /// <param name="salt">Random, of the day, and deleted after it: CNIL's exemption from consent.</param>
    /// <param name="site">The site's number.</param>
    /// <param name="address">Cut to /24 (IPv4) or /48 (IPv6) before anything else.</param>
    /// <param name="userAgent">As sent; its first 512 bytes count.</param>
    public static ulong OfDay(ReadOnlySpan<byte> salt, int site, IPAddress? address, ReadOnlySpan<byte> userAgent)
    {
        Span<byte> input = stackalloc byte[4 + 16 + LongestAgent];
        input.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(input, site);
        Cut(address, input.Slice(4, 16));
        var agent = userAgent[..Math.Min(userAgent.Length, LongestAgent)];
        agent.CopyTo(input[20..]);
        return Hash(salt, input[..(20 + agent.Length)]);
    }

    /// <summary>Somebody who consented and sends an identifier of their own: the same number for as long as they keep it, on this site only.</summary>
    /// <param name="secret">The site's, random and never shown.</param>
    public static ulong OfIdentifier(ReadOnlySpan<byte> secret, int site, ReadOnlySpan<byte> identifier)
    {
        Span<byte> input = stackalloc byte[4 + LongestVisitor];
        BinaryPrimitives.WriteInt32LittleEndian(input, site);
        var taken = identifier[..Math.Min(identifier.Length, LongestVisitor)];
        taken.CopyTo(input[4..]);
        return Hash(secret, input[..(4 + taken.Length)]);
    }

    /// <summary>The network only: 3 bytes of IPv4, as the low ones of the mapped form, or 6 of IPv6. The rest is zero.</summary>
    /// <param name="to">16 bytes.</param>
    public static void Cut(IPAddress? address, Span<byte> to)
    {
        to.Clear();
        if (address is null)
            return;
        if (address.AddressFamily == AddressFamily.InterNetwork)
            (to[10], to[11]) = (0xff, 0xff);
        if (!address.TryWriteBytes(address.AddressFamily == AddressFamily.InterNetwork ? to[12..] : to, out _))
            return;
        if (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
            to[15] = 0;
        else
            to[6..].Clear();
    }

    private static ulong Hash(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, input, hash);
        // 0 means "not known".
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) is var key and not 0 ? key : 1;
    }
}
