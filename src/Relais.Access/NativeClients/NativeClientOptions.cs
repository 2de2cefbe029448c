using System.ComponentModel.DataAnnotations;

namespace Relais.Access.NativeClients;

/// <summary>What people may have of remote desktop programs that sign in by themselves.</summary>
public sealed class NativeClientOptions
{
    public const string Section = "Access:NativeClients";

    /// <summary>How many one person may have; zero for none at all, which also shuts those that exist.</summary>
    [Range(0, 50)]
    public int PerPerson { get; set; } = 5;

    /// <summary>Without any use.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan IdleLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>However much it is used.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "1830.00:00:00")]
    public TimeSpan Life { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How long it is still known that one was there, and so whose stored file is refused, after it ended.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "1830.00:00:00")]
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(90);
}
