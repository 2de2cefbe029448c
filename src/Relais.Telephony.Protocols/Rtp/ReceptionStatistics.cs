namespace Relais.Telephony.Protocols.Rtp;

/// <summary>
/// What a receiver knows of one source (RFC 3550, 6.4.1 and appendices A.1, A.3 and A.8): packets expected and lost, and how much they jitter. Sequence
/// numbers may wrap; a source that starts anew is followed after two packets in sequence.
/// </summary>
/// <param name="clockRate">Samples a second of the payload: 8000 for G.711.</param>
public sealed class ReceptionStatistics(int clockRate)
{
    private const int MostDropout = 3000;
    private const int MostMisorder = 100;
    private const uint Modulus = 1 << 16;

    private bool _begun;
    private ushort _highest;
    private uint _cycles;
    private uint _base;
    private uint _bad = Modulus + 1;
    private long _transit;
    private double _jitter;
    private uint _expectedBefore;
    private long _receivedBefore;

    /// <summary>Packets that came, duplicates included.</summary>
    public long Received { get; private set; }

    /// <summary>The highest sequence number with the count of its wraps in the upper half.</summary>
    public uint HighestSequence => _cycles + _highest;

    /// <summary>Packets that the source has sent since the first one seen.</summary>
    public long Expected => _begun ? HighestSequence - _base + 1 : 0;

    /// <summary>Packets that never came; negative where duplicates outnumber them.</summary>
    public long Lost => Expected - Received;

    /// <summary>The smoothed deviation of the packets' spacing at the receiver from that at the sender.</summary>
    public TimeSpan Jitter => TimeSpan.FromSeconds(_jitter / clockRate);

    /// <summary>The same in samples, as a report carries it.</summary>
    public uint JitterSamples => (uint)_jitter;

    /// <summary>Counts a packet.</summary>
    /// <param name="arrival">When it came, on any clock that does not jump.</param>
    /// <returns>False for one that lies too far off to belong to this stream: it is not counted.</returns>
    public bool Add(ushort sequence, uint timestamp, TimeSpan arrival)
    {
        if (!_begun)
        {
            Begin(sequence);
        }
        else if (!Follow(sequence))
        {
            return false;
        }

        Received++;
        // Both in samples modulo 2^32: differences are taken as signed.
        var arrived = (long)(arrival.TotalSeconds * clockRate);
        var transit = arrived - timestamp;
        if (Received > 1)
        {
            var change = Math.Abs((long)(int)(uint)(transit - _transit));
            // A new stream of timestamps is no jitter.
            if (change < clockRate * 10)
                _jitter += (change - _jitter) / 16;
        }

        _transit = transit;
        return true;
    }

    /// <summary>The packets lost since the last call, of those expected: 0 to 255 for none to all, as a report carries it.</summary>
    public byte TakeFractionLost()
    {
        var (expected, received) = ((uint)Expected - _expectedBefore, Received - _receivedBefore);
        (_expectedBefore, _receivedBefore) = ((uint)Expected, Received);
        var lost = expected - received;
        return expected == 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, (lost << 8) / expected);
    }

    private void Begin(ushort sequence)
    {
        (_begun, _highest, _cycles, _base, _bad) = (true, sequence, 0, sequence, Modulus + 1);
        (Received, _expectedBefore, _receivedBefore) = (0, 0, 0);
    }

    private bool Follow(ushort sequence)
    {
        var ahead = (ushort)(sequence - _highest);
        if (ahead < MostDropout)
        {
            if (sequence < _highest)
                _cycles += Modulus;
            _highest = sequence;
        }
        else if (ahead <= Modulus - MostMisorder)
        {
            // Two in sequence after a great jump: the source began anew.
            if (sequence != _bad)
            {
                _bad = (uint)(sequence + 1) & (Modulus - 1);
                return false;
            }

            Begin(sequence);
        }

        return true;
    }
}
