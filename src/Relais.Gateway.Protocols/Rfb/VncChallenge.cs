using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Relais.Gateway.Protocols.Rfb;

/// <summary>
/// VNC authentication (RFC 6143, 7.2.2): the challenge encrypted by DES with the first eight characters of the password. Weak by today's
/// measure and all that VNC servers have in common, so it is done only between the gateway and a target in its own network.
/// </summary>
[SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "RFC 6143 knows no other.")]
[SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "RFC 6143 knows no other.")]
public static class VncChallenge
{
    /// <summary>Length of the challenge, and of the response.</summary>
    public const int Length = 16;

    private const int KeyLength = 8;

    // Neither is weak. Two, so that one of them always differs from the password's key.
    private static readonly byte[] Detour = [0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE];
    private static readonly byte[] OtherDetour = [0xFE, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0x10];

    /// <summary>The response to a challenge. Characters outside of Latin-1 count as question marks, as with other clients.</summary>
    /// <exception cref="ArgumentException">The challenge is not 16 bytes long.</exception>
    public static byte[] Respond(string password, ReadOnlySpan<byte> challenge)
    {
        if (challenge.Length != Length)
            throw new ArgumentException("A challenge has 16 bytes.", nameof(challenge));
        var key = KeyOf(password);
        if (!DES.IsWeakKey(key))
            return Encrypt(key, challenge);

        // The framework refuses weak keys, such as that of the empty password, also three equal ones. With another key A around it, what Triple
        // DES decrypts is D_A(E_K(D_A(x))): put between two encryptions with A, this leaves E_K.
        var around = Same(key, Detour) ? OtherDetour : Detour;
        using var triple = TripleDES.Create();
        triple.Key = [.. around, .. key, .. around];
        return Encrypt(around, triple.DecryptEcb(Encrypt(around, challenge), PaddingMode.None));
    }

    private static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> bytes)
    {
        using var des = DES.Create();
        des.Key = key;
        return des.EncryptEcb(bytes, PaddingMode.None);
    }

    // VNC puts the bits of each byte into the key in reverse order.
    private static byte[] KeyOf(string password)
    {
        var key = new byte[KeyLength];
        var bytes = Encoding.Latin1.GetBytes(password);
        bytes.AsSpan(0, Math.Min(KeyLength, bytes.Length)).CopyTo(key);
        CryptographicOperations.ZeroMemory(bytes);
        foreach (ref var part in key.AsSpan())
            part = (byte)(((part * 0x0202020202UL) & 0x010884422010UL) % 1023);
        return key;
    }

    // The lowest bit of each byte is parity, which DES leaves out.
    private static bool Same(byte[] one, byte[] other) => one.Zip(other).All(pair => pair.First >> 1 == pair.Second >> 1);
}
