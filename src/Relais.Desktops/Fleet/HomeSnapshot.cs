namespace Relais.Desktops.Fleet;

/// <summary>A moment of a home that it can go back to.</summary>
internal sealed class HomeSnapshot
{
    public Guid Id { get; init; }

    public Guid DesktopId { get; init; }

    public SnapshotReason Reason { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    /// <summary>Null until the engine has it.</summary>
    public DateTimeOffset? TakenAt { get; set; }

    /// <summary>Whether it is to go.</summary>
    public bool Leaving { get; set; }

    /// <summary>What the engine calls it.</summary>
    public string Name => $"s-{Id:N}";

    public static HomeSnapshot Of(Guid desktop, SnapshotReason reason, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), DesktopId = desktop, Reason = reason, AskedAt = now };
}

/// <summary>Why a snapshot was taken.</summary>
public enum SnapshotReason
{
    /// <summary>Somebody wanted it.</summary>
    Asked,

    /// <summary>It was time.</summary>
    Scheduled,

    /// <summary>The home went back to an older one: this is the way back from there.</summary>
    BeforeRestore,
}
