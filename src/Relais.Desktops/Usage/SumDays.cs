using Microsoft.EntityFrameworkCore;

namespace Relais.Desktops.Usage;

/// <summary>Adds up the hours of days that are over, and reads days whether they are added up yet or not.</summary>
internal sealed class SumDays(DesktopsDb db, TimeProvider clock)
{
    // A sample that another node was late with still lands in its day.
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);

    // Of an older database, so that no statement is long.
    private const int MostAtOnce = 30;

    private const string Insert = """
        INSERT INTO desktops.usage_day ("Day", "DesktopId", "PersonId", "LimitMiB", "PoolId", "Bundle", "RunningSeconds", "FrozenSeconds", "SessionSeconds",
            "CpuSeconds", "CoreSeconds", "Kills", "WithCache", "LastSlot", "UsedAt", "Peaks")

        """ + UsageDay.Sum + " ON CONFLICT DO NOTHING";

    public async Task HandleAsync(CancellationToken cancel)
    {
        var end = DayOf(clock.GetUtcNow() - Late);
        var start = await SummedUntilAsync(cancel);
        if (start is null)
        {
            var first = await db.UsageHours.OrderBy(h => h.Hour).Select(h => (DateTimeOffset?)h.Hour).FirstOrDefaultAsync(cancel);
            start = first is { } hour ? DayOf(hour) : end;
        }

        for (var day = start.Value; day < end; day = day.AddDays(MostAtOnce))
        {
            var last = end <= day.AddDays(MostAtOnce) ? end : day.AddDays(MostAtOnce);
            await db.Database.ExecuteSqlRawAsync(Insert, [Start(day), Start(last)], cancel);
        }
    }

    /// <summary>Days of UTC, the last one left out.</summary>
    public async Task<List<UsageDay>> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancel)
    {
        var days = await db.UsageDays.AsNoTracking().Where(d => d.Day >= from && d.Day < to).ToListAsync(cancel);
        var rest = await SummedUntilAsync(cancel) is { } summed && summed > from ? summed : from;
        if (rest < to)
            days.AddRange(await db.UsageDays.FromSqlRaw(UsageDay.Sum, Start(rest), Start(to)).AsNoTracking().ToListAsync(cancel));
        return days;
    }

    internal static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);

    internal static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private async Task<DateOnly?> SummedUntilAsync(CancellationToken cancel) =>
        await db.UsageDays.MaxAsync(d => (DateOnly?)d.Day, cancel) is { } day ? day.AddDays(1) : null;
}
