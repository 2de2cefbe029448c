using System.Buffers;
using System.Runtime.InteropServices;

namespace Relais.Gateway.Protocols.Rfb;

/// <summary>The ProtocolVersion message of the Remote Framebuffer protocol (RFC 6143, 7.1.1), which both sides begin with.</summary>
/// <param name="Major">From 0 to 999.</param>
/// <param name="Minor">From 0 to 999.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RfbVersion(int Major, int Minor)
{
    /// <summary>Length of the message: "RFB 003.008" and a line feed.</summary>
    public const int Length = 12;

    /// <summary>3.3: the server decides on the security.</summary>
    public static readonly RfbVersion V33 = new(3, 3);

    /// <summary>3.7: the client chooses from a list.</summary>
    public static readonly RfbVersion V37 = new(3, 7);

    /// <summary>3.8: every security has a result, and a refusal has a reason.</summary>
    public static readonly RfbVersion V38 = new(3, 8);

    /// <summary>
    /// The version to go on with: the highest of those published that the other side knows. There are servers that say 3.5, 3.889, 4.1 or 5.0;
    /// RFC 6143 wants what is unknown and below 3.7 taken for 3.3.
    /// </summary>
    public RfbVersion Spoken => Major > 3 || (Major == 3 && Minor >= 8) ? V38 : this == V37 ? V37 : V33;

    /// <summary>The message.</summary>
    public byte[] Write()
    {
        byte[] message = [.. "RFB 003.008\n"u8];
        Digits(message.AsSpan(4, 3), Major);
        Digits(message.AsSpan(8, 3), Minor);
        return message;
    }

    /// <summary>Reads the message; what does not begin as one is malformed at its first wrong byte.</summary>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, out RfbVersion version)
    {
        version = default;
        var pattern = "RFB ddd.ddd\n"u8;
        Span<byte> message = stackalloc byte[Length];
        var length = (int)Math.Min(Length, buffer.Length);
        buffer.Slice(0, length).CopyTo(message);
        for (var i = 0; i < length; i++)
        {
            if (pattern[i] == 'd' ? !char.IsAsciiDigit((char)message[i]) : message[i] != pattern[i])
                return ReadResult.Malformed;
        }

        if (length < Length)
            return ReadResult.NeedMore;
        version = new RfbVersion(Number(message[4..7]), Number(message[8..11]));
        buffer = buffer.Slice(Length);
        return ReadResult.Complete;
    }

    private static int Number(ReadOnlySpan<byte> digits) => ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + digits[2] - '0';

    private static void Digits(Span<byte> place, int number)
    {
        for (var i = 2; i >= 0; i--, number /= 10)
            place[i] = (byte)('0' + (number % 10));
    }
}
