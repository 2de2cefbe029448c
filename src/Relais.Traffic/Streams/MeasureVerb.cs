using System.Globalization;
using System.Runtime.InteropServices;
using Relais.Kernel.Verbs;
using Relais.Traffic.Measures.Listening;

namespace Relais.Traffic.Streams;

/// <summary><c>relais traffic measure CONNECTIONS.csv</c>: what streaming is traded on, station by station.</summary>
internal static class MeasureVerb
{
    private const int BadInput = 1;
    private const int UsageError = 2;
    private const string DefaultZone = "Europe/Paris";

    private const string Usage = """
        usage: relais traffic measure CONNECTIONS.csv [--zone Europe/Paris]
          CONNECTIONS.csv  listener,station,start_epoch,end_epoch: a line a connection, in whole seconds since 1970, the end not counted
          --zone Z         whose days they are (IANA): averages are over the whole days that the connections touch
        prints station,measure,value; a mean over nobody is empty
        exit code: 0 printed; 1 the file cannot be used; 2 the call is wrong
        """;

    public static readonly Verb Verb = new("traffic measure", "listening measures of streams from their connections: relais traffic measure --help", RunAsync) { Usage = Usage };

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        var (path, zoneName) = call.Arguments switch
        {
            [var file] => (file, DefaultZone),
            [var file, "--zone", var named] => (file, named),
            ["--zone", var named, var file] => (file, named),
            _ => ("", ""),
        };
        if (path is "" or "--help" or "help")
        {
            await (path.Length > 0 ? call.Out : call.Error).WriteLineAsync(Usage);
            return path.Length > 0 ? 0 : UsageError;
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out var zone))
        {
            await call.Error.WriteLineAsync($"relais traffic measure: there is no zone {zoneName}; name one of the IANA, such as {DefaultZone}.");
            return UsageError;
        }

        try
        {
            switch (ConnectionsFile.Read(path))
            {
                case ConnectionsFile.Bad bad:
                    await call.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"relais traffic measure: {path}, line {bad.Line}: {bad.Problem}"));
                    return BadInput;
                case ConnectionsFile.Good good:
                    await PrintAsync(call.Out, good, HoursOfDays(good.First, good.Last, zone), cancel);
                    return 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await call.Error.WriteLineAsync($"relais traffic measure: {e.Message}");
        }

        return BadInput;
    }

    private static async Task PrintAsync(TextWriter to, ConnectionsFile.Good good, double hours, CancellationToken cancel)
    {
        await to.WriteLineAsync("station,measure,value");
        foreach (var (station, connections) in good.Stations)
        {
            cancel.ThrowIfCancellationRequested();
            var measures = ListeningMeasures.Of(CollectionsMarshal.AsSpan(connections), hours);
            var name = station.AsSpan().ContainsAny(",\"\r\n") ? $"\"{station.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : station;
            foreach (var (measure, value) in Named(measures))
                await to.WriteLineAsync($"{name},{measure},{(double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture))}");
        }
    }

    private static IEnumerable<(string Measure, double Value)> Named(ListeningMeasures of) =>
    [
        ("active_sessions_ge60s", of.ActiveSessions), ("TLH_hours", of.Hours), ("CUME", of.Listeners), ("AAS", of.AverageSessions),
        ("TSL_hours_per_listener", of.HoursPerListener), ("ecoutes_actives_gt30s", of.ActiveListens), ("duree_ecoute_hours_gt30s", of.ActiveListenHours),
        ("duree_moyenne_s_gt30s", of.ActiveListenSeconds), ("visits_30min", of.Visits), ("peak_concurrent_connections", of.Peak), ("peak_first_epoch", of.PeakAt),
    ];

    // A day on which clocks change has 23 or 25 hours.
    private static double HoursOfDays(long first, long last, TimeZoneInfo zone)
    {
        var from = DayOf(first, zone);
        var until = DayOf(Math.Max(first, last - 1), zone).AddDays(1);
        return (Midnight(until, zone) - Midnight(from, zone)).TotalHours;
    }

    private static DateOnly DayOf(long second, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(second), zone).DateTime);

    private static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
