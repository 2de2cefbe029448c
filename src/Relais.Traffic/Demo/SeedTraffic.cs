using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;
using Relais.Traffic.History;
using Relais.Traffic.Markers;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Demo;

/// <summary><c>relais demo traffic</c>: the demo's sites, three weeks of made-up listening in the history, and yesterday evening a speech with its marker.</summary>
internal static class SeedTraffic
{
    public static readonly Verb Verb = new("demo traffic", "add the sample sites, three weeks of generated listening, and a speech yesterday evening", Run);

    /// <summary>Pages that are seen.</summary>
    public static readonly IReadOnlyList<string> Paths = ["/", "/direct", "/programmes", "/podcasts", "/actualites", "/actualites/discours", "/meteo"];

    /// <summary>The name of the files: days that have one are left as they are.</summary>
    private const string Writer = "demo";
    private const string Marker = "Allocution du Président (exemple)";
    private const int Days = 21;
    private const int SpeechHour = 20;

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        await call.Services.ApplyMigrationsAsync(cancel);
        var (history, now) = (call.Services.GetRequiredService<KeptHistory>().Folder, call.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        await using var scope = call.Services.CreateAsyncScope();
        var sites = scope.ServiceProvider.GetRequiredService<EditSites>();
        var site = await DemoAudience.FindSiteAsync(sites, DemoAudience.Site, cancel);
        await DemoAudience.FindSiteAsync(sites, DemoAudience.SpeechSite, cancel);
        var added = Write(history, now, cancel);
        var speech = SpeechOf(history, now);
        var db = scope.ServiceProvider.GetRequiredService<TrafficDb>();
        if (!await db.Markers.AnyAsync(m => m.Name == Marker, cancel))
        {
            var local = TimeZoneInfo.ConvertTime(speech, history.Zone).ToString(EditMarkers.TimeFormat, CultureInfo.InvariantCulture);
            await scope.ServiceProvider.GetRequiredService<EditMarkers>().AddAsync(Marker, local, Actor.System, cancel);
        }

        if (added > 0)
            await call.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Traffic:          {added} days of generated listening; the live wall is at /traffic, with a button for the speech"));
        var port = call.Services.GetRequiredService<IConfiguration>()["Relais:HttpsPort"] ?? "8443";
        if (site is not null)
            await call.Out.WriteLineAsync($"A radio player:   ./relais traffic sample --site {site.Key} --to https://localhost:{port}/c, then http://localhost:8090/radio");
        return 0;
    }

    /// <summary>Writes the days that nobody wrote, today up to the last whole hour.</summary>
    /// <returns>How many.</returns>
    internal static int Write(HistoryFolder history, DateTimeOffset now, CancellationToken cancel)
    {
        var (today, written) = (history.DayOf(now.ToUnixTimeSeconds()), 0);
        var until = now.ToUnixTimeSeconds() / 3600 * 3600;
        using var writer = new HistoryWriter(history);
        for (var day = today.AddDays(-Days); day <= today; day = day.AddDays(1))
        {
            cancel.ThrowIfCancellationRequested();
            var folder = history.Folder(HistoryFolder.Listens, day);
            if (Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any())
                continue;
            var chance = new Random(day.DayNumber);
            List<ListenRow> listens = [.. Listens(history, day, chance, until), .. day == today.AddDays(-1) ? SpeechListens(SpeechOf(history, now).ToUnixTimeSeconds(), chance) : []];
            writer.Write(Writer, Views(history, day, chance, until));
            // Listening into the next day is of the day in which it begins.
            writer.Write(Writer, listens.Where(l => history.DayOf(l.Start) == day));
            written++;
        }

        return written;
    }

    /// <summary>Yesterday at eight in the evening.</summary>
    private static DateTimeOffset SpeechOf(HistoryFolder history, DateTimeOffset now)
    {
        var local = history.DayOf(now.ToUnixTimeSeconds()).AddDays(-1).ToDateTime(new TimeOnly(SpeechHour, 0));
        return new DateTimeOffset(local, history.Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private static IEnumerable<ListenRow> Listens(HistoryFolder history, DateOnly day, Random chance, long until)
    {
        const int sessions = 9000;
        // Weekends are quieter, and no day is as another.
        var share = (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.75 : 1) * (0.92 + (0.16 * chance.NextDouble()));
        for (var i = 0; i < sessions * share; i++)
        {
            var start = Moment(history, day, chance);
            var stop = start + (long)DemoAudience.AnyLength(chance, TimeSpan.FromMinutes(24), TimeSpan.FromSeconds(20)).TotalSeconds;
            var device = DemoAudience.AnyDevice(chance);
            if (start < until)
                yield return new ListenRow(start, Math.Min(stop, until), DemoAudience.Site, DemoAudience.AnyChannel(chance), false, Listener(chance), device.Kind, device.Player, DemoAudience.AnyRegion(chance));
        }
    }

    // Most come within two minutes and stay until it is over, a quarter of an hour later.
    private static IEnumerable<ListenRow> SpeechListens(long at, Random chance)
    {
        const int crowd = 6000;
        for (var i = 0; i < crowd; i++)
        {
            var start = at - 60 + (long)(360 * chance.NextDouble() * chance.NextDouble());
            var stop = Math.Max(start + 90, at + (long)(900 + (420 * chance.NextDouble()) - (600 * chance.NextDouble() * chance.NextDouble())));
            var device = DemoAudience.AnyDevice(chance);
            yield return new ListenRow(start, stop, DemoAudience.SpeechSite, DemoAudience.AnyChannel(chance, speech: true), false, (ulong)chance.NextInt64(), device.Kind, device.Player, DemoAudience.AnyRegion(chance));
        }
    }

    private static IEnumerable<RequestRow> Views(HistoryFolder history, DateOnly day, Random chance, long until)
    {
        const int views = 4000;
        for (var i = 0; i < views; i++)
        {
            var at = Moment(history, day, chance);
            var device = DemoAudience.AnyDevice(chance);
            if (at < until)
                yield return new RequestRow(at, DemoAudience.Site, Paths[chance.Next(Paths.Count)], "GET", 200, true, false, Listener(chance), device.Kind, "", DemoAudience.AnyRegion(chance));
        }
    }

    // The same people come back on other days.
    private static ulong Listener(Random chance) => (ulong)(chance.Next(14_000) + 1) * 0x9E3779B97F4A7C15UL;

    // By the hours' fullness: a moment that is drawn in an empty hour is drawn again.
    private static long Moment(HistoryFolder history, DateOnly day, Random chance)
    {
        while (true)
        {
            var hour = 24 * chance.NextDouble();
            if (chance.NextDouble() > DemoAudience.FullnessAt(hour))
                continue;
            var local = day.ToDateTime(TimeOnly.MinValue).AddHours(hour);
            return new DateTimeOffset(local, history.Zone.GetUtcOffset(local)).ToUnixTimeSeconds();
        }
    }
}
