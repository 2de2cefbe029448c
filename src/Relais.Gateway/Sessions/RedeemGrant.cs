using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Sessions;

/// <summary>What came of a token.</summary>
internal abstract record Redemption
{
    private Redemption() { }

    /// <summary>The token was this person's, in time and unused: here is the one place it leads to.</summary>
    public sealed record Accepted(Session Session, string Password) : Redemption;

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
}

/// <summary>Turns a token into a connection of its session, exactly once.</summary>
internal sealed class RedeemGrant(GatewayDb db, TimeProvider clock, IDataProtectionProvider protection)
{
    // One statement decides: of two redemptions at once, the second one finds redeemed_at set.
    private const string Take = """
        UPDATE gateway."grant" SET "RedeemedAt" = {0}
        WHERE "TokenHash" = {1} AND "RedeemedAt" IS NULL AND "IssuedAt" <= {0} AND "ExpiresAt" > {0}
          AND "PersonId" = {2} AND "SignInId" = {3}
        """;

    public async Task<Redemption> HandleAsync(string token, TargetProtocol protocol, PersonId person, SignInId signIn, Actor actor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var hash = Grant.HashOf(token);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var taken = await db.Database.ExecuteSqlRawAsync(Take, [now, hash, person.Value, signIn.Value], cancel);
        var grant = await db.Grants.AsNoTracking().SingleOrDefaultAsync(g => g.TokenHash == hash, cancel);
        var session = grant is null ? null : await db.Sessions.SingleOrDefaultAsync(s => s.Id == grant.SessionId, cancel);

        if (Refusal(taken, grant, session, protocol, person, signIn) is { } why)
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
        open.SeenAt = now;
        open.ClientAddress = actor.Address;
        // One person's desktop shows on one device at a time: whoever else holds the target is told that it moved. A shell is nobody's alone.
        if (open.Protocol != TargetProtocol.Ssh)
        {
            await db.Sessions
                .Where(s => s.TargetKind == open.TargetKind && s.TargetId == open.TargetId && s.Id != open.Id && s.EndedAt == null && s.EndAsked == null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndAsked, nameof(SessionEnd.Moved)), cancel);
        }

        db.Audit(clock, actor, "session.connected", $"{open.TargetKind}:{open.TargetId}", open.TargetName, new { session = open.Id, connection = open.Connection });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new Redemption.Accepted(open, TargetSecret.Protector(protection).Unprotect(open.Secret));
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
