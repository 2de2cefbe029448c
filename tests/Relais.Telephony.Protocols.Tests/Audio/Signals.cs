using Relais.Telephony.Protocols.Audio;

namespace Relais.Telephony.Protocols.Tests.Audio;

/// <summary>Test sounds, and what is in one.</summary>
internal static class Signals
{
    /// <param name="amplitude">Of 32,768; beyond it the wave is cut off.</param>
    public static short[] Tone(double hertz, double amplitude, int samples, int rate = 8000) =>
        [.. Enumerable.Range(0, samples).Select(i => (short)Math.Clamp(Math.Round(amplitude * Math.Sin(2 * Math.PI * hertz * i / rate)), short.MinValue, short.MaxValue))];

    public static byte[] ALaw(short[] samples)
    {
        var coded = new byte[samples.Length];
        G711.EncodeALaw(samples, coded);
        return coded;
    }

    public static byte[] Silence(int samples)
    {
        var coded = new byte[samples];
        coded.AsSpan().Fill(G711.ALawSilence);
        return coded;
    }

    /// <summary>The amplitude of one frequency (Goertzel).</summary>
    public static double Amplitude(ReadOnlySpan<short> samples, double hertz, int rate = 8000)
    {
        var (real, imaginary) = (0.0, 0.0);
        for (var i = 0; i < samples.Length; i++)
        {
            real += samples[i] * Math.Cos(2 * Math.PI * hertz * i / rate);
            imaginary += samples[i] * Math.Sin(2 * Math.PI * hertz * i / rate);
        }

        return 2 * Math.Sqrt((real * real) + (imaginary * imaginary)) / samples.Length;
    }
}
