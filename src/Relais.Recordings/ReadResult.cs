namespace Relais.Recordings;

/// <summary>What a reader made of the bytes it was given. Readers never throw on bytes, whatever they are.</summary>
public enum ReadResult
{
    /// <summary>The bytes so far are the start of something valid; ask again with more of them.</summary>
    NeedMore,

    /// <summary>One whole unit was read.</summary>
    Complete,

    /// <summary>No further bytes can make this valid.</summary>
    Malformed,
}
