using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Gateway.Sites;

/// <summary>What the pages of sites do, for programs: /api/sites. A change carries the form token in its header.</summary>
internal static class SitesApi
{
    /// <param name="Name">Letters without accents, digits, and . - _</param>
    public sealed record Request([Required] string Name);

    /// <param name="Connected">Whether one of its agents is.</param>
    public sealed record Line(Guid Id, string Name, bool Connected, IReadOnlyList<Agent> Agents);

    /// <param name="Since">When it connected, was last connected, or was enrolled if it never was.</param>
    public sealed record Agent(Guid Id, string Name, bool Connected, bool Revoked, DateTimeOffset Since, string? Version, string? Address);

    public sealed record Added(Guid Id);

    /// <param name="Command">To be run on the machine that becomes the agent, once.</param>
    public sealed record Enrolment(string Command, DateTimeOffset ExpiresAt);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var sites = routes.MapGroup("/api/sites").RequireAuthorization(AccessPolicies.Administer).WithTags("Sites");
        sites.MapGet("/", ListAsync).WithName("ListSites").WithSummary("Sites and their agents");
        var changes = sites.MapGroup("").RequireFormToken();
        changes.MapPost("/", AddAsync).WithName("AddSite").WithSummary("Add a site");
        changes.MapDelete("/{id:guid}", RemoveAsync).WithName("RemoveSite").WithSummary("Remove a site and its agents");
        changes.MapPost("/{id:guid}/enrolments", IssueAsync).WithName("IssueAgentToken").WithSummary("A command that makes a machine an agent of the site, once");
        changes.MapPost("/{id:guid}/agents/{agent:guid}/revoke", RevokeAsync).WithName("RevokeAgent").WithSummary("Cut an agent for good");
    }

    private static async Task<Ok<Line[]>> ListAsync([FromServices] EditSites edit, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return TypedResults.Ok((await edit.ListAsync(cancel)).Select(site => new Line(
            site.Id, site.Name, site.Agents.Exists(a => a.IsConnected(now)), [.. site.Agents.Select(a => AgentOf(a, now))])).ToArray());
    }

    private static Agent AgentOf(SiteAgent agent, DateTimeOffset now)
    {
        var connected = agent.IsConnected(now);
        return new Agent(
            agent.Id, agent.Name, connected, agent.RevokedAt is not null, (connected ? agent.ConnectedSince : agent.SeenAt) ?? agent.EnrolledAt,
            agent.Version, agent.Address);
    }

    private static async Task<Results<Created<Added>, ProblemHttpResult>> AddAsync(
        Request request, HttpContext context, [FromServices] EditSites edit, CancellationToken cancel) =>
        await edit.AddAsync(request.Name, Actor.Of(context), cancel) switch
        {
            SiteResult.Done { Id: var id } => TypedResults.Created($"/api/sites/{id}", new Added(id)),
            SiteResult.NameTaken => Problems.Conflict("site-name-taken"),
            _ => Problems.Invalid("site-name"),
        };

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        Guid id, HttpContext context, [FromServices] EditSites edit, CancellationToken cancel) =>
        await edit.RemoveAsync(id, Actor.Of(context), cancel) is SiteResult.Done ? TypedResults.NoContent() : Problems.Missing("site-missing");

    private static async Task<Results<Ok<Enrolment>, ProblemHttpResult>> IssueAsync(
        Guid id, HttpContext context, [FromServices] EditSites edit, CancellationToken cancel) =>
        await edit.IssueAsync(id, context.Request.Host, Actor.Of(context), cancel) is SiteResult.Issued issued
            ? TypedResults.Ok(new Enrolment(issued.Command, issued.ExpiresAt))
            : Problems.Missing("site-missing");

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        Guid id, Guid agent, HttpContext context, [FromServices] EditSites edit, CancellationToken cancel) =>
        await edit.RevokeAsync(id, agent, Actor.Of(context), cancel) is SiteResult.Done ? TypedResults.NoContent() : Problems.Missing("agent-missing");
}
