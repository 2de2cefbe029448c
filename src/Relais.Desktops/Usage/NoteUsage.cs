using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Usage;

/// <summary>What the engine says of one desktop.</summary>
/// <param name="Frozen">Frozen ones keep their memory and take no processor time.</param>
/// <param name="CpuCounter">Nanoseconds since the instance started.</param>
internal sealed record UsageSample(Guid Desktop, bool Frozen, long MemoryMiB, long LimitMiB, int Processors, long CpuCounter);

/// <summary>Adds a sample to the hour's rows, once for each moment, whichever node takes it and however often.</summary>
internal sealed class NoteUsage(DesktopsDb db, SessionDoor door, IOptions<UsageOptions> options, TimeProvider clock)
{
    /// <returns>False when this moment's sample was noted before.</returns>
    public async Task<bool> HandleAsync(IReadOnlyList<UsageSample> samples, long budgetMiB, CancellationToken cancel)
    {
        var every = options.Value.SampleEvery;
        var slot = SlotOf(clock.GetUtcNow(), every);
        var hour = SlotOf(slot, TimeSpan.FromHours(1));
        var sessions = (await door.OpenOnAsync("desktop", cancel)).Select(s => s.Target).ToHashSet();

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // The key takes the turn: a second node waits here for the first one's commit, and then adds nothing.
        var (count, promised, used) = (samples.Count, samples.Sum(s => s.LimitMiB), samples.Sum(s => s.MemoryMiB));
        var mine = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO desktops.usage_fleet ("Slot", "Desktops", "PromisedMiB", "UsedMiB", "BudgetMiB")
            VALUES ({slot}, {count}, {promised}, {used}, {budgetMiB}) ON CONFLICT DO NOTHING
            """, cancel);
        if (mine == 0)
            return false;

        var ids = samples.Select(s => s.Desktop).ToArray();
        var desktops = await db.Desktops.AsNoTracking().Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, cancel);
        var since = hour.AddHours(-1);
        var rows = (await db.UsageHours.Where(h => h.Hour >= since).ToListAsync(cancel)).ToLookup(h => h.DesktopId);
        foreach (var sample in samples)
        {
            if (!desktops.TryGetValue(sample.Desktop, out var desktop))
                continue;
            var before = rows[desktop.Id].MaxBy(h => h.LastSlot);
            var row = rows[desktop.Id].FirstOrDefault(h => h.Hour == hour && h.PersonId == desktop.PersonId);
            var cpu = CpuSeconds(before, sample.CpuCounter);
            if (row is null)
                db.UsageHours.Add(row = new UsageHour { Hour = hour, DesktopId = desktop.Id, PersonId = desktop.PersonId, PoolId = desktop.PoolId, Bundle = desktop.Bundle });
            Add(row, sample, cpu, sessions.Contains(desktop.Id), (int)every.TotalSeconds, slot);
        }

        await db.SaveChangesAsync(cancel);
        var oldest = clock.GetUtcNow() - options.Value.KeepFor;
        await db.UsageHours.Where(h => h.Hour < oldest).ExecuteDeleteAsync(cancel);
        await db.FleetSlots.Where(s => s.Slot < oldest).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>The beginning of the stretch of time that a moment lies in.</summary>
    internal static DateTimeOffset SlotOf(DateTimeOffset now, TimeSpan every) => new(now.UtcTicks - (now.UtcTicks % every.Ticks), TimeSpan.Zero);

    /// <summary>Processor time since the sample before; a counter that went back began anew with its instance. Nothing without one to compare with.</summary>
    internal static double CpuSeconds(UsageHour? before, long counter) =>
        before is null ? 0 : (counter >= before.CpuCounter ? counter - before.CpuCounter : counter) / 1e9;

    private static void Add(UsageHour row, UsageSample sample, double cpu, bool inSession, int seconds, DateTimeOffset slot)
    {
        if (sample.Frozen)
            row.FrozenSeconds += seconds;
        else
            row.RunningSeconds += seconds;
        row.SessionSeconds += inSession ? seconds : 0;
        row.CpuSeconds += cpu;
        row.MemoryMiB = Math.Max(row.MemoryMiB, (int)sample.MemoryMiB);
        (row.LimitMiB, row.Processors, row.CpuCounter, row.LastSlot) = ((int)sample.LimitMiB, sample.Processors, sample.CpuCounter, slot);
    }
}
