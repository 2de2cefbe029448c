using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;
using Relais.Portal.Security;

namespace Relais.Gateway.Connect;

/// <summary>The buttons of the page /connect: a person allows a computer's pass, or takes one back.</summary>
internal static class AllowPass
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var connect = routes.MapGroup("/connect").RequireAuthorization(AccessPolicies.SignedIn).RequireFormToken().ExcludeFromDescription();
        connect.MapPost("/allow", AllowAsync);
        connect.MapPost("/passes/{id:guid}/revoke", RevokeAsync);
    }

    private static async Task<RedirectHttpResult> AllowAsync(
        [FromForm] string code, HttpContext context, GatewayDb db, Notices notices, IStringLocalizer<GatewayTexts> text,
        IOptions<GatewayOptions> options, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var wanted = ConnectPass.NormalizeCode(code);
        var pass = await db.ConnectPasses.SingleOrDefaultAsync(p => p.Code == wanted && p.PersonId == null && p.RevokedAt == null && p.ExpiresAt > now, cancel);
        if (pass is null)
        {
            notices.Add(context, text["Connect.Unknown"]);
            return TypedResults.LocalRedirect("/connect");
        }

        pass.PersonId = context.User.PersonId().Value;
        pass.SignInId = context.User.SignInId().Value;
        pass.ExpiresAt = now + options.Value.PassLife;
        db.Audit(clock, Actor.Of(context), "connect.allowed", $"connect-pass:{pass.Id}", pass.Device, new { address = pass.Address, until = pass.ExpiresAt });
        await db.SaveChangesAsync(cancel);
        notices.Add(context, text["Connect.Allowed", pass.Device]);
        return TypedResults.LocalRedirect("/connect");
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> RevokeAsync(
        Guid id, HttpContext context, GatewayDb db, Notices notices, IStringLocalizer<GatewayTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        var pass = await db.ConnectPasses.SingleOrDefaultAsync(p => p.Id == id && p.PersonId == person && p.RevokedAt == null, cancel);
        if (pass is null)
            return TypedResults.NotFound();
        pass.RevokedAt = clock.GetUtcNow();
        db.Audit(clock, Actor.Of(context), "connect.revoked", $"connect-pass:{pass.Id}", pass.Device, new { });
        await db.SaveChangesAsync(cancel);
        notices.Add(context, text["Connect.Revoked", pass.Device]);
        return TypedResults.LocalRedirect("/connect");
    }
}
