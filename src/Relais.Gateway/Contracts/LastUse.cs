namespace Relais.Gateway.Contracts;

/// <summary>The latest session on a target.</summary>
/// <param name="Target">The row of the target.</param>
/// <param name="SeenAt">When a connection of it was last known to be alive, or when it was ended.</param>
public sealed record LastUse(Guid Target, DateTimeOffset SeenAt, UseEnd End);

/// <summary>Whether a session can go on.</summary>
public enum UseEnd
{
    /// <summary>It is connected, or was cut a moment ago.</summary>
    Open,

    /// <summary>It was cut, and nobody took it up again in time.</summary>
    Cut,

    /// <summary>The person closed it; perhaps only the page, to load it anew.</summary>
    Left,

    /// <summary>It was ended: by a sign-out, an administrator, a limit, or because the person went elsewhere.</summary>
    Over,
}
