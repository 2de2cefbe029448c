using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Access.SignIns;

namespace Relais.Access.SecondFactors;

internal enum Proof
{
    /// <summary>Recent and strong enough.</summary>
    Given,

    /// <summary>The person must prove again who they are.</summary>
    Stale,

    /// <summary>A second factor exists and this sign-in did not give it: the password alone may not change it.</summary>
    Weak,
}

/// <summary>Whether a sign-in may change what protects the account.</summary>
internal sealed class FactorGuard(AccessDb db, TimeProvider clock, IOptions<SignInLifeOptions> life)
{
    // A form that was opened in time may be sent a little later, so that nothing typed in it is lost.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    public async Task<Proof> CheckAsync(HttpContext context, bool sending, CancellationToken cancel)
    {
        var id = context.User.SignInId().Value;
        var person = context.User.PersonId().Value;
        var signIn = await db.SignIns.AsNoTracking().Where(s => s.Id == id).Select(s => new { s.ProvenAt, s.SecondFactor }).SingleAsync(cancel);
        if (clock.GetUtcNow() - signIn.ProvenAt > life.Value.ProofLife + (sending ? Slack : TimeSpan.Zero))
            return Proof.Stale;
        return signIn.SecondFactor || !await HasFactorAsync(db, person, cancel) ? Proof.Given : Proof.Weak;
    }

    public static Task<bool> HasFactorAsync(AccessDb db, Guid person, CancellationToken cancel) =>
        db.People.AnyAsync(p => p.Id == person && (p.TotpSecret != null || db.Passkeys.Any(k => k.UserId == p.Id)), cancel);
}
