namespace Relais.Telephony.Recordings;

/// <summary>How far the recording of a call is, or how it ended.</summary>
internal enum CallRecordingState
{
    /// <summary>The call goes on.</summary>
    Running,

    /// <summary>All of the call, from the answer to its end.</summary>
    Whole,

    /// <summary>The server stopped in its midst: all up to the last whole half second.</summary>
    Interrupted,

    /// <summary>The disk was full, failed or was too slow: it ends before the call did.</summary>
    Dropped,

    /// <summary>Its file is gone, or is no recording.</summary>
    Missing,

    /// <summary>Somebody deleted it, and said why.</summary>
    Deleted,

    /// <summary>Its time was over.</summary>
    Purged,
}

/// <summary>The recording of a call: one row; its sound lies in a file of the node that carried the call.</summary>
internal sealed class CallRecording
{
    public required Guid CallId { get; init; }

    /// <summary>Of its first sample; a moment after the answer.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The machine whose disk holds the file.</summary>
    public required string Node { get; init; }

    /// <summary>From the folder of recordings.</summary>
    public required string File { get; init; }

    public CallRecordingState State { get; set; }

    public int DurationMs { get; set; }

    public long LengthBytes { get; set; }

    /// <summary>The largest amplitudes of left and right in turn, 0 to 252, evenly over the whole: computed when it is closed.</summary>
    public byte[] Peaks { get; set; } = [];

    /// <summary>In milliseconds from the beginning: paused, resumed, paused, resumed. An odd number: paused up to the end.</summary>
    public List<int> Pauses { get; set; } = [];

    /// <summary>Whether the respondent heard an announcement.</summary>
    public bool Announced { get; init; }

    public DateTimeOffset KeepUntil { get; set; }

    /// <summary>When somebody said that it is to be kept, whatever its age.</summary>
    public DateTimeOffset? HeldAt { get; set; }

    public DateTimeOffset? GoneAt { get; set; }

    public string? GoneWhy { get; set; }

    /// <summary>Whether there is something to hear.</summary>
    public bool Playable => State is CallRecordingState.Whole or CallRecordingState.Interrupted or CallRecordingState.Dropped;

    public bool Gone => State is CallRecordingState.Deleted or CallRecordingState.Purged;

    public static string FileOf(Guid call, DateTimeOffset now) => FormattableString.Invariant($"{now.UtcDateTime:yyyy/MM/dd}/{call}.rlr");

    /// <summary>Nothing of what was said stays.</summary>
    public void Forget(CallRecordingState state, DateTimeOffset now, string? why) => (State, GoneAt, GoneWhy, Peaks) = (state, now, why, []);

    /// <summary>The pauses, the last one closed at the end.</summary>
    public IEnumerable<(int FromMs, int UntilMs)> Paused()
    {
        for (var i = 0; i < Pauses.Count; i += 2)
            yield return (Pauses[i], i + 1 < Pauses.Count ? Pauses[i + 1] : DurationMs);
    }
}

/// <summary>A moment of a call that somebody may want to go back to: when a question was asked.</summary>
internal sealed class CallMarkRow
{
    public const int LabelLength = 200;

    public required Guid CallId { get; init; }

    /// <summary>Since the answer.</summary>
    public required int Ms { get; init; }

    public required string Label { get; init; }
}
