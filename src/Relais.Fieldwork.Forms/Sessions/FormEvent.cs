namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>What an interviewer did.</summary>
public enum FormEventKind
{
    /// <summary>Gave, changed or (with an empty value) took back an answer.</summary>
    Answer,

    /// <summary>Confirmed an answer that a soft check doubts. The value is the answer confirmed.</summary>
    Confirm,

    /// <summary>Added a time round a repeat; the path is the repeat's, such as <c>/data/child</c>.</summary>
    AddPass,

    /// <summary>Removed a time round, such as <c>/data/child[2]</c>.</summary>
    RemovePass,

    /// <summary>Went on in another language.</summary>
    Language,

    /// <summary>Left a remark on a question; the value is the remark.</summary>
    Comment,

    /// <summary>Saw a question whose time is recorded for the first time.</summary>
    Shown,
}

/// <summary>
/// One step of an interview. The events of an interview, replayed in order from the same start, give the same record byte for byte: on
/// another computer, and on the server.
/// </summary>
/// <param name="Sequence">1, 2, 3, ... within the interview.</param>
/// <param name="Path">The question, with the number of each time round: <c>/data/child[2]/name</c>.</param>
/// <param name="Value">As the record stores it.</param>
/// <param name="Language">The language it was asked in.</param>
/// <param name="At">When, with the offset of the interviewer's zone.</param>
public sealed record FormEvent(long Sequence, FormEventKind Kind, string Path, string Value, string Language, DateTimeOffset At);

/// <summary>What an interview begins with.</summary>
/// <param name="Seed">Where all chance of this interview begins; draw it well, its instance id depends on it.</param>
/// <param name="At">When it was opened, with the offset of the interviewer's zone.</param>
public sealed record SessionStart(long Seed, DateTimeOffset At)
{
    /// <summary>Null for the form's default language.</summary>
    public string? Language { get; init; }

    public string Username { get; init; } = "";

    public string DeviceId { get; init; } = "";

    /// <summary>What is known beforehand, such as the region from the sample: values by path or by name of the item.</summary>
    public IReadOnlyDictionary<string, string> Known { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
