using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;

namespace Relais.Desktops.Usage;

/// <summary>A line for each desktop that was seen in a period or is there now, and what they come to together.</summary>
internal sealed class ReadUsage(
    DesktopsDb db, SumDays days, People people, Groups groups, BundleCatalog catalog, IOptions<UsageOptions> options, TimeProvider clock)
{
    private const double SecondsPerHour = 3600;
    private const double MiBPerGiB = 1024;

    public async Task<UsageReport> HandleAsync(UsageQuery query, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var end = query.End < now ? query.End : now;
        // Whether it is used is asked of as many days as are set, also of a shorter period.
        var since = SumDays.DayOf(end - Unused);
        var seen = (await days.ReadAsync(since < query.From ? since : query.From, query.To.AddDays(1), cancel)).ToLookup(d => d.DesktopId);
        var desktops = await db.Desktops.AsNoTracking().Where(d => d.Wanted != Wanted.Deleted && d.CreatedAt < end).ToDictionaryAsync(d => d.Id, cancel);
        var bundles = catalog.Read().Bundles.ToDictionary(b => b.Name, StringComparer.Ordinal);

        List<UsageLine> lines = [];
        foreach (var id in seen.Select(s => s.Key).Union(desktops.Keys))
        {
            if (Line(id, [.. seen[id]], desktops.GetValueOrDefault(id), bundles, query, end) is { } line)
                lines.Add(line);
        }

        PersonId[] ids = [.. lines.Where(l => l.PersonId != Guid.Empty).Select(l => new PersonId(l.PersonId)).Distinct()];
        var cards = await people.FindManyAsync(ids, cancel);
        var teams = await groups.OfManyAsync(ids, cancel);
        var named = lines.ConvertAll(l => l with
        {
            Person = cards.GetValueOrDefault(new PersonId(l.PersonId))?.DisplayName ?? "", Teams = teams.GetValueOrDefault(new PersonId(l.PersonId), []),
        });
        return UsageReport.Of(
            [.. named.OrderByDescending(l => l.HoursThere).ThenBy(l => l.Person, StringComparer.CurrentCultureIgnoreCase).ThenBy(l => l.Desktop)],
            query, await groups.AllAsync(cancel));
    }

    private TimeSpan Unused => TimeSpan.FromDays(options.Value.UnusedDays);

    /// <param name="seen">Its days in the period, and those before it that say whether it is used.</param>
    /// <param name="desktop">Null when it is gone.</param>
    /// <returns>Null when nothing is to be said of it: it was seen before the period alone, or is one of a pool that never ran.</returns>
    private UsageLine? Line(Guid id, List<UsageDay> seen, Desktop? desktop, Dictionary<string, Bundle> bundles, UsageQuery query, DateTimeOffset end)
    {
        var within = seen.FindAll(d => d.Day >= query.From);
        if (within.Count == 0 && desktop is not { PoolId: null })
            return null;
        var last = within.MaxBy(d => d.LastSlot);
        var bundle = bundles.GetValueOrDefault(desktop?.Bundle ?? "");
        var limit = desktop?.MemoryMiB ?? (MemorySize.TryParse(bundle?.Limits.Memory, out var usual) ? usual : last?.LimitMiB ?? 0);
        var (running, frozen) = (within.Sum(d => (long)d.RunningSeconds) / SecondsPerHour, within.Sum(d => (long)d.FrozenSeconds) / SecondsPerHour);
        int[] peaks = [.. within.SelectMany(d => d.Peaks)];
        var p95 = Verdicts.P95(peaks);
        // What was at another size says nothing of this one.
        var kills = within.Where(d => d.LimitMiB == limit).Sum(d => d.Kills);
        var lastUsed = seen.Max(d => d.UsedAt);
        if (desktop?.OpenedAt is { } opened && opened <= end && !(opened < lastUsed))
            lastUsed = opened;
        var verdict = desktop switch
        {
            null => Verdict.Gone,
            { Wanted: Wanted.Archived } => Verdict.Archived,
            _ => Verdicts.Of(running + frozen, end - lastUsed < Unused, desktop.PoolId is null && end - desktop.CreatedAt >= Unused, p95, limit, kills),
        };
        var suggested = Verdicts.SuggestMiB(verdict, p95, limit);
        var core = within.Sum(d => d.CoreSeconds);
        return new UsageLine
        {
            Desktop = id, PersonId = last?.PersonId ?? desktop?.PersonId ?? Guid.Empty, Person = "", Bundle = desktop?.Bundle ?? last?.Bundle ?? "", Tags = desktop?.Tags ?? [],
            OfPool = (desktop?.PoolId ?? last?.PoolId) is not null, RunningHours = running, FrozenHours = frozen, SessionHours = within.Sum(d => (long)d.SessionSeconds) / SecondsPerHour,
            CpuShare = core > 0 ? within.Sum(d => d.CpuSeconds) / core : 0, MemoryP95MiB = p95, WithCache = within.Exists(d => d.WithCache), LimitMiB = limit, Kills = kills,
            LastUsed = lastUsed, Verdict = verdict, SuggestedMiB = suggested, Cost = CostOf(within, core / SecondsPerHour, DiskGiBHours(desktop, bundle, query, end)),
            Saved = options.Value.PricedIn is not null && suggested is { } size ? (running + frozen) * (limit - size) / MiBPerGiB * options.Value.GiBHour : null,
        };
    }

    private double? CostOf(List<UsageDay> days, double coreHours, double diskGiBHours)
    {
        var prices = options.Value;
        return prices.PricedIn is null ? null
            : (days.Sum(d => (d.RunningSeconds + d.FrozenSeconds) / SecondsPerHour * (d.LimitMiB / MiBPerGiB)) * prices.GiBHour)
                + (coreHours * prices.CpuHour) + (diskGiBHours * prices.DiskGiBHour);
    }

    // A home takes its place also while its desktop is stopped. Those of pools go with the session, or are lent.
    private static double DiskGiBHours(Desktop? desktop, Bundle? bundle, UsageQuery query, DateTimeOffset end)
    {
        if (desktop is not { PoolId: null } || !MemorySize.TryParse(bundle?.Limits.Home, out var home))
            return 0;
        var begin = desktop.CreatedAt > query.Start ? desktop.CreatedAt : query.Start;
        return end > begin ? (end - begin).TotalHours * home / MiBPerGiB : 0;
    }
}
