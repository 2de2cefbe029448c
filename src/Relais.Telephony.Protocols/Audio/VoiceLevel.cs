namespace Relais.Telephony.Protocols.Audio;

/// <summary>How loud a piece of a-law is, without decoding it sample by sample for each question.</summary>
public static class VoiceLevel
{
    /// <summary>What silence measures: nothing is quieter than this, in dB.</summary>
    public const double Floor = -96;

    private const double FullScale = 32_768;

    // The loudest values of each sign: a voice that reaches them again and again was cut off there.
    private const byte LoudestPositive = 0xAA;
    private const byte LoudestNegative = 0x2A;

    private static readonly short[] Samples = Decoded();
    private static readonly double[] Squares = [.. Samples.Select(s => (double)s * s)];

    /// <summary>The effective value (RMS) in dB below a full-scale square wave: 0 at most, <see cref="Floor"/> for nothing.</summary>
    public static double Of(ReadOnlySpan<byte> alaw)
    {
        if (alaw.IsEmpty)
            return Floor;
        double sum = 0;
        foreach (var code in alaw)
            sum += Squares[code];
        var mean = Math.Sqrt(sum / alaw.Length) / FullScale;
        return mean <= 0 ? Floor : Math.Max(Floor, 20 * Math.Log10(mean));
    }

    /// <summary>The largest amplitude, 0 to 32,256.</summary>
    public static int Peak(ReadOnlySpan<byte> alaw)
    {
        var peak = 0;
        foreach (var code in alaw)
            peak = Math.Max(peak, Math.Abs((int)Samples[code]));
        return peak;
    }

    /// <summary>Whether the wave is cut off: three samples in a row at the same end of the scale.</summary>
    public static bool IsClipped(ReadOnlySpan<byte> alaw)
    {
        const int InARow = 3;
        var (run, last) = (0, (byte)0);
        foreach (var code in alaw)
        {
            run = code is not (LoudestPositive or LoudestNegative) ? 0 : code == last ? run + 1 : 1;
            last = code;
            if (run == InARow)
                return true;
        }

        return false;
    }

    private static short[] Decoded()
    {
        var samples = new short[256];
        G711.DecodeALaw([.. Enumerable.Range(0, 256).Select(code => (byte)code)], samples);
        return samples;
    }
}
