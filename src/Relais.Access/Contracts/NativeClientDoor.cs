using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.NativeClients;
using Relais.Kernel.Audit;

namespace Relais.Access.Contracts;

/// <summary>A remote desktop program of a person's own, which signs in by itself.</summary>
/// <param name="Id">Its sign-in: what ends the person's sign-ins ends it, and <see cref="Standing"/> knows it.</param>
/// <param name="Name">As its person called it. Free text.</param>
/// <param name="Person">Whose it is.</param>
public sealed record NativeClientCard(SignInId Id, string Name, PersonCard Person);

/// <summary>What came of a name and a password.</summary>
public abstract record NativeClientProof
{
    private NativeClientProof() { }

    /// <summary>They are a client's that may be used now.</summary>
    /// <param name="Client">Which one.</param>
    /// <param name="Key">32 bytes that only this password gives, always the same; the server does not keep them.</param>
    public sealed record Given(NativeClientCard Client, byte[] Key) : NativeClientProof;

    /// <summary>No such person, not a client's password, or one that does not stand any more: nothing tells them apart.</summary>
    public sealed record Wrong : NativeClientProof;

    /// <summary>Too many wrong ones from there: nothing was looked at.</summary>
    /// <param name="Time">How long to wait.</param>
    public sealed record Wait(TimeSpan Time) : NativeClientProof;
}

/// <summary>
/// The native clients that people let in. Answers come from the database as it is at the time of the call. Safe to use from a singleton, and
/// from several threads: every call takes a database context of its own.
/// </summary>
public sealed class NativeClientDoor
{
    /// <summary>Where a client finds what it may open: what people type, and the discovery record of a mail domain says.</summary>
    public const string FeedPath = "/rdweb/feed/webfeed.aspx";

    private readonly IServiceScopeFactory _scopes;

    internal NativeClientDoor(IServiceScopeFactory scopes) => _scopes = scopes;

    /// <summary>Who shows this name and password.</summary>
    /// <param name="name">A person's user name or mail address, perhaps after a domain and a backslash.</param>
    /// <param name="password">The client's own, however it is grouped.</param>
    /// <param name="from">Where from, for slowing guesses down.</param>
    /// <param name="actor">For the audit trail.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<NativeClientProof> ProveAsync(string name, string password, IPAddress? from, Actor actor, CancellationToken cancel) =>
        AskAsync(prove => prove.HandleAsync(name, password, from, actor, cancel));

    /// <summary>A client that may be used now; null when it was revoked, has expired, or its person may not sign in.</summary>
    public Task<NativeClientCard?> FindAsync(SignInId client, CancellationToken cancel) => AskAsync(prove => prove.FindAsync(client, cancel));

    /// <summary>Notes that it was used, so that it does not expire; the first use of a day is audited.</summary>
    /// <param name="client">Which one.</param>
    /// <param name="agent">What the program calls itself.</param>
    /// <param name="actor">Its person, and where from.</param>
    /// <param name="cancel">Gives up.</param>
    public Task UsedAsync(NativeClientCard client, string agent, Actor actor, CancellationToken cancel) =>
        AskAsync(async prove =>
        {
            await prove.UsedAsync(client, agent, actor, cancel);
            return true;
        });

    /// <summary>Those of <paramref name="clients"/> of which nothing is kept any more: they ended long ago, or their person was deleted.</summary>
    public async Task<IReadOnlySet<SignInId>> ForgottenAsync(IReadOnlyCollection<SignInId> clients, CancellationToken cancel)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccessDb>();
        var ids = clients.Select(client => client.Value).ToArray();
        var kept = await db.NativeClients.Where(client => ids.Contains(client.Id)).Select(client => client.Id).ToListAsync(cancel);
        return clients.Except(kept.Select(id => new SignInId(id))).ToHashSet();
    }

    private async Task<T> AskAsync<T>(Func<ProveNativeClient, Task<T>> ask)
    {
        await using var scope = _scopes.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<ProveNativeClient>());
    }
}
