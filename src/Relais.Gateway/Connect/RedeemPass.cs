using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Connect;

/// <summary>Whose pass a secret is, while it is good and the sign-in that allowed it stands.</summary>
internal sealed class RedeemPass(GatewayDb db, Standing standing, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    public async Task<(PersonId Person, SignInId SignIn)?> HandleAsync(string secret, CancellationToken cancel)
    {
        var hash = Grant.HashOf(secret);
        var pass = await db.ConnectPasses.AsNoTracking().SingleOrDefaultAsync(p => p.SecretHash == hash, cancel);
        if (pass is not { PersonId: { } person, SignInId: { } signIn } || !pass.IsOpen(clock.GetUtcNow()))
            return null;
        var lost = await standing.LostAsync([new SignInId(signIn)], cancel);
        return lost.Count == 0 ? (new PersonId(person), new SignInId(signIn)) : null;
    }

    public static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.Ordinal) ? value[Scheme.Length..] : null;
}
