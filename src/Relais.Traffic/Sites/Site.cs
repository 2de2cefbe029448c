namespace Relais.Traffic.Sites;

/// <summary>What visitors of a site agreed to, as its publisher says.</summary>
internal enum ConsentMode
{
    /// <summary>Nothing: audience measurement that CNIL exempts from consent. Visitors are the same for a day; identifiers that are sent are not looked at.</summary>
    Exempt,

    /// <summary>Whoever consented sends an identifier, which is hashed for this site; who sends none is measured as if exempt.</summary>
    Consented,
}

/// <summary>A site, or a player's app, that sends beacons.</summary>
internal sealed class Site
{
    public const int KeyLengthBytes = 12;

    /// <summary>Stands in every record; small, and never given again.</summary>
    public int Id { get; set; }

    public required string Name { get; set; }

    public required string NormalizedName { get; set; }

    /// <summary>What beacons say; public, as it stands in pages.</summary>
    public required string Key { get; set; }

    /// <summary>The key before it was changed, until pages with it are gone.</summary>
    public string? FormerKey { get; set; }

    public DateTimeOffset? FormerKeyUntil { get; set; }

    /// <summary>Under it identifiers of visitors who consented are hashed. Never shown.</summary>
    public required byte[] Secret { get; set; }

    public ConsentMode Consent { get; set; }

    /// <summary>Host names whose pages may send; none: any.</summary>
    public string[] Hosts { get; set; } = [];

    public bool Enabled { get; set; } = true;

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>The secret of a day, under which visitors without consent are hashed. Gone two days later, and with it any way back.</summary>
internal sealed class DailySalt
{
    public DateOnly Day { get; set; }

    public required byte[] Secret { get; set; }
}
