using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Relais.Recordings;

/// <summary>
/// Encrypts the payloads of one recording with a key of its own: AES-256 in GCM (NIST SP 800-38D). The nonce is the chunk's number and its
/// head is authenticated with it, so that no chunk can be changed, moved or left out before another.
/// </summary>
public sealed class RecordingSeal : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>How much longer an encrypted payload is.</summary>
    public const int TagLength = 16;

    private const int NonceLength = 12;

    private readonly AesGcm _cipher;

    /// <summary>For one recording only: a key that is used twice with the same numbers protects nothing.</summary>
    /// <exception cref="CryptographicException">The key has another length.</exception>
    public RecordingSeal(ReadOnlySpan<byte> key) => _cipher = new AesGcm(key, TagLength);

    /// <summary>Encrypts.</summary>
    /// <param name="number">The chunk's, counted from 0.</param>
    /// <param name="head">The chunk's head, as it stands in the file.</param>
    /// <param name="payload">What is encrypted.</param>
    /// <param name="output">Longer by <see cref="TagLength"/>.</param>
    public void Seal(long number, ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload, Span<byte> output)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], number);
        _cipher.Encrypt(nonce, payload, output[..payload.Length], output.Slice(payload.Length, TagLength), head);
    }

    /// <summary>Decrypts; null when it is not what was encrypted under that number with that head.</summary>
    public byte[]? Open(long number, ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < TagLength)
            return null;
        Span<byte> nonce = stackalloc byte[NonceLength];
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], number);
        var clear = new byte[payload.Length - TagLength];
        try
        {
            _cipher.Decrypt(nonce, payload[..^TagLength], payload[^TagLength..], clear, head);
            return clear;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();
}
