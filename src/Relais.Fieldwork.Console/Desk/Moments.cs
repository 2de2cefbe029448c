using System.Globalization;
using System.Runtime.Versioning;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>Days and times in words, as the browser says them in a language.</summary>
[SupportedOSPlatform("browser")]
internal static class Moments
{
    /// <summary>Such as "jeudi 26 novembre à 17:30", as it stands on the clock.</summary>
    public static string Say(string language, DateTimeOffset at) => Say(language, at.DateTime);

    public static string Say(string language, DateTime local) =>
        Bridge.Say(language, Iso(local), """{"weekday":"long","day":"numeric","month":"long","hour":"2-digit","minute":"2-digit"}""");

    public static string Day(string language, DateOnly day) => Bridge.Say(language, Iso(day.ToDateTime(TimeOnly.MinValue)), """{"weekday":"short","day":"numeric","month":"short"}""");

    public static string LongDay(string language, DateOnly day) => Bridge.Say(language, Iso(day.ToDateTime(TimeOnly.MinValue)), """{"weekday":"long","day":"numeric","month":"long"}""");

    // Said in UTC, so that the words are those of the clock that is meant.
    private static string Iso(DateTime local) => local.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
