using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Verbs;

/// <summary><c>relais desktops jobs ...</c>: what was asked of many desktops, and the snapshots of one.</summary>
internal static class JobVerbs
{
    public static readonly IReadOnlyList<Verb> All =
    [
        new("desktops jobs", "the latest jobs as JSON, or one with a line for each desktop: [ID]", ListAsync),
        new("desktops jobs stop", "leave undone what a job has not begun, answered as JSON: ID", StopAsync),
        new("desktops snapshots", "snapshots of the home of USER's desktop as JSON, for: desktops do restore USER --snapshot ID", SnapshotsAsync),
    ];

    private static async Task<int> ListAsync(VerbCall call, CancellationToken cancel)
    {
        await using var scope = call.Services.CreateAsyncScope();
        var jobs = scope.ServiceProvider.GetRequiredService<ListJobs>();
        return call.Arguments switch
        {
            [] => await call.AnswerAsync((await jobs.LatestAsync(cancel)).Select(FleetApi.Answer)),
            [var id] when Guid.TryParse(id, out var job) => await OneAsync(call, jobs, job, cancel),
            _ => await call.UsageAsync("desktops jobs [ID] | desktops jobs stop ID"),
        };
    }

    private static async Task<int> StopAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var id] || !Guid.TryParse(id, out var job))
            return await call.UsageAsync("desktops jobs stop ID");
        await using var scope = call.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AskFleet>().StopAsync(job, cancel);
        return await OneAsync(call, scope.ServiceProvider.GetRequiredService<ListJobs>(), job, cancel);
    }

    private static async Task<int> SnapshotsAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var user])
            return await call.UsageAsync("desktops snapshots USER");
        await using var scope = call.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var db = services.GetRequiredService<DesktopsDb>();
        var found = await ListDesktops.HandleAsync(
            new DesktopQuery(user, Pool: DesktopQuery.Personal), db, services.GetRequiredService<People>(), services.GetRequiredService<Groups>(), cancel);
        return found.FirstOrDefault(d => string.Equals(d.UserName, user, StringComparison.OrdinalIgnoreCase)) is { } desktop
            ? await call.AnswerAsync((await FleetApi.Snapshots(desktop.Id, db, cancel)).Value)
            : await call.FailAsync($"{user} has no desktop");
    }

    private static async Task<int> OneAsync(VerbCall call, ListJobs jobs, Guid job, CancellationToken cancel) =>
        await jobs.FindAsync(job, cancel) is { } found
            ? await call.AnswerAsync(FleetApi.Answer(found))
            : await call.FailAsync($"there is no job {job}. Those that there are: relais desktops jobs");
}
