using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.SecondFactors;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.NativeClients;

internal abstract record NativeClientAdded
{
    private NativeClientAdded() { }

    /// <param name="Password">Shown in this answer and never again.</param>
    internal sealed record Added(string Name, string Password) : NativeClientAdded;

    internal sealed record Refused(Fault Fault) : NativeClientAdded;

    /// <summary>The person must prove again who they are.</summary>
    internal sealed record ProofWanted : NativeClientAdded;

    /// <summary>This sign-in gave one factor only.</summary>
    internal sealed record SecondFactorWanted : NativeClientAdded;
}

/// <summary>Lets a person's own remote desktop program in, for as long as it is used. Needs a recent sign-in with two factors.</summary>
internal sealed class AddNativeClient(
    AccessDb db, FactorGuard guard, LiveNativeClients live, IOptions<NativeClientOptions> options, TimeProvider clock)
{
    public async Task<NativeClientAdded> HandleAsync(HttpContext context, string? name, CancellationToken cancel)
    {
        var (id, own) = (context.User.PersonId().Value, context.User.SignInId().Value);
        if (!await db.SignIns.AnyAsync(s => s.Id == own && s.SecondFactor, cancel))
            return new NativeClientAdded.SecondFactorWanted();
        if (await guard.CheckAsync(context, sending: true, cancel) is not Proof.Given)
            return new NativeClientAdded.ProofWanted();

        name = (name ?? "").Trim();
        if (name.Length == 0)
            return new NativeClientAdded.Refused(new Fault("Name", "empty"));
        if (name.Length > NativeClient.NameLength)
            return new NativeClientAdded.Refused(new Fault("Name", "name-long", NativeClient.NameLength));

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Locked, so that two forms at once count each other, and that disabling the person comes before or after.
        var person = await db.People.FromSql($"SELECT * FROM access.person WHERE id = {id} FOR UPDATE").AsNoTracking().SingleAsync(cancel);
        var others = await live.OfAsync(id, cancel);
        if (others.Count >= options.Value.PerPerson || !person.MaySignIn(clock.GetUtcNow()))
            return new NativeClientAdded.Refused(new Fault("", "too-many-native-clients", options.Value.PerPerson));
        if (others.Exists(row => string.Equals(row.Client.Name, name, StringComparison.OrdinalIgnoreCase)))
            return new NativeClientAdded.Refused(new Fault("Name", "native-client-taken"));

        var password = NativeClientPassword.Create();
        Add(person, name, password, context);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new NativeClientAdded.Added(name, password);
    }

    private void Add(Person person, string name, string password, HttpContext context)
    {
        var now = clock.GetUtcNow();
        var signIn = new SignIn
        {
            PersonId = person.Id,
            // Of bytes that nobody has: it is no browser's.
            TokenHash = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes),
            CreatedAt = now,
            LastSeenAt = now,
            ProvenAt = now,
            Address = Actor.Of(context).Address,
            UserAgent = "",
            Method = SignInMethod.NativeClient,
            SecondFactor = true,
        };
        db.SignIns.Add(signIn);
        db.NativeClients.Add(new NativeClient { Id = signIn.Id, Name = name, PasswordHash = NativeClientPassword.HashOf(password) });
        db.Audit(clock, Actor.Of(context), "native-client.added", Subject.Of(person), person.DisplayName, new { client = name, signIn = signIn.Id });
    }
}
