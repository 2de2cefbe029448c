namespace Relais.Portal.Kit;

/// <summary>What a state means to the person who looks.</summary>
public enum StateKind
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Something is being done; wait.</summary>
    Busy,

    /// <summary>At rest, on purpose.</summary>
    Idle,

    /// <summary>Goes on, and needs a look.</summary>
    Warning,

    /// <summary>Does not go on.</summary>
    Bad,

    /// <summary>Neither good nor bad.</summary>
    Neutral,
}
