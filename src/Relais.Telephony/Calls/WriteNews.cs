using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relais.Telephony.Contracts;
using Relais.Telephony.Lines;
using Relais.Telephony.Numbers;
using Relais.Telephony.Protocols.Sip.Calls;
using Relais.Telephony.Recordings;
using Relais.Telephony.Rooms;
using Relais.Telephony.Trunks;

namespace Relais.Telephony.Calls;

/// <summary>Writes what happened on a line into the rows, and tries the next trunk where one failed.</summary>
internal sealed class WriteNews(
    TelephonyDb db, ChooseTrunk choose, TrunkLines lines, Phones phones, FollowCall follow, IEnumerable<ICallWatcher> watchers, IDataProtectionProvider protection, TimeProvider clock,
    ILogger<WriteNews> log)
{
    public Task HandleAsync(LineNews news, CancellationToken cancel) => news.Call is { } call ? OfCallAsync(call, news, cancel) : OfTrunkAsync(news, cancel);

    private async Task OfCallAsync(Guid id, LineNews news, CancellationToken cancel)
    {
        if (await db.Calls.SingleOrDefaultAsync(c => c.Id == id, cancel) is not { } call || call.State is CallState.Ended)
            return;
        var now = clock.GetUtcNow();
        if (news.Invite is not null)
            (call.Invite, call.Answer) = (CallHandle.Seal(protection, id, news.Invite), CallHandle.Seal(protection, id, news.Answer));
        if (news.Quality is { } quality)
            (call.Received, call.Lost, call.JitterMs, call.Score) = (quality.Received, quality.Lost, Math.Round(quality.JitterMs, 2), quality.Score);
        var answered = false;
        switch (news.Event)
        {
            case SipEvent.Trying:
                call.Advance(CallState.Trying, now);
                break;
            case SipEvent.Ringing:
                call.Advance(CallState.Ringing, now);
                break;
            case SipEvent.EarlyMedia:
                call.Advance(CallState.EarlyMedia, now);
                break;
            case SipEvent.Answered:
                answered = call.Advance(CallState.Answered, now);
                break;
            case SipEvent.Ended ended:
                await EndAsync(call, ended.Ending, news.Why, now, cancel);
                return;
            default:
                break;
        }

        await db.SaveChangesAsync(cancel);
        if (answered)
            await follow.AnsweredAsync(call, cancel);
        if (news.Event is not null)
            Tell(id);
    }

    private void Tell(Guid call)
    {
        foreach (var watcher in watchers)
            watcher.Changed(call);
    }

    private async Task EndAsync(Call call, CallEnding ending, CallEnd? why, DateTimeOffset now, CancellationToken cancel)
    {
        if (call.Wanted && why is null && OutcomeOf.IsTrunksOwn(ending) && DialledNumber.TryParse(call.Number) is { } number
            && call.State is CallState.Asked or CallState.Trying && await NextAsync(call, ending, number, cancel))
            return;
        call.Finish(ending, now, why);
        await db.SaveChangesAsync(cancel);
        Tell(call.Id);
        await follow.EndedAsync(call.Id, cancel);
    }

    private async Task<bool> NextAsync(Call call, CallEnding ending, DialledNumber number, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await choose.HandleAsync(number, call.CallerClass, after: call.TrunkId, cancel) is not ChooseTrunk.Choice.Found { Trunk: { } trunk, Caller: { } shown } || !call.TryNext(ending, trunk.Id, trunk.Name))
            return false;
        call.Caller = shown;
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        if (DialledNumber.TryParse(shown) is { } caller && lines.Place(trunk.Id, call.Id, number, caller))
        {
            // Not waited for: what happens on other lines is not to wait for a voice server. A call that was placed ahead has nobody's softphone yet.
            if (phones.Of(call.PersonId) is not null)
                _ = phones.BridgeAsync(call.PersonId, call.Id, CancellationToken.None);
            return true;
        }

        call.Finish(ending, clock.GetUtcNow());
        await db.SaveChangesAsync(cancel);
        return true;
    }

    private async Task OfTrunkAsync(LineNews news, CancellationToken cancel)
    {
        if (await db.Trunks.SingleOrDefaultAsync(t => t.Id == news.Trunk, cancel) is not { } trunk)
            return;
        var reach = trunk.Reach;
        switch (news.Event)
        {
            case SipEvent.Reachable:
                trunk.Reach = TrunkReach.Answers;
                break;
            case SipEvent.Unreachable:
                trunk.Reach = TrunkReach.Silent;
                break;
            case SipEvent.Registered:
                (trunk.Registration, trunk.RegistrationStatus) = (RegistrationState.Registered, null);
                break;
            case SipEvent.NotRegistered not:
                (trunk.Registration, trunk.RegistrationStatus) = (RegistrationState.Refused, not.Status);
                break;
            default:
                break;
        }

        if (trunk.Reach != reach)
        {
            trunk.ReachSince = clock.GetUtcNow();
            TelephonyLog.Reach(log, trunk.Name, trunk.Reach.ToString());
        }

        await db.SaveChangesAsync(cancel);
    }
}
