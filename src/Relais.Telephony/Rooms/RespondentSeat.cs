using Relais.Telephony.Lines;

namespace Relais.Telephony.Rooms;

/// <summary>
/// The respondent of one call, between the operator's leg and a room. The room may change or be away while the call goes on: then, and while the call is held, the
/// respondent hears the announcement and is heard by nobody.
/// </summary>
internal sealed class RespondentSeat
{
    private readonly Announcement _announcement;
    private volatile RoomLeg? _leg;
    private bool _held;
    private bool _away;
    private int _at;

    public RespondentSeat(Guid call, RtpLeg voice, Announcement announcement, Action<RespondentSeat> closed)
    {
        (Call, Voice, _announcement) = (call, voice, announcement);
        voice.Hear = Hear;
        voice.Speak = Speak;
        voice.Closed = () => closed(this);
    }

    public Guid Call { get; }

    public RtpLeg Voice { get; }

    /// <summary>Whether the interviewer put the respondent on hold.</summary>
    public bool Held
    {
        get => Volatile.Read(ref _held);
        set => Wait(ref _held, value);
    }

    /// <summary>Whether the interviewer's voice is away.</summary>
    public bool Away
    {
        get => Volatile.Read(ref _away);
        set => Wait(ref _away, value);
    }

    public bool Seated => _leg is not null;

    public void Sit(RoomLeg leg)
    {
        _leg = leg;
        leg.Said = Say;
    }

    /// <summary>Leaves the room, the call going on.</summary>
    public async Task RiseAsync()
    {
        var leg = _leg;
        _leg = null;
        if (leg is not null)
            await leg.DisposeAsync();
    }

    private void Hear(ReadOnlyMemory<byte> samples)
    {
        if (!Held)
            _leg?.Hear(samples);
    }

    // Who waits for another reason already goes on hearing where they are.
    private void Wait(ref bool reason, bool value)
    {
        if (value && !Held && !Away)
            _at = 0;
        Volatile.Write(ref reason, value);
    }

    private void Say(uint timestamp, ReadOnlySpan<byte> frame)
    {
        if (!Held && !Away)
            Voice.Say(timestamp, frame);
    }

    // Where the room says nothing, or what it says is not for the respondent.
    private bool Speak(Memory<byte> frame)
    {
        if (_leg is not null && !Held && !Away)
            return false;
        _announcement.Read(ref _at, frame.Span);
        return true;
    }
}
