using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Gateway.Apps;

/// <summary>What a request's cookie says at this moment.</summary>
internal abstract record VisitState
{
    private VisitState() { }

    public sealed record Open(AppVisit Visit, PersonCard Person, IReadOnlyList<string> Groups) : VisitState;

    /// <summary>No cookie, or one that is over: the portal is to be asked.</summary>
    public sealed record Unknown : VisitState;

    /// <summary>Signed in, and not allowed here any more.</summary>
    public sealed record Withdrawn(string Language) : VisitState;
}

/// <summary>Looks up whose visit a cookie is and whether they still may. Asked at every request, so that whatever is withdrawn acts at once.</summary>
internal sealed class FindVisit(GatewayDb db, Standing standing, Groups groups, People people, AccessConditions conditions, TimeProvider clock)
{
    public async Task<VisitState> HandleAsync(WebApp app, byte[]? tokenHash, IPAddress? from, CancellationToken cancel)
    {
        if (tokenHash is null)
            return new VisitState.Unknown();
        var now = clock.GetUtcNow();
        var visit = await db.AppVisits.AsNoTracking()
            .SingleOrDefaultAsync(v => v.TokenHash == tokenHash && v.AppId == app.Id && v.EnteredAt <= now && v.ExpiresAt > now, cancel);
        if (visit is null || (await standing.LostAsync([new SignInId(visit.SignInId)], cancel)).Count > 0)
            return new VisitState.Unknown();
        var id = new PersonId(visit.PersonId);
        // The portal says why, and asks for a second factor where that is it.
        if (!await conditions.StandsAsync(new AccessAsked(id, new SignInId(visit.SignInId), AccessTarget.App, from), cancel))
            return new VisitState.Unknown();
        if (await people.FindAsync(id, cancel) is not { } person)
            return new VisitState.Unknown();
        var mine = await groups.OfAsync(id, cancel);
        if (!app.OpensFor(mine))
            return new VisitState.Withdrawn(person.Language);
        var shared = app.Groups.Select(g => g.GroupId).Where(mine.Contains).ToHashSet();
        var names = (await groups.AllAsync(cancel)).Where(g => shared.Contains(g.Id)).Select(g => g.Name);
        return new VisitState.Open(visit, person, [.. names]);
    }
}
