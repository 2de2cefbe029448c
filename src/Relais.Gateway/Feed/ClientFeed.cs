using Microsoft.EntityFrameworkCore;

namespace Relais.Gateway.Feed;

/// <summary>What a native client was last told that it may open.</summary>
internal sealed class ClientFeed
{
    public const int DeviceLength = 256;

    /// <summary>The client's sign-in.</summary>
    public Guid ClientId { get; init; }

    /// <summary>Of the whole list as it was last answered.</summary>
    public required byte[] Fingerprint { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The device that opened one of its files first: the only one that may, by the name that it gives.</summary>
    public string? Device { get; set; }
}

/// <summary>A file that a native client may fetch as often as it likes, and opens a target with for as long as the client stands.</summary>
internal sealed class FeedFile
{
    public const int KindLength = 20;

    public Guid ClientId { get; init; }

    public required string Kind { get; init; }

    public Guid TargetId { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>Of the token in the file where the gateway signs in.</summary>
    public required byte[] InspectedHash { get; set; }

    /// <summary>Of the token in the file where the target asks the person. Another one, because a client keeps a file that was fetched before.</summary>
    public required byte[] PassedHash { get; set; }

    /// <summary>Of the file as it was last listed.</summary>
    public required byte[] Fingerprint { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The session that it opened last, to be taken up again after a cut.</summary>
    public Guid? SessionId { get; set; }
}

internal static class FeedModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<ClientFeed>(feed =>
        {
            feed.ToTable("feed");
            feed.HasKey(f => f.ClientId);
            feed.Property(f => f.Device).HasMaxLength(ClientFeed.DeviceLength);
        });
        model.Entity<FeedFile>(file =>
        {
            file.ToTable("feed_file");
            file.HasKey(f => new { f.ClientId, f.Kind, f.TargetId });
            file.Property(f => f.Kind).HasMaxLength(FeedFile.KindLength);
            file.HasIndex(f => f.InspectedHash).IsUnique();
            file.HasIndex(f => f.PassedHash).IsUnique();
        });
    }
}
