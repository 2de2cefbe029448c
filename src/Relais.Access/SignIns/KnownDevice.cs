namespace Relais.Access.SignIns;

/// <summary>A browser that this person has signed in with before: strangers' failures don't slow it down.</summary>
internal sealed class KnownDevice
{
    public Guid PersonId { get; init; }

    public required byte[] TokenHash { get; init; }

    public DateTimeOffset LastUsedAt { get; set; }
}
