using System.Buffers.Binary;
using Relais.Telephony.Protocols.Audio;

namespace Relais.Tests.Telephony.Recordings;

/// <summary>Test sounds, and what is in a recording.</summary>
internal static class Signals
{
    public static short[] Tone(double hertz, double amplitude, int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => (short)Math.Round(amplitude * Math.Sin(2 * Math.PI * hertz * i / 8000)))];

    public static byte[] ALaw(short[] samples)
    {
        var coded = new byte[samples.Length];
        G711.EncodeALaw(samples, coded);
        return coded;
    }

    /// <summary>The amplitude of one frequency at 8 kHz.</summary>
    public static double Amplitude(ReadOnlySpan<short> samples, double hertz)
    {
        var (real, imaginary) = (0.0, 0.0);
        for (var i = 0; i < samples.Length; i++)
        {
            real += samples[i] * Math.Cos(2 * Math.PI * hertz * i / 8000);
            imaginary += samples[i] * Math.Sin(2 * Math.PI * hertz * i / 8000);
        }

        return 2 * Math.Sqrt((real * real) + (imaginary * imaginary)) / samples.Length;
    }

    /// <summary>The same of each tenth of a second, and the one in the middle: a frame that a busy machine sent late shifts the phase of a tone, not its level.</summary>
    public static double Level(short[] samples, double hertz)
    {
        var all = samples.Chunk(800).Where(tenth => tenth.Length == 800).Select(tenth => Amplitude(tenth, hertz)).Order().ToList();
        return all[all.Count / 2];
    }

    /// <summary>In how many tenths of a second a tone is nearly all that is heard.</summary>
    public static int Tenths(short[] samples, double hertz) => samples.Chunk(800).Count(tenth =>
        tenth.Length == 800 && tenth.Sum(s => (double)s * s) is > 800 * 100.0 * 100 and var energy && Math.Pow(Amplitude(tenth, hertz), 2) * 400 > 0.8 * energy);

    /// <summary>The channels of a WAV file as any program reads it: 16 bits, stereo, 8 kHz.</summary>
    public static (short[] Left, short[] Right) Channels(byte[] wave)
    {
        Assert.Equal("RIFF", System.Text.Encoding.ASCII.GetString(wave, 0, 4));
        Assert.Equal((1, 2, 8000, 16), (BinaryPrimitives.ReadUInt16LittleEndian(wave.AsSpan(20)), BinaryPrimitives.ReadUInt16LittleEndian(wave.AsSpan(22)), BinaryPrimitives.ReadInt32LittleEndian(wave.AsSpan(24)), BinaryPrimitives.ReadUInt16LittleEndian(wave.AsSpan(34))));
        Assert.Equal(wave.Length - 44, BinaryPrimitives.ReadInt32LittleEndian(wave.AsSpan(40)));
        var count = (wave.Length - 44) / 4;
        var (left, right) = (new short[count], new short[count]);
        for (var i = 0; i < count; i++)
            (left[i], right[i]) = (BinaryPrimitives.ReadInt16LittleEndian(wave.AsSpan(44 + (4 * i))), BinaryPrimitives.ReadInt16LittleEndian(wave.AsSpan(46 + (4 * i))));
        return (left, right);
    }
}
