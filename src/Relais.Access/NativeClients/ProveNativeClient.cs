using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.NativeClients;

/// <summary>Who a native client is, by the name and the password that it shows. Guessing is slowed as for people's own passwords.</summary>
internal sealed class ProveNativeClient(
    AccessDb db, LiveNativeClients live, SignInThrottle throttle, InstituteCalendar calendar, TimeProvider clock, ILogger<ProveNativeClient> log)
{
    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    /// <param name="typed">A person's name or mail address; clients of Windows put a domain and a backslash before it.</param>
    public async Task<NativeClientProof> HandleAsync(string typed, string password, IPAddress? from, Actor actor, CancellationToken cancel)
    {
        // A program may send anything; no name has what the database cannot even compare.
        var name = typed.Any(char.IsControl) ? "" : UniqueName.Normalize(typed[(typed.LastIndexOf('\\') + 1)..]);
        var hash = NativeClientPassword.HashOf(password);
        // Both are looked up whatever the first one gives: an unknown name takes as long as a wrong password.
        var person = await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.NormalizedUserName == name || p.NormalizedEmail == name, cancel);
        var client = await live.All.AsNoTracking().SingleOrDefaultAsync(row => row.Client.PasswordHash == hash, cancel);

        // Apart from the portal's: a program that goes on with an old password must not make its person wait there.
        var attempt = new Attempt(Attempt.Origin(from), $"native {person?.Id.ToString() ?? name}", KnownDevice: false);
        if (throttle.WaitFor(attempt) is { Ticks: > 0 } wait)
        {
            log.SignInSlowedDown(attempt.Address, wait);
            return new NativeClientProof.Wait(wait);
        }

        var right = client is not null && client.Person.Id == person?.Id && CryptographicOperations.FixedTimeEquals(client.Client.PasswordHash, hash)
            ? client.Client
            : null;
        if (right is not null && await live.UsableAsync(right.Id, cancel) is { } usable)
            return new NativeClientProof.Given(CardOf(usable), NativeClientPassword.KeyOf(password));

        // A password that was right once says so to nobody but the trail: the person may wonder why their program is refused.
        throttle.Failed(attempt);
        log.SignInRefused(person?.Id, actor.Address);
        db.Audit(
            clock, actor, "native-client.refused", person is null ? "" : Subject.Of(person), person?.DisplayName ?? "",
            new { client = right?.Name, why = right is null ? "Wrong" : "Ended" });
        await db.SaveChangesAsync(cancel);
        return new NativeClientProof.Wrong();
    }

    public async Task<NativeClientCard?> FindAsync(SignInId id, CancellationToken cancel) =>
        await live.UsableAsync(id.Value, cancel) is { } usable ? CardOf(usable) : null;

    /// <summary>Notes a use; the first one of a day is a line of the audit trail.</summary>
    public async Task UsedAsync(NativeClientCard client, string agent, Actor actor, CancellationToken cancel)
    {
        var (id, now, today) = (client.Id.Value, clock.GetUtcNow(), calendar.Today);
        var shortened = agent.Length > SignIn.UserAgentLength ? agent[..SignIn.UserAgentLength] : agent;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // A client fetches its list, files and pictures at once: one of them notes it.
        await db.SignIns.Where(s => s.Id == id && s.LastSeenAt < now - SeenStep).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.Address, actor.Address), cancel);
        var first = await db.NativeClients.Where(c => c.Id == id && (c.UsedOn == null || c.UsedOn != today))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedOn, today), cancel) == 1;
        if (first)
        {
            db.Audit(
                clock, actor, "native-client.used", $"person:{client.Person.Id}", client.Person.DisplayName,
                new { client = client.Name, agent = shortened });
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    private static NativeClientCard CardOf(NativeClientRow row) => new(
        new SignInId(row.Client.Id), row.Client.Name,
        new PersonCard(
            new PersonId(row.Person.Id), row.Person.UserName ?? "", row.Person.DisplayName, row.Person.Language, row.Person.KeyboardLayout,
            row.Person.Roles.ToHashSet(StringComparer.Ordinal)));
}
