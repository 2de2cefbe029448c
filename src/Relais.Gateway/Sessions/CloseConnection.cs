using Microsoft.EntityFrameworkCore;
using Relais.Gateway.Pictures;
using Relais.Gateway.Relay;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Sessions;

/// <summary>Writes how a connection ended: for good, or cut, so that the session may be taken up again.</summary>
internal sealed class CloseConnection(GatewayDb db, TimeProvider clock)
{
    /// <summary>Whether somebody asked for the session to end, and why.</summary>
    public async Task<SessionEnd?> AskedAsync(Guid id, CancellationToken cancel) =>
        Enum.TryParse<SessionEnd>(await db.Sessions.Where(s => s.Id == id).Select(s => s.EndAsked).SingleOrDefaultAsync(cancel), out var end) ? end : null;

    public async Task HandleAsync(Guid id, LiveSession held, RelayEnd end, CancellationToken cancel)
    {
        // The redemption of this connection left the row here as it was then; counters and takers-over have changed it since.
        db.ChangeTracker.Clear();
        var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == id, cancel);
        // A later connection has taken the session over: it is not ours to close.
        if (session is null || session.EndedAt is not null || (session.Connection > held.Connection && held.Reason is null or SessionEnd.Moved))
            return;

        var (up, down) = held.Counters.TakeUnwritten();
        session.FromClientBytes += up;
        session.ToClientBytes += down;
        session.SeenAt = clock.GetUtcNow();
        if (Final(session, held, end) is { } final)
        {
            session.EndedAt = clock.GetUtcNow();
            session.End = final;
            db.Audit(
                clock, Actor.System, "session.closed", $"{session.TargetKind}:{session.TargetId}", session.TargetName,
                new { session = id, end = final.ToString(), person = session.PersonId, up = session.FromClientBytes, down = session.ToClientBytes });
        }

        await db.SaveChangesAsync(cancel);
        if (session.EndedAt is not null)
            await Picture.DropAsync(db, id, cancel);
    }

    // What was cut stays open for a while, to be taken up again.
    private static SessionEnd? Final(Session session, LiveSession held, RelayEnd end)
    {
        if (held.Reason is { } reason)
            return reason;
        if (Enum.TryParse<SessionEnd>(session.EndAsked, out var asked))
            return asked;
        return end switch
        {
            RelayEnd.BrowserLeft or RelayEnd.TargetLeft => SessionEnd.Left,
            RelayEnd.Idle => SessionEnd.Idle,
            // Kept open, it would count among the person's sessions although nobody can take it up.
            RelayEnd.TargetRefused => SessionEnd.Refused,
            _ => null,
        };
    }
}
