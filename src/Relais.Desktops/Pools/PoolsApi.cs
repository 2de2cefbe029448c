using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Workstations;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Desktops.Pools;

/// <summary>What the pages do with pools, for programs. A change carries the form token in its header.</summary>
internal static class PoolsApi
{
    /// <param name="Bundle">Name of a bundle.</param>
    /// <param name="Groups">Names or ids of the groups whose people may use it.</param>
    /// <param name="Home">"none" or "kept".</param>
    /// <param name="Most">Desktops that it may have at once.</param>
    /// <param name="Ready">Desktops kept ready beyond those in use.</param>
    /// <param name="Hours">Hours in which more are started.</param>
    public sealed record Request(string? Name, string? Bundle, IReadOnlyList<string>? Groups, string? Home, int Most, int Ready, IReadOnlyList<HoursAnswer>? Hours);

    public sealed record PoolAnswer(
        Guid Id, string Name, string Bundle, IReadOnlyList<string> Groups, string Home, int Most, int Ready, IReadOnlyList<HoursAnswer> Hours,
        IReadOnlyDictionary<string, int> Counts, IReadOnlyList<MemberAnswer> Desktops);

    public sealed record HoursAnswer(IReadOnlyList<string> Days, string From, string To, int Started);

    public sealed record MemberAnswer(Guid Desktop, string? Person, string State, DateTimeOffset Since, string? Fault);

    public sealed record PoolAdded(Guid Id);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/desktops/pools").WithTags("Desktops").RequireFormToken().RequireAuthorization(AccessPolicies.Administer);
        api.MapGet("", List).WithName("ListPools").WithSummary("Pools with their desktops as they are now");
        api.MapPost("", Add).WithName("AddPool").WithSummary("Make a pool");
        api.MapPut("/{id:guid}", Change).WithName("ChangePool").WithSummary("Change a pool");
        api.MapDelete("/{id:guid}", Remove).WithName("RemovePool").WithSummary("Remove a pool with its desktops and homes");
    }

    internal static async Task<Ok<PoolAnswer[]>> List(ListPools pools, CancellationToken cancel) =>
        TypedResults.Ok((await pools.AllAsync(cancel)).Select(Answer).ToArray());

    internal static async Task<Results<Created<PoolAdded>, ProblemHttpResult>> Add(
        Request request, HttpContext context, EditPools edit, IStringLocalizer<PoolsTexts> text, CancellationToken cancel)
    {
        var saved = await edit.AddAsync(FieldsOf(request), Actor.Of(context), cancel);
        return saved.Id is { } id ? TypedResults.Created($"/api/desktops/pools/{id}", new PoolAdded(id)) : Refuse(saved, text);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Change(
        Guid id, Request request, HttpContext context, EditPools edit, IStringLocalizer<PoolsTexts> text, CancellationToken cancel)
    {
        var saved = await edit.ChangeAsync(id, FieldsOf(request), Actor.Of(context), cancel);
        return saved.Id is not null ? TypedResults.NoContent() : Refuse(saved, text);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Remove(Guid id, HttpContext context, EditPools edit, CancellationToken cancel) =>
        await edit.RemoveAsync(id, Actor.Of(context), cancel) ? TypedResults.NoContent() : Problems.Missing("pool-missing");

    internal static PoolAnswer Answer(PoolView view)
    {
        var pool = view.Pool;
        return new PoolAnswer(
            pool.Id, pool.Name, pool.Bundle, view.Groups, pool.KeepsHome ? "kept" : "none", pool.Most, pool.Ready,
            [.. (PoolFields.Of(pool).Hours ?? []).Zip(pool.Schedule.Hours, (typed, hours) => new HoursAnswer(typed.Days ?? [], typed.From ?? "", typed.To ?? "", hours.Started))],
            view.Members.CountBy(m => Word(m.Standing)).ToDictionary(StringComparer.Ordinal),
            [.. view.Members.Select(m => new MemberAnswer(m.Id, m.Person.Length > 0 ? m.Person : null, Word(m.Standing), m.Since, m.Fault))]);
    }

    private static PoolFields FieldsOf(Request request) => new(
        request.Name, request.Bundle, request.Groups, request.Home == "kept", $"{request.Most}", $"{request.Ready}",
        [.. (request.Hours ?? []).Select(h => new TypedHours(h.Days, h.From, h.To, $"{h.Started}"))]);

    private static ProblemHttpResult Refuse(PoolSaved saved, IStringLocalizer<PoolsTexts> text) => saved.Gone
        ? Problems.Missing("pool-missing")
        : Problems.Invalid("pool-invalid", string.Join(' ', saved.Faults.Select(f => new[] { f }.Of(f.Field, text))));

    // As the pages' addresses write it: "in-use" is two words.
    private static string Word(PoolStanding standing) => standing == PoolStanding.InUse ? "in-use" : standing.ToString().ToLowerInvariant();
}
