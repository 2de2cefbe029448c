using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Portal.Kit;

namespace Relais.Desktops.Usage;

/// <summary>What a desktop took in a period, and what follows from it.</summary>
/// <param name="Person">Who had it last; empty for one of a pool that nobody had.</param>
/// <param name="IdleShare">Share of the time that it ran or was frozen in which no session was open.</param>
/// <param name="CpuShare">Of the processors that it had while it ran.</param>
/// <param name="Cost">Null without prices.</param>
/// <param name="Saved">What the suggested size would have cost less; null without prices or suggestion, negative when it costs more.</param>
internal sealed record UsageLine(
    Guid Desktop, Guid PersonId, string Person, string Bundle, double RunningHours, double FrozenHours, double SessionHours, double IdleShare, double CpuShare,
    long MemoryP95MiB, long LimitMiB, DateTimeOffset? LastUsed, Verdict Verdict, long? SuggestedMiB, double? Cost, double? Saved);

/// <summary>One desktop's hours, added up by the database.</summary>
internal sealed record UsageSum(
    Guid Desktop, Guid Person, string Bundle, long Running, long Frozen, long Session, double Cpu, long CoreSeconds, int MemoryP95, int Limit, double GiBSeconds,
    DateTimeOffset? LastUsed);

/// <summary>Peaks that are to come; null where there is too little history, with how much there is.</summary>
internal sealed record FleetForecast(
    Peak? TonightDesktops, Peak? TonightMiB, Peak? TomorrowDesktops, Peak? TomorrowMiB, long BudgetMiB, int DaysKept, DateOnly Tomorrow);

internal sealed class ReadUsage(DesktopsDb db, People people, IOptions<UsageOptions> options, IOptions<PlaceOptions> place, TimeProvider clock)
{
    public async Task<IReadOnlyList<UsageLine>> HandleAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var sums = await db.Database.SqlQuery<UsageSum>(
            $"""
            SELECT "DesktopId" AS "Desktop", (array_agg("PersonId" ORDER BY "LastSlot" DESC))[1] AS "Person",
                (array_agg("Bundle" ORDER BY "LastSlot" DESC))[1] AS "Bundle",
                sum("RunningSeconds") AS "Running", sum("FrozenSeconds") AS "Frozen", sum("SessionSeconds") AS "Session", sum("CpuSeconds") AS "Cpu",
                sum("RunningSeconds"::bigint * "Processors")::bigint AS "CoreSeconds",
                percentile_disc(0.95) WITHIN GROUP (ORDER BY "MemoryMiB") AS "MemoryP95",
                (array_agg("LimitMiB" ORDER BY "LastSlot" DESC))[1] AS "Limit",
                sum(("RunningSeconds" + "FrozenSeconds") * ("LimitMiB" / 1024.0))::float8 AS "GiBSeconds",
                max("LastSlot") FILTER (WHERE "SessionSeconds" > 0) AS "LastUsed"
            FROM desktops.usage_hour WHERE "Hour" >= {from.ToUniversalTime()} AND "Hour" < {to.ToUniversalTime()} GROUP BY "DesktopId"
            """).ToListAsync(cancel);
        var cards = await people.FindManyAsync([.. sums.Where(s => s.Person != Guid.Empty).Select(s => new PersonId(s.Person)).Distinct()], cancel);
        return [.. sums.Select(s => Line(s, cards.GetValueOrDefault(new PersonId(s.Person))?.DisplayName ?? "", to)).OrderByDescending(l => l.RunningHours).ThenBy(l => l.Desktop)];
    }

    /// <summary>From the hour that runs to midnight, and the whole of the day after, in the institute's time.</summary>
    public async Task<FleetForecast> ForecastAsync(CancellationToken cancel)
    {
        var now = place.Value.Local(clock.GetUtcNow());
        var today = DateOnly.FromDateTime(now.DateTime);
        // Twice the weeks: as many again to try the method on.
        var since = clock.GetUtcNow().AddDays(-7 * 2 * Forecast.Weeks);
        var slots = await db.FleetSlots.AsNoTracking().Where(s => s.Slot >= since).OrderBy(s => s.Slot).ToListAsync(cancel);
        var local = slots.Select(s => (When: place.Value.Local(s.Slot), Slot: s)).ToList();
        // The day that runs is not over: its hours would pass for quiet ones.
        var over = local.Where(s => DateOnly.FromDateTime(s.When.DateTime) < today).ToList();
        List<HourPeak> desktops = [.. over.Select(s => new HourPeak(DateOnly.FromDateTime(s.When.DateTime), s.When.Hour, s.Slot.Desktops))];
        List<HourPeak> memory = [.. over.Select(s => new HourPeak(DateOnly.FromDateTime(s.When.DateTime), s.When.Hour, s.Slot.PromisedMiB))];
        return new FleetForecast(
            Forecast.Of(desktops, today, now.Hour), Forecast.Of(memory, today, now.Hour),
            Forecast.Of(desktops, today.AddDays(1), 0), Forecast.Of(memory, today.AddDays(1), 0),
            slots.LastOrDefault()?.BudgetMiB ?? 0, desktops.Select(d => d.Day).Distinct().Count(), today.AddDays(1));
    }

    private UsageLine Line(UsageSum sum, string person, DateTimeOffset to)
    {
        var prices = options.Value;
        var (hours, there) = (sum.Running / 3600.0, (sum.Running + sum.Frozen) / 3600.0);
        var used = sum.LastUsed is { } last && to - last < TimeSpan.FromDays(prices.UnusedDays);
        var verdict = Verdicts.Of(there, used, sum.MemoryP95, sum.Limit);
        var suggested = Verdicts.SuggestMiB(verdict, sum.MemoryP95, sum.Limit);
        var priced = prices.GiBHour > 0 || prices.CpuHour > 0;
        return new UsageLine(
            sum.Desktop, sum.Person, person, sum.Bundle, hours, sum.Frozen / 3600.0, sum.Session / 3600.0,
            there > 0 ? Math.Max(0, 1 - (sum.Session / 3600.0 / there)) : 0, sum.CoreSeconds > 0 ? sum.Cpu / sum.CoreSeconds : 0, sum.MemoryP95, sum.Limit,
            sum.LastUsed, verdict, suggested,
            priced ? (sum.GiBSeconds / 3600 * prices.GiBHour) + (sum.CoreSeconds / 3600.0 * prices.CpuHour) : null,
            priced && suggested is { } size ? there * (sum.Limit - size) / 1024.0 * prices.GiBHour : null);
    }
}
