using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Relais.Tests.Gateway;

/// <summary>
/// A target's end of NTLMv2 ([MS-NLMP] 3.2 to 3.4), which .NET lacks: it knows the password's hash, so it can prove and decrypt what a
/// relaying liar cannot.
/// </summary>
[SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "MS-NLMP knows no other.")]
internal sealed class NtlmServer(string ntHash)
{
    /// <summary>[MS-NLMP] 4.2.4.3, with the flag REQUEST_TARGET, which that example lacks and .NET's NTLM insists on.</summary>
    public static readonly byte[] Challenge = Convert.FromHexString(
        "4E544C4D53535000020000000C000C003800000037828AE20123456789ABCDEF000000000000000024002400440000000600701700" +
        "00000F53006500720076006500720002000C0044006F006D00610069006E0001000C0053006500720076006500720000000000");

    private readonly byte[] _sessionKey = new byte[16];
    private Rc4? _fromClient;
    private Rc4? _toClient;
    private uint _sent;

    /// <summary>Takes the session key out of AUTHENTICATE_MESSAGE.</summary>
    public void Accept(byte[] message)
    {
        var response = Field(message, 20);
        var name = Encoding.Unicode.GetString(Field(message, 36)).ToUpperInvariant() + Encoding.Unicode.GetString(Field(message, 28));
        var owner = Hmac(Convert.FromHexString(ntHash), Encoding.Unicode.GetBytes(name));
        var proof = Hmac(owner, [.. Challenge[24..32], .. response[16..]]);
        Assert.Equal(response[..16], proof);
        new Rc4(Hmac(owner, proof)).Apply(Field(message, 52)).CopyTo(_sessionKey, 0);
        _fromClient = new Rc4(KeyOf("session key to client-to-server sealing key magic constant\0"));
        _toClient = new Rc4(KeyOf("session key to server-to-client sealing key magic constant\0"));
    }

    public byte[] Open(ReadOnlySpan<byte> wrapped)
    {
        var plain = _fromClient!.Apply(wrapped[16..].ToArray());
        _fromClient.Apply(new byte[8]);
        return plain;
    }

    public byte[] Wrap(byte[] plain)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, _sent++);
        var cipher = _toClient!.Apply(plain);
        var sum = Hmac(KeyOf("session key to server-to-client signing key magic constant\0"), [.. number, .. plain])[..8];
        return [1, 0, 0, 0, .. _toClient.Apply(sum), .. number, .. cipher];
    }

    private byte[] KeyOf(string purpose) => MD5.HashData([.. _sessionKey, .. Encoding.ASCII.GetBytes(purpose)]);

    private static byte[] Hmac(byte[] key, byte[] text) => HMACMD5.HashData(key, text);

    private static byte[] Field(byte[] message, int at) =>
        message.AsSpan((int)BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at + 4)), BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(at))).ToArray();

    private sealed class Rc4
    {
        private readonly byte[] _state = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        private byte _i;
        private byte _j;

        public Rc4(byte[] key)
        {
            byte j = 0;
            for (var i = 0; i < 256; i++)
            {
                j = (byte)(j + _state[i] + key[i % key.Length]);
                (_state[i], _state[j]) = (_state[j], _state[i]);
            }
        }

        public byte[] Apply(byte[] bytes)
        {
            var result = new byte[bytes.Length];
            for (var at = 0; at < bytes.Length; at++)
            {
                _j += _state[++_i];
                (_state[_i], _state[_j]) = (_state[_j], _state[_i]);
                result[at] = (byte)(bytes[at] ^ _state[(byte)(_state[_i] + _state[_j])]);
            }

            return result;
        }
    }
}
