using System.ComponentModel.DataAnnotations;

namespace Relais.Traffic.History;

/// <summary>Where this node's history of traffic lies and for how long.</summary>
public sealed class HistoryOptions
{
    public const string Section = "Traffic:History";

    /// <summary>Empty: <c>traffic/history</c> in the data directory.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Months after which visitors of different days cannot be told to be the same. CNIL: 13 at most.</summary>
    [Range(1, 13)]
    public int IdentifierMonths { get; set; } = 13;

    /// <summary>Months after which days are removed. CNIL: 25 at most.</summary>
    [Range(1, 25)]
    public int DataMonths { get; set; } = 25;
}
