using System.Runtime.InteropServices;

namespace Relais.Telephony.Protocols.Quality;

/// <summary>What a leg of a call was like over a few seconds.</summary>
/// <param name="LossPercent">Packets lost of those sent, the worse of the two directions where both are known.</param>
/// <param name="JitterMs">Milliseconds (RFC 3550).</param>
/// <param name="RoundTripMs">Milliseconds there and back; null where the peer does not report.</param>
/// <param name="Score">1 to 4.5 by the E-model.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LegMeasure(double LossPercent, double JitterMs, double? RoundTripMs, double Score)
{
    // Where nobody reports a round trip: this much one way.
    private const double UsualWayMs = 50;

    // The jitter buffer holds about twice the jitter, three frames at least.
    private const double LeastBufferMs = 60;

    /// <summary>Scores what was measured; packets that are lost are concealed.</summary>
    public static LegMeasure Of(double lossPercent, double jitterMs, double? roundTripMs)
    {
        var loss = Math.Clamp(lossPercent, 0, 100);
        var delay = (roundTripMs / 2 ?? UsualWayMs) + Math.Max(LeastBufferMs, 2 * jitterMs);
        return new LegMeasure(loss, jitterMs, roundTripMs, Math.Round(EModel.Score(EModel.Rating(TimeSpan.FromMilliseconds(delay), loss)), 2));
    }

    /// <summary>Whether two people notice that something is wrong: many are dissatisfied below 3.6 (ITU-T G.107, Annex B), and 3 % of lost packets are heard whatever hides them.</summary>
    public bool IsBad => Score < 3.6 || LossPercent >= 3;
}
