namespace Relais.Fieldwork.Console.Desk;

/// <summary>The respondent's own clock.</summary>
internal static class Zones
{
    /// <summary>What the clock shows in an IANA zone now; null when the zone is not known here.</summary>
    public static DateTime? NowIn(string zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), found).DateTime : null;
}
