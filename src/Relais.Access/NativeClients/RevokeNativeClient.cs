using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;
using Relais.Portal.Security;

namespace Relais.Access.NativeClients;

/// <summary>Shuts a native client out, one's own or, for an administrator, another person's. What it has open ends within seconds.</summary>
internal sealed class RevokeNativeClient(AccessDb db, LiveNativeClients clients, TimeProvider clock)
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/account/native-clients/{id:guid}/revoke", OwnAsync).RequireAuthorization(AccessPolicies.SignedIn).RequireFormToken().ExcludeFromDescription();
        routes.MapPost("/people/{person:guid}/native-clients/{id:guid}/revoke", AnothersAsync).RequireAuthorization(AccessPolicies.Administer)
            .RequireFormToken().ExcludeFromDescription();
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> OwnAsync(
        Guid id, HttpContext context, RevokeNativeClient revoke, Notices notices, IStringLocalizer<AccessTexts> text, CancellationToken cancel)
    {
        if (await revoke.HandleAsync(context.User.PersonId().Value, id, Actor.Of(context), cancel) is not { } name)
            return TypedResults.NotFound();
        notices.Add(context, text["NativeClient.Revoked", name]);
        return TypedResults.LocalRedirect("/account/native-clients");
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> AnothersAsync(
        Guid person, Guid id, HttpContext context, RevokeNativeClient revoke, Notices notices, IStringLocalizer<AccessTexts> text, CancellationToken cancel)
    {
        if (await revoke.HandleAsync(person, id, Actor.Of(context), cancel) is not { } name)
            return TypedResults.NotFound();
        notices.Add(context, text["NativeClient.Revoked", name]);
        return TypedResults.LocalRedirect($"/people/{person}");
    }

    /// <returns>Its name, or null when this person has no such client: somebody else's is as if it did not exist.</returns>
    public async Task<string?> HandleAsync(Guid person, Guid id, Actor actor, CancellationToken cancel)
    {
        if (await clients.All.SingleOrDefaultAsync(row => row.Client.Id == id && row.SignIn.PersonId == person, cancel) is not { } found)
            return null;
        if (found.SignIn.RevokedAt is null)
        {
            found.SignIn.RevokedAt = clock.GetUtcNow();
            db.Audit(
                clock, actor, "native-client.revoked", Subject.Of(found.Person), found.Person.DisplayName, new { client = found.Client.Name, signIn = id });
            await db.SaveChangesAsync(cancel);
        }

        return found.Client.Name;
    }
}
