namespace Relais.Access.KeptForms;

/// <summary>What somebody sent from a form when they had to prove first who they are. It waits for them, sealed, for a short while.</summary>
internal sealed class KeptForm
{
    public const int PathLength = 2000;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PersonId { get; init; }

    /// <summary>Of the browser that sent it: no other gets it.</summary>
    public required byte[] BrowserHash { get; init; }

    /// <summary>Where it was sent to.</summary>
    public required string Path { get; init; }

    /// <summary>Its fields, protected: there may be a password among them.</summary>
    public required byte[] Fields { get; init; }

    public DateTimeOffset KeptAt { get; init; }
}
