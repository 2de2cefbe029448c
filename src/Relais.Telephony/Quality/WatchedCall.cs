using Relais.Telephony.Lines;
using Relais.Telephony.Protocols.Quality;
using Relais.Telephony.Recordings;

namespace Relais.Telephony.Quality;

/// <summary>An answered call that this node carries: who listens to its voices, and what was measured.</summary>
/// <param name="recorder">Null for a call that is not recorded.</param>
internal sealed class WatchedCall(Guid id, Guid person, Guid trunk, DateTimeOffset answeredAt, RtpLeg voice, CallRecorder? recorder, QualityOptions options)
{
    private readonly Lock _lock = new();
    private readonly VoiceWatch _watch = new(options.DeadAirAfter, options.UnheardAfter);

    public Guid Id => id;

    /// <summary>Who speaks: of a call that was placed ahead, another one once it is connected.</summary>
    public Guid Person { get; set; } = person;

    public Guid Trunk => trunk;

    public DateTimeOffset AnsweredAt => answeredAt;

    public RtpLeg Voice => voice;

    public CallRecorder? Recorder => recorder;

    /// <summary>The legs' bad times, by the thread that measures.</summary>
    public Dictionary<LegKind, BadSpell> Spells { get; } = new() { [LegKind.Trunk] = new(options.BadFor), [LegKind.Home] = new(options.BadFor) };

    /// <summary>The shortest round trip of the home leg so far, by the same thread.</summary>
    public double? BestHomeTripMs { get; set; }

    /// <summary>Whether somebody was told that the recording had failed.</summary>
    public bool FailureNoted { get; set; }

    public VoiceFindings Findings
    {
        get
        {
            lock (_lock)
                return _watch.Findings;
        }
    }

    public void Listen() => voice.Ear.Listen(Take);

    public void StopListening() => voice.Ear.Listen(null);

    private void Take(ReadOnlySpan<byte> heard, ReadOnlySpan<byte> spoken)
    {
        lock (_lock)
            _watch.Add(heard, spoken);
        recorder?.Take(heard, spoken);
    }
}
