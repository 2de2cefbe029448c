namespace Relais.Telephony.Protocols.Rtp;

/// <summary>
/// When the frames of a relayed stream go out, and with which times: each as it comes, with the time that its sender gave it, so that the relay adds no pace of its own. Where none comes, something
/// else takes its place at an even pace, because a stream that says nothing is cut by many operators.
/// </summary>
/// <remarks>Frames of 20 ms at 8 kHz. Not for several threads. Moments are since any beginning and never go back.</remarks>
public sealed class RelayedPace
{
    /// <summary>How much later than the one before a frame may come before its place is taken: 40 ms more than the usual 20.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(40);

    private const int Samples = JitterBuffer.FrameSamples;

    // A greater distance is no gap of the same stream: it began anew. A second.
    private const int Farthest = 50 * Samples;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);

    // What was late comes in one heap and is left out; a sender that stays late for this long has a later time from now on.
    private static readonly TimeSpan LateFor = TimeSpan.FromMilliseconds(100);

    private uint _theirsToOurs;
    private bool _follows;
    private TimeSpan _due;
    private TimeSpan? _lateSince;

    /// <param name="first">The time of the first frame, in samples.</param>
    /// <param name="now">When it is due.</param>
    public RelayedPace(uint first, TimeSpan now) => (Next, _due) = (first, now);

    /// <summary>The time of the next frame, in samples.</summary>
    public uint Next { get; private set; }

    /// <summary>A frame came.</summary>
    /// <param name="theirs">Its time by its sender.</param>
    /// <param name="timestamp">The time to send it with.</param>
    /// <param name="skipped">How many frames lie between it and the one before, which never came and were not made up for: 50 at most.</param>
    /// <returns>False where its place was taken already: it is left out.</returns>
    public bool TryFollow(uint theirs, TimeSpan now, out uint timestamp, out int skipped)
    {
        (timestamp, skipped) = (0, 0);
        var ahead = (int)(theirs + _theirsToOurs - Next);
        var near = _follows && Math.Abs((long)ahead) <= Farthest && ahead % Samples == 0;
        if (near && ahead < 0 && now - (_lateSince ??= now) < LateFor)
            return false;
        if (!near || ahead < 0)
            (_follows, _theirsToOurs, ahead) = (true, Next - theirs, 0);
        (_lateSince, timestamp, skipped) = (null, Next + (uint)ahead, ahead / Samples);
        Next = timestamp + Samples;
        _due = now + Frame + Patience;
        return true;
    }

    /// <summary>Whether something else is to be sent now, because nothing came. To be asked again until it is false.</summary>
    /// <param name="timestamp">The time to send it with.</param>
    public bool TryFill(TimeSpan now, out uint timestamp)
    {
        timestamp = Next;
        if (now < _due)
            return false;
        Next += Samples;
        _due += Frame;
        return true;
    }
}
