namespace Relais.Portal.Kit;

/// <summary>Where the institute is.</summary>
public sealed class PlaceOptions
{
    public const string Section = "Portal";

    /// <summary>IANA time zone in which pages show times.</summary>
    public string TimeZone { get; set; } = "Europe/Paris";

    public DateTimeOffset Local(DateTimeOffset when) => TimeZoneInfo.ConvertTime(when, TimeZoneInfo.FindSystemTimeZoneById(TimeZone));

    internal static bool IsKnown(PlaceOptions options) => TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _);
}
