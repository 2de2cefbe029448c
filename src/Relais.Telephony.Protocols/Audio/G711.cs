namespace Relais.Telephony.Protocols.Audio;

/// <summary>
/// ITU-T G.711: 16-bit linear samples at 8 kHz to one byte each and back. A-law is what European trunks speak (RTP payload type 8), mu-law what
/// American ones do (0). Linear samples are left-justified: A-law keeps 13 bits of the 16, mu-law 14.
/// </summary>
public static class G711
{
    /// <summary>A sample of silence in A-law.</summary>
    public const byte ALawSilence = 0xD5;

    /// <summary>A sample of silence in mu-law.</summary>
    public const byte MuLawSilence = 0xFF;

    private const int MuBias = 0x84;
    private const int MuClip = 32635;

    private static readonly short[] ALaw = Table(ExpandALaw);
    private static readonly short[] MuLaw = Table(ExpandMuLaw);
    private static readonly byte[] ToALaw = Inverse(CompressALaw);
    private static readonly byte[] ToMuLaw = Inverse(CompressMuLaw);

    /// <summary>Decodes A-law; both spans have the same length.</summary>
    public static void DecodeALaw(ReadOnlySpan<byte> from, Span<short> to) => Decode(ALaw, from, to);

    /// <summary>Decodes mu-law; both spans have the same length.</summary>
    public static void DecodeMuLaw(ReadOnlySpan<byte> from, Span<short> to) => Decode(MuLaw, from, to);

    /// <summary>Encodes A-law; both spans have the same length.</summary>
    public static void EncodeALaw(ReadOnlySpan<short> from, Span<byte> to) => Encode(ToALaw, from, to);

    /// <summary>Encodes mu-law; both spans have the same length.</summary>
    public static void EncodeMuLaw(ReadOnlySpan<short> from, Span<byte> to) => Encode(ToMuLaw, from, to);

    private static void Decode(short[] table, ReadOnlySpan<byte> from, Span<short> to)
    {
        to = to[..from.Length];
        for (var i = 0; i < from.Length; i++)
            to[i] = table[from[i]];
    }

    private static void Encode(byte[] table, ReadOnlySpan<short> from, Span<byte> to)
    {
        to = to[..from.Length];
        for (var i = 0; i < from.Length; i++)
            to[i] = table[(ushort)from[i]];
    }

    private static short[] Table(Func<byte, short> expand) => [.. Enumerable.Range(0, 256).Select(code => expand((byte)code))];

    private static byte[] Inverse(Func<short, byte> compress) => [.. Enumerable.Range(0, 65536).Select(sample => compress((short)sample))];

    // G.711, table 1a: even bits inverted, sign bit set for positive values, three bits of chord, four of step.
    private static short ExpandALaw(byte code)
    {
        var value = code ^ 0x55;
        var (chord, step) = ((value >> 4) & 7, value & 15);
        var magnitude = chord == 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (chord - 1);
        return (short)((value & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static byte CompressALaw(short sample)
    {
        var positive = sample >= 0;
        // The lowest negative value has no positive counterpart in 16 bits.
        var magnitude = (positive ? sample : -(sample + 1)) >> 4;
        var chord = 0;
        for (var rest = magnitude >> 4; rest > 0; rest >>= 1)
            chord++;
        var step = (magnitude >> Math.Max(0, chord - 1)) & 15;
        return (byte)(((positive ? 0x80 : 0) | (chord << 4) | step) ^ 0x55);
    }

    // G.711, table 2a: all bits inverted, a bias of 33 (of 14 bits) before the chord is found.
    private static short ExpandMuLaw(byte code)
    {
        var value = ~code & 0xFF;
        var magnitude = ((((value & 15) << 3) + MuBias) << ((value >> 4) & 7)) - MuBias;
        return (short)((value & 0x80) != 0 ? -magnitude : magnitude);
    }

    private static byte CompressMuLaw(short sample)
    {
        var magnitude = Math.Min(MuClip, Math.Abs((int)sample)) + MuBias;
        var chord = 7;
        for (var bit = 0x4000; (magnitude & bit) == 0 && chord > 0; bit >>= 1)
            chord--;
        return (byte)~((sample < 0 ? 0x80 : 0) | (chord << 4) | ((magnitude >> (chord + 3)) & 15));
    }
}
