using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Watching;

/// <summary>Tells the sessions of this node who asks to see them and who does, and lets go of those who may not any more.</summary>
internal sealed class TellOfWatches(GatewayDb db, Standing standing, TimeProvider clock)
{
    public async Task HandleAsync(IReadOnlyCollection<LiveSession> mine, CancellationToken cancel)
    {
        // Those who are there are looked at first: whoever comes meanwhile was accepted by a row that is not read here any more.
        var there = mine.ToDictionary(s => s, s => s.Watchers.All);
        var (ids, since) = (mine.Select(s => s.SessionId).ToArray(), clock.GetUtcNow() - WatchConnection.Patience);
        var open = await db.Watches.AsNoTracking()
            .Where(w => ids.Contains(w.SessionId) && (w.State == WatchState.Accepted || (w.State == WatchState.Asked && w.AskedAt > since)))
            .OrderBy(w => w.AskedAt).ToListAsync(cancel);
        var lost = await standing.LostAsync([.. there.Values.SelectMany(all => all).Select(w => w.SignIn).Distinct()], cancel);
        foreach (var session in mine)
        {
            var (watches, watchers) = (open.Where(w => w.SessionId == session.SessionId).ToList(), there[session]);
            foreach (var watcher in watchers.Where(w => lost.Contains(w.SignIn) || !watches.Exists(o => o.Id == w.Watch && o.State == WatchState.Accepted)))
                watcher.Stop();
            // The mark stands for whoever is there: of a server that was killed, rows may say more.
            Tell(session, watches.Find(w => w.State == WatchState.Accepted && watchers.Any(known => known.Watch == w.Id)) ?? watches.LastOrDefault(w => w.State == WatchState.Asked));
        }
    }

    private static void Tell(LiveSession session, Watch? watch)
    {
        var told = watch is null ? null : ((Guid, WatchState)?)(watch.Id, watch.State);
        if (session.ToldOfWatch == told)
            return;
        session.ToldOfWatch = told;
        session.Tell(watch switch
        {
            null => Notice.WatchOver,
            { State: WatchState.Accepted } => Notice.Watched(watch.Id, watch.AskedByName),
            _ => Notice.WatchAsked(watch.Id, watch.AskedByName),
        });
    }
}
