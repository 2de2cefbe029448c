namespace Relais.Telephony.Protocols.Rtp;

/// <summary>
/// Puts the packets of one stream back into time: one frame each 20 ms, in order, whatever came late, twice or never. What is missing is concealed by the
/// last pitch period, faded out over 60 ms (in the manner of ITU-T G.711, Appendix I). Depth follows the jitter that is seen.
/// </summary>
/// <remarks>Not for several threads. Memory is bounded by <see cref="MostFrames"/>.</remarks>
public sealed class JitterBuffer
{
    /// <summary>Samples of a frame: 20 ms at 8 kHz.</summary>
    public const int FrameSamples = 160;

    /// <summary>The deepest it grows: 400 ms.</summary>
    public const int MostFrames = 20;

    private const int Slots = 64;
    private const int ShortestPitch = 40; // 200 Hz
    private const int LongestPitch = 120; // 66 Hz
    private const int FadeFrames = 3;

    private readonly short[]?[] _slots = new short[]?[Slots];
    private readonly uint[] _stamps = new uint[Slots];
    private readonly short[] _history = new short[LongestPitch * 3];
    private readonly int _least;

    private ulong _filled;
    private bool _begun;
    private uint _next;
    private int _wait;
    private int _missed;
    private int _pitch;
    private int _calm;
    private int _late;

    /// <param name="leastFrames">How many frames it holds at rest: 1 to <see cref="MostFrames"/>.</param>
    public JitterBuffer(int leastFrames = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leastFrames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leastFrames, MostFrames);
        (_least, Depth) = (leastFrames, leastFrames);
    }

    /// <summary>How many frames it holds back at present.</summary>
    public int Depth { get; private set; }

    /// <summary>Frames that came too late to be heard.</summary>
    public long TooLate { get; private set; }

    /// <summary>Frames that were made up.</summary>
    public long Concealed { get; private set; }

    /// <summary>Frames that were heard as they came.</summary>
    public long Played { get; private set; }

    /// <summary>Takes a frame.</summary>
    /// <param name="timestamp">Of its first sample.</param>
    /// <param name="samples">Exactly <see cref="FrameSamples"/>.</param>
    public void Add(uint timestamp, ReadOnlySpan<short> samples)
    {
        if (samples.Length != FrameSamples)
            throw new ArgumentException($"A frame has {FrameSamples} samples, this one {samples.Length}.", nameof(samples));
        // A sender that shifts its clock within a frame is followed too.
        if (!_begun || (int)(timestamp - _next) % FrameSamples != 0)
            Begin(timestamp);

        var ahead = (int)(timestamp - _next) / FrameSamples;
        if ((int)(timestamp - _next) < 0)
        {
            if (ahead < -Slots)
            {
                Begin(timestamp);
                ahead = 0;
            }
            else
            {
                Late();
                return;
            }
        }
        else if (ahead >= Slots)
        {
            // A jump of more than a second: what was held is of no use any more.
            Begin(timestamp);
            ahead = 0;
        }

        var slot = (int)(timestamp / FrameSamples % Slots);
        samples.CopyTo(_slots[slot] ??= new short[FrameSamples]);
        _stamps[slot] = timestamp;
        _filled |= 1UL << slot;
        if (ahead > MostFrames)
            _next = timestamp - (uint)(Depth * FrameSamples);
    }

    /// <summary>Gives the next 20 ms.</summary>
    /// <param name="to">Exactly <see cref="FrameSamples"/>.</param>
    /// <returns>False while there is nothing to play: <paramref name="to"/> is silent then.</returns>
    public bool Take(Span<short> to)
    {
        if (to.Length != FrameSamples)
            throw new ArgumentException($"A frame has {FrameSamples} samples, this one {to.Length}.", nameof(to));
        if (!_begun || _wait > 0)
        {
            _wait = Math.Max(0, _wait - 1);
            to.Clear();
            return false;
        }

        var slot = (int)(_next / FrameSamples % Slots);
        if ((_filled & (1UL << slot)) != 0 && _stamps[slot] == _next)
        {
            _slots[slot].CopyTo(to);
            _filled &= ~(1UL << slot);
            Smooth(to);
            (_missed, Played) = (0, Played + 1);
            Calm();
        }
        else
        {
            Conceal(to);
            Concealed++;
        }

        _next += FrameSamples;
        Remember(to);
        return true;
    }

    private void Begin(uint timestamp)
    {
        (_begun, _next, _wait, _filled) = (true, timestamp, Depth, 0);
    }

    // Came after its turn: hold more back from now on, by inserting a frame.
    private void Late()
    {
        TooLate++;
        _calm = 0;
        if (++_late < 2 || Depth >= MostFrames)
            return;
        (_late, Depth) = (0, Depth + 1);
        _wait++;
    }

    // Ten seconds without a late frame: hold one less back, by leaving one out where it is quiet.
    private void Calm()
    {
        if (++_calm < 500 || Depth <= _least)
            return;
        (_calm, _late) = (0, 0);
        Depth--;
        _filled &= ~(1UL << (int)(_next / FrameSamples % Slots));
        _next += FrameSamples;
    }

    private void Conceal(Span<short> to)
    {
        if (_missed == 0)
            _pitch = Pitch();
        var history = _history.AsSpan();
        for (var i = 0; i < to.Length; i++)
        {
            var at = (_missed * FrameSamples) + i;
            var gain = Math.Max(0f, 1f - ((float)at / (FadeFrames * FrameSamples)));
            to[i] = (short)(history[history.Length - _pitch + (at % _pitch)] * gain);
        }

        _missed++;
    }

    // Where real sound begins again, a step would click.
    private void Smooth(Span<short> to)
    {
        if (_missed == 0)
            return;
        const int Overlap = 32;
        for (var i = 0; i < Overlap; i++)
        {
            var at = (_missed * FrameSamples) + i;
            var gain = Math.Max(0f, 1f - ((float)at / (FadeFrames * FrameSamples)));
            var made = _history[_history.Length - _pitch + (at % _pitch)] * gain;
            to[i] = (short)(((made * (Overlap - i)) + (to[i] * i)) / Overlap);
        }
    }

    // While frames are made up the history stays what was really heard.
    private void Remember(ReadOnlySpan<short> frame)
    {
        if (_missed > 0)
            return;
        _history.AsSpan(frame.Length).CopyTo(_history);
        frame.CopyTo(_history.AsSpan(_history.Length - frame.Length));
    }

    /// <summary>The lag at which the last samples resemble themselves most.</summary>
    private int Pitch()
    {
        var (best, pitch) = (double.NegativeInfinity, LongestPitch);
        var end = _history.AsSpan(_history.Length - LongestPitch);
        for (var lag = ShortestPitch; lag <= LongestPitch; lag++)
        {
            var before = _history.AsSpan(_history.Length - LongestPitch - lag, LongestPitch);
            var (product, energy) = (0L, 1L);
            for (var i = 0; i < LongestPitch; i++)
            {
                product += end[i] * before[i];
                energy += before[i] * before[i];
            }

            var likeness = product / Math.Sqrt(energy);
            if (likeness > best)
                (best, pitch) = (likeness, lag);
        }

        return pitch;
    }
}
