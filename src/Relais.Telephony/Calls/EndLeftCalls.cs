using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Calls;

/// <summary>Calls that this node carried when it died: hung up or cancelled at the operator's by what their rows keep, and said so.</summary>
internal sealed class EndLeftCalls(TelephonyDb db, IDataProtectionProvider protection, IOptions<TelephonyOptions> options, TimeProvider clock)
{
    /// <param name="end">Gets the trunk, the INVITE and the answer of each.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> HandleAsync(Action<Guid, SipRequest, SipResponse?> end, CancellationToken cancel)
    {
        var left = await db.Calls.Where(c => c.Node == options.Value.Node && c.State != CallState.Ended).ToListAsync(cancel);
        foreach (var call in left)
        {
            try
            {
                if (CallHandle.Open(protection, call.Id, call.Invite) is SipRequest invite)
                    end(call.TrunkId, invite, CallHandle.Open(protection, call.Id, call.Answer) as SipResponse);
            }
            catch (CryptographicException)
            {
                // Keys that are gone: the operator ends the call when its session is not refreshed.
            }

            call.Finish(
                call.AnsweredAt is null ? new CallEnding(CallEndedBy.Cancel, 487, "Server Restarted", null) : new CallEnding(CallEndedBy.Here, 200, "Server Restarted", ReleaseCause.NormalClearing),
                clock.GetUtcNow(), CallEnd.Restarted);
        }

        await db.SaveChangesAsync(cancel);
        return left.Count;
    }
}
