using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging;
using Relais.Gateway.Contracts;
using Relais.Gateway.Sessions;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Sites;

/// <summary>A machine becomes an agent of a site: it shows a token, once, and is given a secret of its own.</summary>
internal static class EnrolAgent
{
    // One statement decides: of two machines with one token, the second finds it used.
    private const string Take = """
        UPDATE gateway.site_token SET "UsedAt" = {0}
        WHERE "TokenHash" = {1} AND "UsedAt" IS NULL AND "IssuedAt" <= {0} AND "ExpiresAt" > {0}
        """;

    /// <param name="Token">The one of the command that an administrator got.</param>
    /// <param name="Name">What the machine calls itself.</param>
    public sealed record Request(
        [Required, StringLength(100, MinimumLength = 1)] string Token, [Required(AllowEmptyStrings = true)] string Name);

    /// <param name="Secret">To be kept: it is who the agent is.</param>
    public sealed record Response(Guid Agent, string Site, string Secret);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/agent/enrolments", HandleAsync).AllowAnonymous().WithName("EnrolAgent").WithSummary("Become the agent of a site").WithTags("Sites");
        routes.MapGet("/api/agent/authority", Authority).AllowAnonymous().WithName("ShowAuthority")
            .WithSummary("The certificate of the server's own authority, to be compared with the pin of the command").WithTags("Sites");
    }

    private static Results<Ok<string>, NotFound> Authority([FromServices] ServerCertificate certificate) =>
        certificate.Authority is { } authority ? TypedResults.Ok(authority.ExportCertificatePem()) : TypedResults.NotFound();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, GatewayDb db, IStringLocalizer<GatewayTexts> text, TimeProvider clock, ILogger<SiteLinks> log,
        CancellationToken cancel)
    {
        // Before the token is taken, so that it is still good under another name.
        if (!ShownText.IsName(request.Name, SiteAgent.NameLength))
            return Problems.Invalid("agent-name", text["Agent.NameRefused", SiteAgent.NameLength]);
        var now = clock.GetUtcNow();
        var actor = Actor.Of(context);
        var hash = Grant.HashOf(request.Token);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var taken = await db.Database.ExecuteSqlRawAsync(Take, [now, hash], cancel);
        var token = await db.SiteTokens.AsNoTracking().SingleOrDefaultAsync(t => t.TokenHash == hash, cancel);
        if (token is null)
        {
            // Not in the audit trail, which anybody could fill then.
            GatewayLog.Refused(log, actor.Address, "no token of an enrolment");
            return Problems.Of(StatusCodes.Status401Unauthorized, "agent-token-unknown");
        }

        var site = await db.Sites.SingleAsync(s => s.Id == token.SiteId, cancel);
        if (taken == 0)
        {
            var why = token.UsedAt is not null ? "used" : "expired";
            db.Audit(clock, actor, "agent.token-refused", Subject(site), site.Name, new { why, name = request.Name });
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return Problems.Of(StatusCodes.Status401Unauthorized, $"agent-token-{why}");
        }

        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var agent = new SiteAgent
        {
            Id = Guid.CreateVersion7(now), SiteId = site.Id, Name = request.Name, SecretHash = Grant.HashOf(secret), EnrolledAt = now, Address = actor.Address,
        };
        db.SiteAgents.Add(agent);
        db.Audit(clock, actor, "agent.enrolled", Subject(site), site.Name, new { agent = agent.Id, name = agent.Name });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Ok(new Response(agent.Id, site.Name, secret));
    }

    internal static string Subject(Site site) => $"site:{site.Id}";
}
