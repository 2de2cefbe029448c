using Microsoft.EntityFrameworkCore;
using Relais.Telephony.Recordings;

namespace Relais.Telephony.Calls;

/// <summary>Forgets calls, with the numbers in them, once nobody needs them any more.</summary>
internal static class PurgeCalls
{
    public static Task<int> HandleAsync(TelephonyDb db, TelephonyOptions options, DateTimeOffset now, CancellationToken cancel)
    {
        var oldest = now - options.KeepCalls;
        // A recording that somebody keeps for longer keeps its call.
        return db.Calls.Where(c => c.State == CallState.Ended && c.AskedAt < oldest && !db.Recordings.Any(r => r.CallId == c.Id && r.GoneAt == null && r.State != CallRecordingState.Missing))
            .ExecuteDeleteAsync(cancel);
    }
}
