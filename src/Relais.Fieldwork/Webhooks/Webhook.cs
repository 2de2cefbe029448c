namespace Relais.Fieldwork.Webhooks;

/// <summary>An address that wants to be told of a study's changes. It reads the feed from a place of its own, so that one that rests or was switched off misses nothing.</summary>
internal sealed class Webhook
{
    public const int NameLength = 80;
    public const int UrlLength = 500;
    public const int MostOfStudy = 20;

    public required Guid Id { get; init; }

    public required Guid StudyId { get; init; }

    public required string Name { get; init; }

    public required string Url { get; set; }

    /// <summary>Some of <see cref="Steering.ChangeKinds"/>.</summary>
    public required string[] Kinds { get; set; }

    /// <summary>The key of its signatures, sealed.</summary>
    public required byte[] Secret { get; set; }

    /// <summary>The key before, sealed, with which is signed as well until <see cref="OldUntil"/>: the receiver changes its own in between.</summary>
    public byte[]? OldSecret { get; set; }

    public DateTimeOffset? OldUntil { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedByName { get; init; }

    /// <summary>The last place of the feed of which its deliveries were made out.</summary>
    public required long Position { get; set; }

    /// <summary>In a row, of whatever delivery.</summary>
    public int Failures { get; set; }

    /// <summary>Since when nothing went through; null: the last one did.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>It did not answer: nothing is sent before.</summary>
    public DateTimeOffset? RestUntil { get; set; }

    public DateTimeOffset? LastSuccessAt { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>"by-hand", "failing" or "gone".</summary>
    public string? DisabledWhy { get; set; }
}

internal enum DeliveryState : short
{
    Waiting = 0,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered = 1,

    /// <summary>Refused for days; what came after it goes on.</summary>
    GivenUp = 2,
}

/// <summary>One change for one address. It waits while an older one of the same case waits.</summary>
internal sealed class WebhookDelivery
{
    public const int ErrorLength = 300;

    public long Id { get; init; }

    public required Guid WebhookId { get; init; }

    /// <summary>Null for a test.</summary>
    public long? ChangeId { get; init; }

    public required Guid EventId { get; init; }

    public required string Kind { get; init; }

    /// <summary>What order holds for: a case, a quota's cell.</summary>
    public required string Key { get; init; }

    public required long Position { get; init; }

    public DeliveryState State { get; set; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Not before.</summary>
    public required DateTimeOffset DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? LastAt { get; set; }

    /// <summary>What the receiver answered last; null: nothing.</summary>
    public int? Status { get; set; }

    public string? Error { get; set; }

    public int? Milliseconds { get; set; }
}
