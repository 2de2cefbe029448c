using System.Buffers.Binary;

namespace Relais.Telephony.Protocols.Audio;

/// <summary>Sound in a RIFF/WAVE file (Multimedia Programming Interface and Data Specifications 1.0, 1991).</summary>
/// <param name="Rate">Samples a second.</param>
/// <param name="Samples">The channels mixed into one, 16 bits.</param>
public sealed record WaveFile(int Rate, short[] Samples)
{
    /// <summary>Bytes before the samples of a file that <see cref="WriteHeader"/> begins.</summary>
    public const int HeaderLength = 44;

    private const ushort Linear = 1;
    private const ushort ALaw = 6;
    private const ushort MuLaw = 7;
    private const ushort Extensible = 0xFFFE;

    /// <summary>Writes the beginning of a file of 16-bit samples.</summary>
    /// <param name="dataLength">Bytes of all samples.</param>
    public static void WriteHeader(Span<byte> to, int channels, int rate, uint dataLength)
    {
        "RIFF"u8.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], dataLength + HeaderLength - 8);
        "WAVEfmt "u8.CopyTo(to[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(to[20..], Linear);
        BinaryPrimitives.WriteUInt16LittleEndian(to[22..], (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(to[24..], rate);
        BinaryPrimitives.WriteInt32LittleEndian(to[28..], rate * channels * sizeof(short));
        BinaryPrimitives.WriteUInt16LittleEndian(to[32..], (ushort)(channels * sizeof(short)));
        BinaryPrimitives.WriteUInt16LittleEndian(to[34..], 16);
        "data"u8.CopyTo(to[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[40..], dataLength);
    }

    /// <summary>Reads 8 or 16 bits, a-law or mu-law, any number of channels up to eight; null for anything else. A data length that is too long, as of a stream, ends with the file.</summary>
    public static WaveFile? TryRead(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
            return null;
        var rest = file[12..];
        Format? format = null;
        while (rest.Length >= 8)
        {
            var name = rest[..4];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var body = rest[8..];
            if (name.SequenceEqual("data"u8))
                return format is { } known ? known.Read(body[..(int)Math.Min(length, (uint)body.Length)]) : null;
            if (length > body.Length)
                return null;
            if (name.SequenceEqual("fmt "u8) && (format = Format.Of(body[..(int)length])) is null)
                return null;
            // Odd lengths are followed by a byte that belongs to nobody.
            rest = body[(int)Math.Min((uint)body.Length, length + (length & 1))..];
        }

        return null;
    }

    private sealed record Format(ushort Coding, int Channels, int Rate, int Bits)
    {
        public static Format? Of(ReadOnlySpan<byte> chunk)
        {
            if (chunk.Length < 16)
                return null;
            var coding = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
            if (coding == Extensible && chunk.Length >= 26)
                coding = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
            var format = new Format(coding, BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]), BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]), BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]));
            return format is { Channels: >= 1 and <= 8, Rate: >= 4000 and <= 192_000 } && format is { Coding: Linear, Bits: 8 or 16 } or { Coding: ALaw or MuLaw, Bits: 8 } ? format : null;
        }

        public WaveFile Read(ReadOnlySpan<byte> data)
        {
            var bytes = Bits / 8;
            var samples = new short[data.Length / (bytes * Channels)];
            for (var i = 0; i < samples.Length; i++)
            {
                var sum = 0;
                for (var channel = 0; channel < Channels; channel++)
                    sum += Sample(data[(((i * Channels) + channel) * bytes)..]);
                samples[i] = (short)(sum / Channels);
            }

            return new WaveFile(Rate, samples);
        }

        private short Sample(ReadOnlySpan<byte> at)
        {
            Span<short> one = stackalloc short[1];
            switch (Coding)
            {
                case ALaw:
                    G711.DecodeALaw(at[..1], one);
                    return one[0];
                case MuLaw:
                    G711.DecodeMuLaw(at[..1], one);
                    return one[0];
                default:
                    // 8 bits are unsigned, 16 are not.
                    return Bits == 8 ? (short)((at[0] - 128) << 8) : BinaryPrimitives.ReadInt16LittleEndian(at);
            }
        }
    }
}
