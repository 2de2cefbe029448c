using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Portal.Kit;
using Relais.Traffic.Explore;
using Relais.Traffic.History;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Measures.Sketches;
using Relais.Traffic.Reports;

namespace Relais.Traffic.Channels;

/// <summary>Listening of a time of a day so far.</summary>
/// <param name="Hours">Hours that were listened.</param>
/// <param name="Listeners">Different ones; null where nobody can tell.</param>
internal sealed record DayListening(double Hours, double? Listeners);

/// <summary>How much of a channel's listening a value of a dimension has.</summary>
internal sealed record ListeningShare(string Name, double Hours, double Share);

/// <summary>A channel today, beside yesterday and the same day of the week before, up to the same time of day.</summary>
/// <param name="Curve">Listeners on average in each quarter of an hour: today, yesterday, a week before.</param>
internal sealed record ChannelDay(DayListening Today, DayListening Yesterday, DayListening WeekBefore, ShownReport Curve);

/// <summary>Today comes from the live figures, which have the hour under way; the days before from the history.</summary>
internal sealed class ReadChannel(NpgsqlDataSource source, KeptHistory history, IOptions<PlaceOptions> place)
{
    private const string Hours = "TLH_hours";
    private const int Quarter = 900;
    private const int QuartersOfDay = 96;
    private const double SlotsOfHour = 360;
    private const int Week = 7;
    private const int MostShares = 6;

    // Slots of ten seconds.
    private const string Slots = """
        SELECT minute / 15, sum(slots)::bigint FROM traffic.live_cell
        WHERE minute >= @from AND minute < @to AND dimension = @dimension AND value = @channel GROUP BY 1
        """;

    private const string Sketches = "SELECT listeners FROM traffic.live_reach WHERE quarter >= @from AND quarter < @to AND dimension = @dimension AND value = @channel";

    public async Task<ChannelDay> DayAsync(string channel, DateTimeOffset now, CancellationToken cancel)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(place.Value.TimeZone);
        var (today, second) = (DateOnly.FromDateTime(place.Value.Local(now).DateTime), now.ToUnixTimeSeconds());
        var days = new[] { today, today.AddDays(-1), today.AddDays(-Week) };
        // By the clock on the wall: on a day of 23 hours nine o'clock is nine o'clock.
        var starts = days.Select(d => Bucket.Midnight(d, zone)).ToArray();
        var ends = days.Select(d => Bucket.OfEvent(d.ToDateTime(TimeOnly.FromTimeSpan(place.Value.Local(now).TimeOfDay)), TimeSpan.FromSeconds(1), 0, zone)[0].Start).ToArray();
        var curve = new double?[QuartersOfDay, days.Length];
        var hours = 0.0;
        foreach (var (quarter, slots) in await SlotsAsync(channel, starts[0], second, cancel))
        {
            hours += slots / SlotsOfHour;
            // The quarter under way is not full yet.
            if ((quarter * Quarter) + Quarter <= second && (int)(((quarter * Quarter) - starts[0]) / Quarter) is >= 0 and < QuartersOfDay and var at)
                curve[at, 0] = slots / SlotsOfHour / ((double)Quarter / 3600);
        }

        for (var at = 0; at < QuartersOfDay && starts[0] + ((at + 1) * Quarter) <= second; at++)
            curve[at, 0] ??= 0;
        for (var day = 1; day < days.Length; day++)
            await FillAsync(curve, day, channel, starts[day], cancel);
        var before = await history.AskAsync(Question([new Bucket(starts[1], Math.Max(starts[1] + 1, ends[1])), new Bucket(starts[2], Math.Max(starts[2] + 1, ends[2]))], [], channel), cancel);
        var times = Enumerable.Range(0, QuartersOfDay).Select(q => new Bucket(starts[0] + (q * Quarter), starts[0] + ((q + 1) * Quarter))).ToList();
        return new ChannelDay(new DayListening(hours, await ListenersAsync(channel, starts[0], second, cancel)), Of(before, 0), Of(before, 1), new ShownReport(times, ["today", "yesterday", "week"], curve));
    }

    /// <summary>Listening of the last day of closed hours by a dimension, the most first.</summary>
    public async Task<IReadOnlyList<ListeningShare>> SharesAsync(string channel, string by, DateTimeOffset now, CancellationToken cancel)
    {
        var until = now.ToUnixTimeSeconds() / 3600 * 3600;
        var lines = (await history.AskAsync(Question([new Bucket(until - (24 * 3600), until)], [by], channel), cancel)).Where(l => l.Measure == Hours && l.Value > 0).OrderByDescending(l => l.Value).ToList();
        var all = lines.Sum(l => l.Value ?? 0);
        return [.. lines.Take(MostShares).Select(l => new ListeningShare(l.Of[0], l.Value ?? 0, (l.Value ?? 0) / all))];
    }

    private async Task FillAsync(double?[,] curve, int day, string channel, long start, CancellationToken cancel)
    {
        var quarters = Enumerable.Range(0, QuartersOfDay).Select(q => new Bucket(start + (q * Quarter), start + ((q + 1) * Quarter))).ToList();
        var lines = await history.AskAsync(Question(quarters, [], channel), cancel);
        // A day of which nothing is kept is left out; an empty quarter of another day had nobody.
        if (lines.Count == 0)
            return;
        for (var at = 0; at < QuartersOfDay; at++)
            curve[at, day] = 0;
        foreach (var line in lines.Where(l => l.Measure == "AAS"))
            curve[line.Bucket, day] = line.Value;
    }

    private async Task<List<(long Quarter, long Slots)>> SlotsAsync(string channel, long from, long to, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(Slots);
        Ask(command, channel, (int)(from / 60), (int)(to / 60) + 1);
        var found = new List<(long, long)>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            found.Add((row.GetInt32(0), row.GetInt64(1)));
        return found;
    }

    private async Task<double> ListenersAsync(string channel, long from, long to, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(Sketches);
        Ask(command, channel, (int)(from / Quarter), (int)(to / Quarter) + 1);
        var all = new HyperLogLog();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            if (RedisEncoding.Read(row.GetFieldValue<byte[]>(0)) is { } some)
                all.Merge(some);
        }

        return all.Count();
    }

    private static void Ask(NpgsqlCommand command, string channel, int from, int to)
    {
        command.Parameters.AddWithValue("from", from);
        command.Parameters.AddWithValue("to", to);
        command.Parameters.AddWithValue("dimension", (short)Dimension.Channel);
        command.Parameters.AddWithValue("channel", channel);
    }

    private static ReportQuestion Question(IReadOnlyList<Bucket> buckets, IReadOnlyList<string> by, string channel) =>
        new(buckets, by, new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["channel"] = [channel] }, Definition.Pages);

    private static DayListening Of(IReadOnlyList<ReportLine> lines, int bucket)
    {
        double? Value(string measure) => lines.FirstOrDefault(l => l.Bucket == bucket && l.Measure == measure)?.Value;
        return new DayListening(Value(Hours) ?? 0, Value("CUME") ?? 0);
    }
}
