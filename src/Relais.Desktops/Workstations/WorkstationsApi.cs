using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Desktops.Workstations;

/// <summary>What the pages do, for programs: /api/workstations. A change carries the form token in its header.</summary>
internal static class WorkstationsApi
{
    /// <param name="Owner">User name of the person whose it is.</param>
    /// <param name="Groups">Names or ids of groups whose people may open it.</param>
    /// <param name="Protocol">"rdp", "vnc" or "ssh".</param>
    /// <param name="Port">Absent: the protocol's usual one.</param>
    /// <param name="Clipboard">"none", "in", "out" or "both".</param>
    /// <param name="Recording">"off", "ifpossible" or "mandatory".</param>
    public sealed record WorkstationRequest(
        string? Name, string? Owner, IReadOnlyList<string>? Groups, string? Protocol, string? Host, int? Port, string? Mac, string? Site,
        string? Clipboard, bool? Direct, bool? Enabled, string? Recording = null);

    public sealed record WorkstationAnswer(
        Guid Id, string Name, string? Owner, IReadOnlyList<string> Groups, string Protocol, string Host, int Port, string? Mac, string? Site,
        string Clipboard, bool Direct, bool Enabled, string State, DateTimeOffset StateSince, string Pin, string? PinnedSha256, string? SeenSha256,
        string Recording);

    public sealed record WorkstationList(IReadOnlyList<WorkstationAnswer> Workstations, int Total, int Page, int PageLength);

    public sealed record Mine(Guid Id, string Name, string State, DateTimeOffset StateSince);

    public sealed record Enrolled(Guid Id);

    /// <param name="Sha256">The fingerprint that is meant, in hexadecimal.</param>
    public sealed record Approval(string? Sha256);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/workstations").WithTags("Workstations").RequireFormToken().RequireAuthorization(AccessPolicies.Administer);
        api.MapGet("", List).WithName("ListWorkstations").WithSummary("Enrolled workstations, fifty a page, with the filters of the page");
        api.MapPost("", Enrol).WithName("EnrolWorkstation").WithSummary("Enrol a workstation");
        api.MapGet("/{id:guid}", Find).WithName("GetWorkstation").WithSummary("One workstation");
        api.MapPut("/{id:guid}", Change).WithName("ChangeWorkstation").WithSummary("Change a workstation");
        api.MapDelete("/{id:guid}", Remove).WithName("RemoveWorkstation").WithSummary("Remove a workstation");
        api.MapPost("/{id:guid}/approve-certificate", Approve).WithName("ApproveWorkstationCertificate").WithSummary("Say that a changed certificate is right");
        api.MapPost("/{id:guid}/keep-certificate", Keep).WithName("KeepWorkstationCertificate").WithSummary("Say that only the pinned certificate is right");
        routes.MapGet("/api/workstations/mine", ListMine).RequireAuthorization(AccessPolicies.SignedIn).WithTags("Workstations")
            .WithName("ListMyWorkstations").WithSummary("Workstations that one may open");
    }

    internal static async Task<Ok<WorkstationList>> List(
        ListWorkstations list, CancellationToken cancel, string? q = null, string? state = null, string? protocol = null, int page = 1)
    {
        var found = await list.HandleAsync(new WorkstationQuery(q, state, protocol, page), cancel);
        return TypedResults.Ok(new WorkstationList([.. found.Workstations.Select(Answer)], found.Total, Math.Max(page, 1), WorkstationQuery.PageLength));
    }

    internal static async Task<Ok<Mine[]>> ListMine(HttpContext context, AllowedWorkstations allowed, CancellationToken cancel) =>
        TypedResults.Ok((await allowed.OfAsync(context.User.PersonId(), cancel))
            .Select(w => new Mine(w.Id, w.Name, Word(WorkstationStates.StateOf(w).ToString()), w.ReachSince)).ToArray());

    internal static async Task<Results<Ok<WorkstationAnswer>, ProblemHttpResult>> Find(Guid id, ListWorkstations list, CancellationToken cancel) =>
        await list.FindAsync(id, cancel) is { } found ? TypedResults.Ok(Answer(found)) : Problems.Missing("workstation-missing");

    internal static async Task<Results<Created<Enrolled>, ProblemHttpResult>> Enrol(
        WorkstationRequest request, HttpContext context, EditWorkstations edit, IStringLocalizer<WorkstationsTexts> text, CancellationToken cancel)
    {
        var result = await edit.EnrolAsync(Fields(request), Actor.Of(context), cancel);
        return result is SaveResult.Saved saved
            ? TypedResults.Created($"/api/workstations/{saved.Id}", new Enrolled(saved.Id))
            : Refusal(result, text);
    }

    internal static Task<Results<NoContent, ProblemHttpResult>> Change(
        Guid id, WorkstationRequest request, HttpContext context, EditWorkstations edit, IStringLocalizer<WorkstationsTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.ChangeAsync(id, Fields(request), Actor.Of(context), cancel), text);

    internal static Task<Results<NoContent, ProblemHttpResult>> Remove(
        Guid id, HttpContext context, EditWorkstations edit, IStringLocalizer<WorkstationsTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.RemoveAsync(id, Actor.Of(context), cancel), text);

    internal static Task<Results<NoContent, ProblemHttpResult>> Approve(
        Guid id, Approval approval, HttpContext context, EditWorkstations edit, IStringLocalizer<WorkstationsTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.ApproveAsync(id, Fingerprint.Parse(approval.Sha256), Actor.Of(context), cancel), text);

    internal static Task<Results<NoContent, ProblemHttpResult>> Keep(
        Guid id, HttpContext context, EditWorkstations edit, IStringLocalizer<WorkstationsTexts> text, CancellationToken cancel) =>
        DoneAsync(edit.KeepPinAsync(id, Actor.Of(context), cancel), text);

    private static async Task<Results<NoContent, ProblemHttpResult>> DoneAsync(Task<SaveResult> work, IStringLocalizer text) =>
        await work is SaveResult result and not SaveResult.Saved ? Refusal(result, text) : TypedResults.NoContent();

    private static ProblemHttpResult Refusal(SaveResult result, IStringLocalizer text)
    {
        if (result is SaveResult.Missing)
            return Problems.Missing("workstation-missing");
        if (result is not SaveResult.Refused refused)
            return Problems.Conflict("changed-meanwhile", text["Fault.overtaken"]);
        var problem = Problems.Invalid("fields");
        problem.ProblemDetails.Extensions["errors"] = refused.Faults
            .GroupBy(f => f.Field, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(f => f.In(text)).ToArray(), StringComparer.Ordinal);
        return problem;
    }

    private static WorkstationFields Fields(WorkstationRequest request) => new(
        request.Name, request.Owner, request.Groups, request.Protocol ?? "rdp", request.Host, request.Port?.ToString(CultureInfo.InvariantCulture),
        request.Mac, request.Site, request.Clipboard, request.Direct ?? true, request.Enabled ?? true, request.Recording);

    private static WorkstationAnswer Answer(WorkstationRow row)
    {
        var it = row.Workstation;
        return new WorkstationAnswer(
            it.Id, it.Name, row.Owner, row.Groups, Word(it.Protocol.ToString()), it.Host, it.Port, it.Mac, it.Site, Word(it.Clipboard.ToString()),
            it.Direct, it.Enabled, Word(WorkstationStates.StateOf(it).ToString()), it.ReachSince, Word(it.PinState.ToString()),
            Fingerprint.Write(it.Pin), Fingerprint.Write(it.SeenPin), Word(it.Recording.ToString()));
    }

    private static string Word(string name) => name.ToLowerInvariant();
}
