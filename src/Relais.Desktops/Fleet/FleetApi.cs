using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Desktops.Fleet;

/// <summary>What the pages do with many desktops, for programs. A change carries the form token in its header.</summary>
internal static class FleetApi
{
    /// <param name="Action">Such as "restart", "move", "delete".</param>
    /// <param name="Desktops">Ids; null for all that the filter finds.</param>
    /// <param name="Q">Filter: part of a person's name. So State, Bundle (which desktops) and Group, as GET /api/desktops has them.</param>
    /// <param name="To">For "move": the bundle to move to.</param>
    /// <param name="MemoryMiB">For "resize"; absent is the bundle's.</param>
    /// <param name="Cpu">For "resize"; absent is the bundle's.</param>
    /// <param name="Snapshot">For "restore"; absent is the latest of each.</param>
    /// <param name="Tag">For "tag" and "untag".</param>
    /// <param name="Tagged">Filter: those with this tag.</param>
    public sealed record Request(
        string Action, IReadOnlyList<Guid>? Desktops, string? Q = null, string? State = null, string? Bundle = null, Guid? Group = null, string? To = null,
        int? MemoryMiB = null, int? Cpu = null, Guid? Snapshot = null, string? Tag = null, string? Tagged = null);

    public sealed record JobAccepted(Guid Job);

    public sealed record JobAnswer(
        Guid Id, string Action, string By, DateTimeOffset AskedAt, DateTimeOffset? FinishedAt, bool StopAsked, IReadOnlyDictionary<string, int> Counts,
        IReadOnlyList<JobLineAnswer> Desktops);

    public sealed record JobLineAnswer(Guid Desktop, string Person, string State, string? Reason, string? Detail, DateTimeOffset ChangedAt);

    public sealed record SnapshotAnswer(Guid Id, string Reason, DateTimeOffset AskedAt, DateTimeOffset? TakenAt, bool Leaving);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/desktops").WithTags("Desktops").RequireFormToken().RequireAuthorization(AccessPolicies.Administer);
        api.MapPost("/jobs", Ask).WithName("AskFleet").WithSummary("Do something with one or many desktops");
        api.MapGet("/jobs", List).WithName("ListFleetJobs").WithSummary("The latest jobs");
        api.MapGet("/jobs/{id:guid}", Find).WithName("GetFleetJob").WithSummary("One job, with a line for each desktop");
        api.MapPost("/jobs/{id:guid}/stop", Stop).WithName("StopFleetJob").WithSummary("Leave undone what a job has not begun yet");
        api.MapGet("/{id:guid}/snapshots", Snapshots).WithName("ListSnapshots").WithSummary("Snapshots of a desktop's home");
    }

    internal static async Task<Results<Accepted<JobAccepted>, ProblemHttpResult>> Ask(
        Request request, HttpContext context, AskFleet ask, DesktopsDb db, People people, Groups groups, IStringLocalizer<FleetTexts> text, CancellationToken cancel)
    {
        if (!Enum.TryParse<FleetAction>(request.Action, ignoreCase: true, out var action) || !Enum.IsDefined(action))
            return Problems.Invalid("unknown-action", string.Join(", ", Enum.GetNames<FleetAction>().Select(n => n.ToLowerInvariant())));
        var chosen = request.Desktops
            ?? [.. (await ListDesktops.HandleAsync(new DesktopQuery(request.Q, request.State, request.Bundle, request.Group, Tag: request.Tagged), db, people, groups, cancel)).Select(d => d.Id)];
        var arguments = new FleetArguments { Bundle = request.To, MemoryMiB = request.MemoryMiB, Cpu = request.Cpu, Snapshot = request.Snapshot, Tag = request.Tag };
        var (job, reason) = await ask.HandleAsync(action, arguments, chosen, Actor.Of(context), cancel);
        return job is { } id
            ? TypedResults.Accepted($"/api/desktops/jobs/{id}", new JobAccepted(id))
            : Problems.Invalid(reason ?? "", text["Reason." + reason]);
    }

    internal static async Task<Ok<JobAnswer[]>> List(ListJobs jobs, CancellationToken cancel) =>
        TypedResults.Ok((await jobs.LatestAsync(cancel)).Select(Answer).ToArray());

    internal static async Task<Results<Ok<JobAnswer>, ProblemHttpResult>> Find(Guid id, ListJobs jobs, CancellationToken cancel) =>
        await jobs.FindAsync(id, cancel) is { } found ? TypedResults.Ok(Answer(found)) : Problems.Missing("job-missing");

    internal static async Task<Results<NoContent, ProblemHttpResult>> Stop(Guid id, AskFleet ask, CancellationToken cancel) =>
        await ask.StopAsync(id, cancel) ? TypedResults.NoContent() : Problems.Missing("job-missing");

    internal static async Task<Ok<SnapshotAnswer[]>> Snapshots(Guid id, DesktopsDb db, CancellationToken cancel) =>
        TypedResults.Ok((await db.Snapshots.AsNoTracking().Where(s => s.DesktopId == id).OrderByDescending(s => s.AskedAt).ToListAsync(cancel))
            .Select(s => new SnapshotAnswer(s.Id, Word(s.Reason.ToString()), s.AskedAt, s.TakenAt, s.Leaving)).ToArray());

    internal static JobAnswer Answer(JobView view) => new(
        view.Job.Id, Word(view.Job.Action.ToString()), view.Job.ActorName, view.Job.AskedAt, view.Job.FinishedAt, view.Job.StopAsked,
        view.Counts.ToDictionary(c => Word(c.Key.ToString()), c => c.Value, StringComparer.Ordinal),
        [.. view.Lines.Select(l => new JobLineAnswer(l.Desktop, l.Person, Word(l.State.ToString()), l.Reason, l.Detail, l.ChangedAt))]);

    private static string Word(string name) => name.ToLowerInvariant();
}
