using System.ComponentModel.DataAnnotations;

namespace Relais.Audience.Runs;

/// <summary>How long results of runs are kept that nobody published. Published ones are kept for good.</summary>
public sealed class RunOptions
{
    public const string Section = "Audience:Runs";

    /// <summary>After how many days the results of a run are removed that was never published, and interviews that Fieldwork completed; 0 keeps them until somebody removes them.</summary>
    [Range(0, 3650)]
    public int KeepDays { get; set; } = 365;

    /// <summary>How often this node looks for results to remove.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromHours(6);
}
