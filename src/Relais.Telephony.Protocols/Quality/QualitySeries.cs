using System.Buffers.Binary;

namespace Relais.Telephony.Protocols.Quality;

/// <summary>Measures of a leg over a call in six bytes each: an hour of one every five seconds takes 4,320.</summary>
public static class QualitySeries
{
    /// <summary>Bytes of one measure.</summary>
    public const int Length = 6;

    private const byte NoRoundTrip = 255;

    /// <summary>Writes one: seconds since the answer (two bytes), loss in half percents, jitter in ms up to 255, round trip in steps of 4 ms up to 1016, score in fiftieths.</summary>
    public static void Write(Span<byte> to, TimeSpan since, LegMeasure measure)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)Math.Clamp(since.TotalSeconds, 0, ushort.MaxValue));
        to[2] = Byte(measure.LossPercent * 2, 200);
        to[3] = Byte(measure.JitterMs, 255);
        to[4] = measure.RoundTripMs is { } trip ? Byte(trip / 4, NoRoundTrip - 1) : NoRoundTrip;
        to[5] = Byte(measure.Score * 50, 255);
    }

    /// <summary>Reads them all; what is cut off at the end is left out.</summary>
    public static IReadOnlyList<(TimeSpan Since, LegMeasure Measure)> Read(ReadOnlySpan<byte> series)
    {
        var measures = new (TimeSpan, LegMeasure)[series.Length / Length];
        for (var i = 0; i < measures.Length; i++)
        {
            var one = series.Slice(i * Length, Length);
            measures[i] = (
                TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt16BigEndian(one)),
                new LegMeasure(one[2] / 2.0, one[3], one[4] == NoRoundTrip ? null : one[4] * 4, one[5] / 50.0));
        }

        return measures;
    }

    private static byte Byte(double value, int most) => (byte)Math.Clamp(Math.Round(value), 0, most);
}
