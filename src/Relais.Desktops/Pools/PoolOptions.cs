using System.ComponentModel.DataAnnotations;

namespace Relais.Desktops.Pools;

/// <summary>When a desktop of a pool is over.</summary>
public sealed class PoolOptions
{
    public const string Section = "Desktops:Pools";

    /// <summary>How long a desktop waits for its person after a connection that was cut, or before the first one.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan CutGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it waits after its page was closed, so that a page that is only loaded anew finds it again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan CloseGrace { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often it is looked whether people may still use the desktops that they have.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "01:00:00")]
    public TimeSpan RightsEvery { get; set; } = TimeSpan.FromSeconds(2);
}
