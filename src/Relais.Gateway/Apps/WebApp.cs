namespace Relais.Gateway.Apps;

/// <summary>An internal web system that is published under a host name of its own.</summary>
internal sealed class WebApp
{
    public const int NameLength = 80;
    public const int LabelLength = 40;
    public const int UpstreamLength = 300;
    public const string Kind = "app";

    public Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>First label of its host name: "pilotage" in pilotage.relais.example. Lower case, unique.</summary>
    public required string Label { get; set; }

    /// <summary>Scheme, host and port of the system itself, such as "http://10.0.0.5:8080".</summary>
    public required string Upstream { get; set; }

    /// <summary>Groups whose people may open it; none is nobody.</summary>
    public List<WebAppGroup> Groups { get; } = [];

    /// <summary>False shuts it at once, for everybody.</summary>
    public bool Enabled { get; set; }

    /// <summary>Whether it is sent the host name that people type, or its own address.</summary>
    public bool PassHost { get; set; }

    /// <summary>Whether it is also sent the bare user name, for a system that can't check a signature.</summary>
    public bool SendUser { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public string Subject => $"{Kind}:{Id}";

    /// <summary>The one rule of who may open it.</summary>
    public bool OpensFor(IReadOnlySet<Guid> groups) => Enabled && Groups.Exists(g => groups.Contains(g.GroupId));
}

/// <summary>A group whose people may open an app.</summary>
internal sealed class WebAppGroup
{
    public Guid AppId { get; init; }

    public Guid GroupId { get; init; }
}
