using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Verbs;

namespace Relais.Kernel.Events;

/// <summary>
/// <c>relais events</c>: what modules told one another and that is not handled yet; exit code 1 when something was set aside.
/// <c>relais events retry</c>: hands what was set aside over again.
/// </summary>
internal static class ListEvents
{
    public static readonly Verb List = new("events", "events between modules that wait, and those set aside after too many failures", ListAsync);

    public static readonly Verb Retry = new("events retry", "hand over again what was set aside", RetryAsync);

    private static async Task<int> ListAsync(VerbCall call, CancellationToken cancel)
    {
        await using var scope = call.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KernelDb>();
        var waiting = await db.Outbox.CountAsync(e => e.SetAsideAt == null, cancel);
        var aside = await db.Outbox.AsNoTracking().Where(e => e.SetAsideAt != null).OrderBy(e => e.Seq).ToListAsync(cancel);
        await call.Out.WriteLineAsync($"{waiting} waiting, {aside.Count} set aside");
        foreach (var entry in aside)
            await call.Out.WriteLineAsync($"{entry.Seq}  {entry.Kind} for {entry.Consumer}, key {entry.Key}, told {entry.ToldAt:u}, failed {entry.Failures} times: {entry.Error}");
        return aside.Count > 0 ? 1 : 0;
    }

    private static async Task<int> RetryAsync(VerbCall call, CancellationToken cancel)
    {
        await using var scope = call.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KernelDb>();
        var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
        var again = await db.Outbox.Where(e => e.SetAsideAt != null).ExecuteUpdateAsync(
            set => set.SetProperty(e => e.SetAsideAt, (DateTimeOffset?)null).SetProperty(e => e.Failures, 0).SetProperty(e => e.DueAt, now), cancel);
        await db.Database.ExecuteSqlRawAsync($"NOTIFY {OutboxModel.Channel}", cancel);
        await call.Out.WriteLineAsync($"{again} will be handed over again");
        return 0;
    }
}
