using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Access.Passwords;

namespace Relais.Access.SignIns;

/// <summary>Asks the password again before a sensitive change.</summary>
internal sealed class ProveIdentity(AccessDb db, CheckPassword passwords, SignInThrottle throttle, TimeProvider clock)
{
    public async Task<PasswordOutcome> HandleAsync(HttpContext context, string password, CancellationToken cancel)
    {
        var (id, signIn) = (context.User.PersonId().Value, context.User.SignInId().Value);
        var attempt = new Attempt(Attempt.Origin(context.Connection.RemoteIpAddress), $"prove {id}", KnownDevice: true);
        if (throttle.Enter(attempt) is { Ticks: > 0 } wait)
            return new PasswordOutcome.Wait(wait);

        var person = await db.People.AsNoTracking().SingleAsync(p => p.Id == id, cancel);
        switch (await passwords.HandleAsync(person, password, cancel))
        {
            case PasswordProof.DirectoryAway:
                throttle.Undecided(attempt);
                return new PasswordOutcome.DirectoryAway();
            case PasswordProof.Wrong or PasswordProof.ShutOut:
                return new PasswordOutcome.Wrong();
            case PasswordProof.Right:
                break;
        }

        throttle.Succeeded(attempt);
        var now = clock.GetUtcNow();
        await db.SignIns.Where(s => s.Id == signIn).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvenAt, now), cancel);
        return new PasswordOutcome.SignedIn();
    }
}
