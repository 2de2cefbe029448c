using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Relais.Portal.Kit;

namespace Relais.Access.OpenId;

/// <summary>Sends a browser to an issuer, with what only this browser can bring back.</summary>
internal static class BeginOpenId
{
    /// <summary>Where issuers send people back to: what an administrator enters there.</summary>
    public const string ReturnPath = "/sign-in/openid/return";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/sign-in/openid/{id:guid}", Handle).AllowAnonymous().ExcludeFromDescription();

    internal static async Task<Results<RedirectHttpResult, RedirectToProblem>> Handle(
        Guid id, string? returnUrl, bool? prove, HttpContext context, AccessDb db, IssuerDiscovery discovery, TripCookie cookie, TimeProvider clock, CancellationToken cancel)
    {
        var back = LocalUrl.OrHome(returnUrl);
        if (await db.OpenIdIssuers.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id && i.Enabled, cancel) is not { } issuer)
            return new RedirectToProblem(OpenIdProblem.NoIssuer, back);
        if (await discovery.FindAsync(issuer.Authority, cancel) is not { } found || !IssuerDiscovery.IsSafe(found.AuthorizationEndpoint))
            return new RedirectToProblem(OpenIdProblem.Away, back);
        if (!IssuerDiscovery.IsOf(found, issuer.Authority))
            return new RedirectToProblem(OpenIdProblem.WrongIssuer, back);

        var trip = OpenIdTrip.To(issuer.Id, back, prove is true, clock.GetUtcNow());
        cookie.Write(context, trip);
        var question = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = issuer.ClientId,
            ["redirect_uri"] = ReturnAddress(context),
            ["scope"] = "openid email profile",
            ["state"] = trip.State,
            ["nonce"] = trip.Nonce,
            ["code_challenge"] = trip.Challenge,
            ["code_challenge_method"] = "S256",
        };
        if (trip.Proving)
            (question["prompt"], question["max_age"]) = ("login", "0");
        return TypedResults.Redirect(QueryHelpers.AddQueryString(found.AuthorizationEndpoint, question));
    }

    internal static string ReturnAddress(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}{ReturnPath}";
}

/// <summary>Back to the sign-in page, which says what happened.</summary>
internal sealed class RedirectToProblem(OpenIdProblem problem, string returnUrl) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var query = QueryString.Create("problem", problem.ToString());
        httpContext.Response.Redirect($"/sign-in{(returnUrl is "/" ? query : query.Add("returnUrl", returnUrl))}");
        return Task.CompletedTask;
    }
}
