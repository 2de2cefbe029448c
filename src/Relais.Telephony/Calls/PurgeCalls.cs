using Microsoft.EntityFrameworkCore;

namespace Relais.Telephony.Calls;

/// <summary>Forgets calls, with the numbers in them, once nobody needs them any more.</summary>
internal static class PurgeCalls
{
    public static Task<int> HandleAsync(TelephonyDb db, TelephonyOptions options, DateTimeOffset now, CancellationToken cancel)
    {
        var oldest = now - options.KeepCalls;
        return db.Calls.Where(c => c.State == CallState.Ended && c.AskedAt < oldest).ExecuteDeleteAsync(cancel);
    }
}
