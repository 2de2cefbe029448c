using System.Collections.Concurrent;
using Relais.Fieldwork.Cases;

namespace Relais.Fieldwork.Rules;

/// <summary>The rules of waves as they are read from their rows. A text is parsed once: rules change a few times a wave, and are asked for at each call.</summary>
internal static class WaveRules
{
    private const int MostKept = 1000;

    private static readonly ConcurrentDictionary<string, CallRules> Parsed = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<(string Rules, string Zone), CallCalendar> Calendars = new();

    public static CallRules Parse(string rules)
    {
        if (Parsed.TryGetValue(rules, out var known))
            return known;
        if (Parsed.Count >= MostKept)
            Parsed.Clear();
        return Parsed[rules] = FieldworkJson.Read<CallRules>(rules);
    }

    public static CallCalendar Calendar(string rules, string zone)
    {
        if (Calendars.TryGetValue((rules, zone), out var known))
            return known;
        if (Calendars.Count >= MostKept)
            Calendars.Clear();
        return Calendars[(rules, zone)] = new CallCalendar(Parse(rules), CallCalendar.Zone(zone) ?? throw new InvalidOperationException($"The sample holds the unknown zone {zone}."));
    }

    public static AskedWave Of(int wave, string rules, string[] zones, bool dialled = false) =>
        new(wave, Parse(rules), zones.ToDictionary(z => z, z => Calendar(rules, z), StringComparer.Ordinal), dialled);
}
