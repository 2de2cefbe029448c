using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Bench.Impaired;

/// <summary>A bad way for packets, the same both ways.</summary>
/// <param name="LossPercent">Of all packets, independently of one another.</param>
/// <param name="JitterMs">As a receiver measures it (RFC 3550) of a packet each 20 ms; in their order, up to some 30.</param>
/// <param name="Reorders">Whether packets overtake one another; else one that is held up holds up those behind it.</param>
/// <param name="LeastMs">What the way takes at least.</param>
internal sealed record BadNetwork(double LossPercent, double JitterMs, bool Reorders, double LeastMs = 20);

/// <summary>
/// What a bad network does with the packets of one direction: loses them, or delays them by its least and evenly distributed chance. The same seed does the same with the same packets. No clock and
/// no socket.
/// </summary>
internal sealed class Impairment
{
    private const double PacketMs = 20;
    private const double WidestMs = 600;
    private const int Packets = 4000;

    private readonly BadNetwork _network;
    private readonly Random _chance;
    private readonly double _widthMs;
    private TimeSpan _last;

    public Impairment(BadNetwork network, int seed)
        : this(network, WidthOf(network), seed)
    {
    }

    private Impairment(BadNetwork network, double widthMs, int seed) => (_network, _widthMs, _chance) = (network, widthMs, new Random(seed));

    /// <summary>When a packet comes out that goes in now; null where it is lost.</summary>
    /// <param name="now">Since any beginning.</param>
    public TimeSpan? Pass(TimeSpan now)
    {
        var (lost, late) = (_chance.NextDouble() * 100 < _network.LossPercent, _chance.NextDouble() * _widthMs);
        if (lost)
            return null;
        var at = now + TimeSpan.FromMilliseconds(_network.LeastMs + late);
        if (!_network.Reorders && at < _last)
            at = _last;
        return _last = at;
    }

    /// <summary>The jitter of a stream of a packet each 20 ms behind it, in ms.</summary>
    /// <param name="packets">How many are tried.</param>
    public double JitterOf(int packets)
    {
        var heard = new ReceptionStatistics(8000);
        var (sum, measures) = (0.0, 0);
        foreach (var (at, number) in Enumerable.Range(0, packets).Select(i => (At: Pass(TimeSpan.FromMilliseconds(i * PacketMs)), Number: i)).Where(p => p.At is not null).OrderBy(p => p.At))
        {
            heard.Add((ushort)number, (uint)(number * JitterBuffer.FrameSamples), at ?? default);
            // Not while it still settles.
            if (number > packets / 20)
                (sum, measures) = (sum + heard.Jitter.TotalMilliseconds, measures + 1);
        }

        return sum / Math.Max(1, measures);
    }

    // How wide the delays must be spread for that jitter: sought, because held-up packets hold up others.
    private static double WidthOf(BadNetwork network)
    {
        if (network.JitterMs <= 0)
            return 0;
        var (low, high) = (0.0, WidestMs);
        while (high - low > 0.5)
        {
            var middle = (low + high) / 2;
            var jitter = new Impairment(network with { LossPercent = 0 }, middle, 1).JitterOf(Packets);
            (low, high) = jitter < network.JitterMs ? (middle, high) : (low, middle);
        }

        return WidestMs - high > 1 ? high : throw new ArgumentException($"Packets in their order cannot jitter by {network.JitterMs} ms.", nameof(network));
    }
}
