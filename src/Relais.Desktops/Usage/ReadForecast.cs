using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Portal.Kit;

namespace Relais.Desktops.Usage;

/// <summary>From the hour that runs to midnight, and the whole of the day after, in the institute's time.</summary>
internal sealed class ReadForecast(DesktopsDb db, IOptions<PlaceOptions> place, TimeProvider clock)
{
    /// <summary>The most of one local hour, as the database adds it up.</summary>
    internal sealed record SlotHour(DateTime Hour, int Desktops, long PromisedMiB);

    public async Task<FleetForecast> HandleAsync(CancellationToken cancel)
    {
        var now = place.Value.Local(clock.GetUtcNow());
        var today = DateOnly.FromDateTime(now.DateTime);
        var zone = place.Value.TimeZone;
        // Twice the weeks: as many again to try the method on.
        var since = clock.GetUtcNow().AddDays(-7 * 2 * Forecast.Weeks);
        var hours = await db.Database.SqlQuery<SlotHour>(
            $"""
            SELECT date_trunc('hour', "Slot" AT TIME ZONE {zone}) AS "Hour", max("Desktops") AS "Desktops", max("PromisedMiB") AS "PromisedMiB"
            FROM desktops.usage_fleet WHERE "Slot" >= {since} GROUP BY 1
            """).ToListAsync(cancel);
        var latest = await db.FleetSlots.AsNoTracking().OrderByDescending(s => s.Slot).FirstOrDefaultAsync(cancel);
        // The day that runs is not over: its hours would pass for quiet ones.
        var over = hours.FindAll(h => DateOnly.FromDateTime(h.Hour) < today);
        var desktops = over.ConvertAll(h => new HourPeak(DateOnly.FromDateTime(h.Hour), h.Hour.Hour, h.Desktops));
        var memory = over.ConvertAll(h => new HourPeak(DateOnly.FromDateTime(h.Hour), h.Hour.Hour, h.PromisedMiB));
        var tomorrow = today.AddDays(1);
        return new FleetForecast(
            Forecast.Of(desktops, today, now.Hour), Forecast.Of(memory, today, now.Hour), Forecast.Of(desktops, tomorrow, 0), Forecast.Of(memory, tomorrow, 0),
            latest?.BudgetMiB ?? 0, desktops.Select(d => d.Day).Distinct().Count(), tomorrow, latest is { Desktops: > 0 } ? latest.PromisedMiB / latest.Desktops : 0,
            [
                .. Forecast.ByHour(memory, today, now.Hour).Select(h => new HourToCome(today, h.Hour, h.Value)),
                .. Forecast.ByHour(memory, tomorrow, 0).Select(h => new HourToCome(tomorrow, h.Hour, h.Value)),
            ]);
    }
}
