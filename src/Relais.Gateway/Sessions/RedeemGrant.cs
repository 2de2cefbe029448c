using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Sessions;

/// <summary>What came of a token.</summary>
internal abstract record Redemption
{
    private Redemption() { }

    /// <summary>The token was this person's, in time and unused: here is the one place it leads to.</summary>
    public sealed record Accepted(Session Session, string Password, Guid Grant) : Redemption;

    public sealed record Refused(RedemptionRefusal Why) : Redemption;
}

internal enum RedemptionRefusal
{
    Unknown,
    Used,
    Expired,
    SomeoneElses,
    SessionOver,

    /// <summary>The session's target speaks something else than this door.</summary>
    OtherProtocol,

    /// <summary>It is for another kind of client.</summary>
    OtherDoor,

    /// <summary>The sign-in that asked for it does not stand any more.</summary>
    AccessWithdrawn,

    /// <summary>The institute's rules do not let it be opened from there, with that client or now.</summary>
    Barred,
}

/// <summary>Turns a token into a connection of its session, exactly once.</summary>
internal sealed class RedeemGrant(
    GatewayDb db, TimeProvider clock, IDataProtectionProvider protection, Standing standing, People people, AccessConditions conditions,
    IOptions<GatewayOptions> options)
{
    // One statement decides: of two redemptions at once, the second one finds redeemed_at set.
    private const string Take = """
        UPDATE gateway."grant" SET "RedeemedAt" = {0}
        WHERE "TokenHash" = {1} AND "RedeemedAt" IS NULL AND "IssuedAt" <= {0} AND "ExpiresAt" > {0}
          AND "Door" = 'Browser' AND "PersonId" = {2} AND "SignInId" = {3}
        """;

    private const string TakeNative = """
        UPDATE gateway."grant" SET "RedeemedAt" = {0}, "ClientAddress" = {2}
        WHERE "TokenHash" = {1} AND "RedeemedAt" IS NULL AND "IssuedAt" <= {0} AND "ExpiresAt" > {0} AND "Door" = 'Native'
        """;

    // Locks the row also when nothing changes, so that two at once count up the session's connections one after the other.
    private const string TakeNativeAgain = """
        UPDATE gateway."grant" g SET "RedeemedAt" = {0}
        WHERE "TokenHash" = {1} AND "RedeemedAt" IS NOT NULL AND "Door" = 'Native' AND "ClientAddress" = {2}
          AND EXISTS (SELECT FROM gateway.session s
            WHERE s."Id" = g."SessionId" AND s."EndedAt" IS NULL AND s."EndAsked" IS NULL AND s."SeenAt" > {3})
        """;

    public async Task<Redemption> HandleAsync(string token, TargetProtocol protocol, PersonId person, SignInId signIn, Actor actor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var hash = Grant.HashOf(token);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var taken = await db.Database.ExecuteSqlRawAsync(Take, [now, hash, person.Value, signIn.Value], cancel);
        var (grant, session) = await FindAsync(hash, cancel);
        var why = grant is { Door: not GrantDoor.Browser } ? RedemptionRefusal.OtherDoor : Refusal(taken, grant, session, protocol, person, signIn);
        return await DecideAsync(why ?? await BarredAsync(grant, session, actor, cancel), grant, session, actor, now, transaction, cancel);
    }

    /// <summary>
    /// For a client that shows nothing but the token: who it is comes from the grant, and the sign-in that asked for it must still stand.
    /// A token that was used may take the same session up again while that is open, within the time for that, from the same address.
    /// </summary>
    public async Task<Redemption> HandleNativeAsync(string token, string? address, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var hash = Grant.HashOf(token);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var taken = await db.Database.ExecuteSqlRawAsync(TakeNative, [now, hash, address ?? ""], cancel);
        if (taken == 0)
            taken = await db.Database.ExecuteSqlRawAsync(TakeNativeAgain, [now, hash, address ?? "", now - options.Value.ResumeWithin], cancel);
        var (grant, session) = await FindAsync(hash, cancel);
        if (grant is null)
            return await DecideAsync(RedemptionRefusal.Unknown, grant, session, new Actor("anonymous", "", address), now, transaction, cancel);

        var person = new PersonId(grant.PersonId);
        var actor = new Actor($"person:{person}", (await people.FindAsync(person, cancel))?.UserName ?? "", address);
        var lost = await standing.LostAsync([new SignInId(grant.SignInId)], cancel);
        var why = grant.Door != GrantDoor.Native ? RedemptionRefusal.OtherDoor
            : lost.Count > 0 ? RedemptionRefusal.AccessWithdrawn
            : Refusal(taken, grant, session, TargetProtocol.Rdp, person, new SignInId(grant.SignInId));
        return await DecideAsync(why ?? await BarredAsync(grant, session, actor, cancel), grant, session, actor, now, transaction, cancel);
    }

    /// <summary>Whether a native client's device is the one that redeemed the token first; the first one is remembered.</summary>
    public async Task<bool> IsSameDeviceAsync(Guid grant, string device, CancellationToken cancel) =>
        await db.Grants.Where(g => g.Id == grant && (g.ClientName == null || g.ClientName == device))
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.ClientName, device), cancel) == 1;

    // The address that shows the token counts, which need not be the one that it was given to.
    private async Task<RedemptionRefusal?> BarredAsync(Grant? grant, Session? session, Actor actor, CancellationToken cancel) =>
        grant is not null && session is not null
        && await conditions.AskAsync(SessionConditions.Of(session, grant.Door, actor.Address), actor, cancel) is not AccessAnswer.Allowed
            ? RedemptionRefusal.Barred
            : null;

    private async Task<(Grant? Grant, Session? Session)> FindAsync(byte[] hash, CancellationToken cancel)
    {
        var grant = await db.Grants.AsNoTracking().SingleOrDefaultAsync(g => g.TokenHash == hash, cancel);
        return (grant, grant is null ? null : await db.Sessions.SingleOrDefaultAsync(s => s.Id == grant.SessionId, cancel));
    }

    private async Task<Redemption> DecideAsync(
        RedemptionRefusal? refusal, Grant? grant, Session? session, Actor actor, DateTimeOffset now, IDbContextTransaction transaction, CancellationToken cancel)
    {
        if (refusal is { } why)
        {
            db.Audit(
                clock, actor, "session.token-refused", session is null ? "" : $"{session.TargetKind}:{session.TargetId}",
                session?.TargetName ?? "", new { why = why.ToString() });
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return new Redemption.Refused(why);
        }

        var open = session ?? throw new InvalidOperationException("An accepted token has a session.");
        open.Connection++;
        open.Door = grant?.Door ?? GrantDoor.Browser;
        open.SeenAt = now;
        open.ClientAddress = actor.Address;
        // A screen shows on one device at a time: whoever else holds the target is told that it moved, or who has it now. A shell is nobody's alone.
        if (open.Protocol != TargetProtocol.Ssh)
        {
            await db.Sessions
                .Where(s => s.TargetKind == open.TargetKind && s.TargetId == open.TargetId && s.Id != open.Id && s.EndedAt == null && s.EndAsked == null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(s => s.EndAsked, s => s.PersonId == open.PersonId ? nameof(SessionEnd.Moved) : nameof(SessionEnd.TakenOver)), cancel);
        }

        db.Audit(
            clock, actor, "session.connected", $"{open.TargetKind}:{open.TargetId}", open.TargetName,
            new { session = open.Id, connection = open.Connection, door = grant?.Door.ToString() });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new Redemption.Accepted(open, TargetSecret.Protector(protection).Unprotect(open.Secret), grant?.Id ?? Guid.Empty);
    }

    private static RedemptionRefusal? Refusal(
        int taken, Grant? grant, Session? session, TargetProtocol protocol, PersonId person, SignInId signIn)
    {
        if (grant is null || session is null)
            return RedemptionRefusal.Unknown;
        if (grant.PersonId != person.Value || grant.SignInId != signIn.Value)
            return RedemptionRefusal.SomeoneElses;
        if (taken == 0)
            return grant.RedeemedAt is not null ? RedemptionRefusal.Used : RedemptionRefusal.Expired;
        if (session.EndedAt is not null || session.EndAsked is not null)
            return RedemptionRefusal.SessionOver;
        return session.Protocol == protocol ? null : RedemptionRefusal.OtherProtocol;
    }
}
