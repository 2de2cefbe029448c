using System.ComponentModel.DataAnnotations;

namespace Relais.Telephony.Quality;

/// <summary>How closely calls are watched.</summary>
public sealed class QualityOptions
{
    public const string Section = "Telephony:Quality";

    /// <summary>From one measure of a leg to the next.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00")]
    public TimeSpan MeasureEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a leg must be bad before somebody is told.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan BadFor { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Both silent for longer than this is dead air.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan DeadAirAfter { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Who was not heard once by then, while the other spoke, is reported as unheard.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:05:00")]
    public TimeSpan UnheardAfter { get; set; } = TimeSpan.FromSeconds(10);
}
