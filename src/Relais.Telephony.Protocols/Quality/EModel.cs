namespace Relais.Telephony.Protocols.Quality;

/// <summary>How well a codec bears lost packets: the Bpl of ITU-T G.113, Appendix I.</summary>
public enum LossRobustness
{
    /// <summary>G.711 whose receiver conceals what is lost: 25.1.</summary>
    G711Concealed,

    /// <summary>G.711 without: 4.3.</summary>
    G711,
}

/// <summary>
/// What a listener would say of a call, from delay and loss: the E-model (ITU-T G.107 with its default values), with the delay term as approximated by
/// Cole and Rosenbluth, "Voice over IP Performance Monitoring" (2001).
/// </summary>
public static class EModel
{
    // G.107's default of all that neither delay nor loss touches.
    private const double Basic = 93.2;
    private const double LongDelay = 177.3;
    private const double WorstLoss = 95;

    /// <summary>The rating R, 93.2 at best; below 50 nearly everybody is dissatisfied. May be negative.</summary>
    /// <param name="delay">From mouth to ear one way, the jitter buffer included.</param>
    /// <param name="lossPercent">Packets lost of those that were sent, 0 to 100.</param>
    /// <param name="burstRatio">1 where losses are independent of one another, more where they come in bursts (G.107, 3.5).</param>
    public static double Rating(TimeSpan delay, double lossPercent, LossRobustness robustness = LossRobustness.G711Concealed, double burstRatio = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(lossPercent, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lossPercent, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(burstRatio, 1);
        var milliseconds = delay.TotalMilliseconds;
        var byDelay = (0.024 * milliseconds) + (milliseconds > LongDelay ? 0.11 * (milliseconds - LongDelay) : 0);
        var bpl = robustness is LossRobustness.G711Concealed ? 25.1 : 4.3;
        return Basic - byDelay - (WorstLoss * lossPercent / ((lossPercent / burstRatio) + bpl));
    }

    /// <summary>The mean opinion score of a rating, 1 (bad) to 4.5 (excellent): G.107, Annex B.</summary>
    public static double Score(double rating) => rating switch
    {
        <= 0 => 1,
        >= 100 => 4.5,
        _ => Math.Max(1, 1 + (0.035 * rating) + (7e-6 * rating * (rating - 60) * (100 - rating))),
    };
}
