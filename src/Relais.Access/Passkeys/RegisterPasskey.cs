using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.SecondFactors;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Access.Passkeys;

/// <summary>Adds a passkey that verifies the person (finger, face, PIN) to the own account.</summary>
internal static class RegisterPasskey
{
    public const int NameLength = 60;

    public sealed record Request(JsonElement Credential, string? Name);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/passkeys/creation-options", Options).WithSummary("Options for a new passkey of one's own.");
        routes.MapPost("/passkeys", Handle).WithSummary("Adds the passkey that the browser made.");
    }

    internal static async Task<Results<ContentHttpResult, ProblemHttpResult>> Options(
        HttpContext context, IPasskeyHandler<Person> handler, PasskeyCeremony ceremony, FactorGuard guard, CancellationToken cancel)
    {
        if (await guard.CheckAsync(context, sending: true, cancel) is not Proof.Given)
            return Problems.Refused("proof-wanted");
        var entity = new PasskeyUserEntity
        {
            Id = context.User.PersonId().ToString(),
            Name = context.User.Identity?.Name ?? "",
            DisplayName = context.User.FindFirst(PrincipalClaims.DisplayName)?.Value ?? "",
        };
        var options = await handler.MakeCreationOptionsAsync(entity, context);
        ceremony.Begin(context, options.AttestationState);
        return TypedResults.Content(options.CreationOptionsJson, "application/json");
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, HttpContext context, IPasskeyHandler<Person> handler, PasskeyCeremony ceremony, FactorGuard guard,
        AccessDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await guard.CheckAsync(context, sending: true, cancel) is not Proof.Given)
            return Problems.Refused("proof-wanted");
        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext
        {
            HttpContext = context,
            CredentialJson = request.Credential.GetRawText(),
            AttestationState = ceremony.End(context),
        });
        var id = context.User.PersonId().Value;
        if (!result.Succeeded || !result.Passkey.IsUserVerified || !string.Equals(result.UserEntity.Id, id.ToString(), StringComparison.Ordinal))
            return Problems.Invalid("passkey-refused");

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var person = await db.People.SingleAsync(p => p.Id == id, cancel);
        var passkey = PasskeyRow.Of(id, result.Passkey, NameOf(request.Name), clock.GetUtcNow());
        db.Passkeys.Add(passkey);
        var signIn = context.User.SignInId().Value;
        await db.SignIns.Where(s => s.Id == signIn).ExecuteUpdateAsync(set => set.SetProperty(s => s.SecondFactor, true), cancel);
        db.Audit(clock, Actor.Of(context), "person.passkey-added", Subject.Of(person), person.DisplayName, new { name = passkey.Data.Name });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.NoContent();
    }

    internal static string NameOf(string? typed)
    {
        var name = (typed ?? "").Trim();
        return name.Length > NameLength ? name[..NameLength] : name;
    }
}
