using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Directories;
using Relais.Access.Passwords;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.Invitations;

/// <summary>How an invitation stands for whoever opens its link.</summary>
internal enum InvitationState
{
    Holds,

    /// <summary>No such link: cut off, or made up.</summary>
    Unknown,
    Used,
    Expired,

    /// <summary>A newer one was sent or printed.</summary>
    Replaced,

    /// <summary>The person signs in with the directory's password, and needs none of ours.</summary>
    Directory,

    /// <summary>The person may not sign in.</summary>
    ShutOut,
}

internal sealed record FoundInvitation(InvitationState State, Person? Person);

/// <summary>Whoever holds the link chooses the password, once, and is signed in. Looking at the link uses nothing up: mail programs look, too.</summary>
internal sealed class AcceptInvitation(AccessDb db, PasswordCheck passwords, DirectoryPasswords directory, OpenSignIn open, TimeProvider clock)
{
    public async Task<FoundInvitation> FindAsync(string? token, CancellationToken cancel)
    {
        if (InvitationToken.HashOf(token) is not { } hash
            || await db.Invitations.AsNoTracking().Include(i => i.Person).SingleOrDefaultAsync(i => i.TokenHash == hash, cancel) is not { Person: { } person } invitation)
            return new FoundInvitation(InvitationState.Unknown, null);
        var state = StateOf(invitation, person, clock.GetUtcNow());
        return new FoundInvitation(state is InvitationState.Holds && await directory.ConcernAsync(person.Id, cancel) ? InvitationState.Directory : state, person);
    }

    /// <returns>What is wrong with the password; null when the link does not hold (any more).</returns>
    public async Task<IReadOnlyList<Fault>?> HandleAsync(HttpContext context, string? token, string? password, string? again, CancellationToken cancel)
    {
        if (await FindAsync(token, cancel) is not { State: InvitationState.Holds, Person: { } invited })
            return null;
        if (Check(invited, password, again) is { } fault)
            return [fault];

        var hash = await passwords.HashAsync(password ?? "", cancel);
        if (!await TakeAsync(context, InvitationToken.HashOf(token) ?? [], hash, cancel))
            return null;
        // Where a rule refuses this sign-in the password is chosen all the same, and the sign-in page says what the rule does.
        return await open.HandleAsync(context, invited.Id, SignInMethod.Password, cancel) is SignInOpened.Closed ? null : [];
    }

    private async Task<bool> TakeAsync(HttpContext context, byte[] token, string hash, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Of two who use it at once, one gets the row.
        var taken = await db.Invitations.Where(i => i.TokenHash == token && i.UsedAt == null && i.EndedAt == null && i.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.UsedAt, now), cancel);
        var person = taken == 0 ? null : await db.People.SingleOrDefaultAsync(
            p => p.PasswordHash == null && db.Invitations.Any(i => i.TokenHash == token && i.PersonId == p.Id), cancel);
        if (person is null || !person.MaySignIn(now))
            return false;

        (person.PasswordHash, person.MustChangePassword) = (hash, false);
        db.Audit(clock, OpenSignIn.ActorOf(context, person), "invitation.used", Subject.Of(person), person.DisplayName);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private static InvitationState StateOf(Invitation invitation, Person person, DateTimeOffset now) =>
        invitation.UsedAt is not null || person.PasswordHash is not null ? InvitationState.Used
        : invitation.EndedAt is not null ? InvitationState.Replaced
        : now >= invitation.ExpiresAt ? InvitationState.Expired
        : !person.MaySignIn(now) ? InvitationState.ShutOut
        : InvitationState.Holds;

    private static Fault? Check(Person person, string? password, string? again)
    {
        if (string.IsNullOrEmpty(password))
            return new Fault("Password", "empty");
        if (PasswordRules.Check(password, person.UserName, person.DisplayName, person.Email) is { } code)
            return new Fault("Password", code, code is "password-long" ? PasswordRules.LongestLength : PasswordRules.ShortestLength);
        return string.Equals(password, again, StringComparison.Ordinal) ? null : new Fault("Again", "password-differs");
    }
}
