using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Capacity;

/// <summary>
/// Lets start what fits into the memory that may be promised; the others are noted as waiting for room. It goes by rows and by what the engine has, so
/// that whoever looks next, also after a kill, decides the same.
/// </summary>
internal sealed class AdmitDesktops(DesktopsDb db, DesktopsEngine engine, TimeProvider clock)
{
    /// <param name="due">Desktops that are not as they are wanted and that nobody is at work on.</param>
    /// <param name="driven">Those that are on their way, seen before the engine was listed.</param>
    /// <param name="places">The machines that those which are on their way were given.</param>
    /// <returns>Those of the due ones that wait, and the machines of the others.</returns>
    public async Task<AdmittedDesktops> HandleAsync(
        IReadOnlyList<Desktop> due, IReadOnlyList<Desktop> rows, ILookup<Guid?, Instance> instances, IReadOnlySet<Guid> driven,
        IReadOnlyDictionary<Guid, string> places, CancellationToken cancel)
    {
        var starting = due.Where(d => NeedsRoom(d, instances[d.Id].FirstOrDefault())).ToList();
        if (starting.Count == 0)
            return AdmittedDesktops.Nothing;
        var now = clock.GetUtcNow();
        var rooms = await engine.RoomsAsync(cancel);
        // One whose instance is not there goes to where its home is.
        var homes = rooms.Any(r => r.Name.Length > 0) && starting.Any(d => !instances[d.Id].Any())
            ? await engine.Instances.HomesAsync(cancel)
            : new Dictionary<string, string>(StringComparer.Ordinal);
        string? MemberOf(Desktop desktop) => instances[desktop.Id].FirstOrDefault()?.Member ?? homes.GetValueOrDefault(desktop.HomeVolume);

        var promised = instances.SelectMany(i => i).Where(HoldsMemory).Select(i => (Member: i.Member ?? "", Size: MemorySize.TryParse(i.Size.Memory, out var limit) ? limit : 0L))
            .Concat(rows.Where(d => driven.Contains(d.Id) && NeedsRoom(d, instances[d.Id].FirstOrDefault()))
                .Select(d => (Member: instances[d.Id].FirstOrDefault()?.Member ?? places.GetValueOrDefault(d.Id, ""), Size: SizeOf(d))))
            .ToLookup(p => p.Member, p => p.Size, StringComparer.Ordinal);
        var admission = Admit.Of(
            starting.Select(d => new Candidate(d.Id, SizeOf(d), d.IsAwaited(now - Admit.AwaitedFor), d.QueuedAt ?? now, MemberOf(d))),
            [.. rooms.Select(r => r with { PromisedMiB = promised[r.Name].Sum() })], now);
        var waiting = admission.Waiting.Select(w => w.Row).ToHashSet();
        await NoteAsync([.. starting.Where(d => waiting.Contains(d.Id) && !d.IsQueued).Select(d => d.Id)], now, cancel);
        return new AdmittedDesktops(waiting, admission.Places);
    }

    private async Task NoteAsync(IReadOnlyCollection<Guid> rows, DateTimeOffset now, CancellationToken cancel)
    {
        if (rows.Count == 0)
            return;
        // Only while it is to run: whoever asks for something else in the same moment has it.
        await db.Desktops.Where(d => rows.Contains(d.Id) && d.Wanted == Wanted.Running).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.State, DesktopState.Waiting).SetProperty(d => d.StateSince, now)
                .SetProperty(d => d.Fault, Desktop.NoRoom).SetProperty(d => d.FaultDetail, (string?)null)
                .SetProperty(d => d.QueuedAt, d => d.QueuedAt ?? now),
            cancel);
    }

    private static bool NeedsRoom(Desktop desktop, Instance? instance) => desktop.Wanted == Wanted.Running && (instance is null || !HoldsMemory(instance));

    private static bool HoldsMemory(Instance instance) => instance.Status != "Stopped";

    // One whose bundle cannot be read fails by itself, with words of its own.
    private long SizeOf(Desktop desktop) => desktop.MemoryMiB ?? (engine.Find(desktop.Bundle) is { } bundle ? MemorySize.MiB(bundle.Limits.Memory) : 0);
}

/// <param name="Places">The machine of each one that may start; empty when there is but one.</param>
internal sealed record AdmittedDesktops(IReadOnlySet<Guid> Waiting, IReadOnlyDictionary<Guid, string> Places)
{
    public static readonly AdmittedDesktops Nothing = new(new HashSet<Guid>(), new Dictionary<Guid, string>());
}
