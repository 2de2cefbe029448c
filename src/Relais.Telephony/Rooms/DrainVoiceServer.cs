using Relais.Kernel.Audit;

namespace Relais.Telephony.Rooms;

/// <summary>Takes a voice server out of service, or back into it, until the next start: no new rooms there; idle headsets move at once, others after their call.</summary>
internal sealed class DrainVoiceServer(RoomServers servers, Phones phones, TelephonyDb db, TimeProvider clock)
{
    /// <param name="number">From 1 on, as the page and the interface count them.</param>
    /// <returns>False where there is none.</returns>
    public async Task<bool> HandleAsync(int number, bool draining, Actor actor, CancellationToken cancel)
    {
        if (servers.All.ElementAtOrDefault(number - 1) is not { } janus)
            return false;
        db.Audit(clock, actor, draining ? "rooms.drained" : "rooms.opened", "", janus.Server.Address);
        await db.SaveChangesAsync(cancel);
        janus.Draining = draining;
        await phones.MakeWayAsync();
        return true;
    }
}
