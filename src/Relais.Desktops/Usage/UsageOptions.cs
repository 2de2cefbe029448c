using System.ComponentModel.DataAnnotations;

namespace Relais.Desktops.Usage;

/// <summary>How what desktops take is noted, kept and judged.</summary>
public sealed class UsageOptions
{
    public const string Section = "Desktops:Usage";

    /// <summary>How often a sample is taken; each one stands for that long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan SampleEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long hours and samples of the whole fleet are kept.</summary>
    [Range(typeof(TimeSpan), "30.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(400);

    /// <summary>After so many days without a session a desktop counts as not used.</summary>
    [Range(1, 365)]
    public int UnusedDays { get; set; } = 14;

    /// <summary>Price of a GiB of memory that is promised for an hour; 0 for none.</summary>
    [Range(0.0, 1000.0)]
    public double GiBHour { get; set; }

    /// <summary>Price of a processor for an hour; 0 for none.</summary>
    [Range(0.0, 1000.0)]
    public double CpuHour { get; set; }

    /// <summary>In which the prices are.</summary>
    [Required, StringLength(3, MinimumLength = 3)]
    public string Currency { get; set; } = "EUR";

    /// <summary>The currency when there are prices; null without.</summary>
    internal string? PricedIn => GiBHour > 0 || CpuHour > 0 ? Currency : null;
}
