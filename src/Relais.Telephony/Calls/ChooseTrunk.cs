using Microsoft.EntityFrameworkCore;
using Relais.Telephony.Contracts;
using Relais.Telephony.Numbers;
using Relais.Telephony.Trunks;

namespace Relais.Telephony.Calls;

/// <summary>Finds the trunk for a number, within a transaction: the first in the order that may call it and has room. Its row stays locked, so that two calls never share the last place.</summary>
internal sealed class ChooseTrunk(TelephonyDb db, TimeProvider clock)
{
    private const string Lock = "SELECT * FROM telephony.trunk WHERE id = {0} FOR UPDATE";

    internal abstract record Choice
    {
        private Choice()
        {
        }

        /// <param name="Caller">The number that it shows.</param>
        public sealed record Found(Trunk Trunk, string Caller) : Choice;

        /// <summary>Each trunk refuses this number.</summary>
        public sealed record Refused(NumberRefusal Why) : Choice;

        /// <summary>No trunk is there, none answers, or none has a number of the class.</summary>
        public sealed record None : Choice;

        /// <summary>All lines are taken, or too many calls were placed in this second.</summary>
        public sealed record Full : Choice;
    }

    /// <param name="after">A trunk that failed: only those behind it in the order.</param>
    public async Task<Choice> HandleAsync(DialledNumber number, CallerClass caller, Guid? after, CancellationToken cancel)
    {
        var all = await db.Trunks.AsNoTracking().Where(t => t.Enabled).OrderBy(t => t.Order).ThenBy(t => t.Id).ToListAsync(cancel);
        if (after is { } failed)
            all = [.. all.SkipWhile(t => t.Id != failed).Skip(1)];
        var usable = all.Where(t => t.Usable && t.CallerOf(caller) is not null).ToList();
        if (usable.Count == 0)
            return new Choice.None();
        var fit = usable.Where(t => t.Rules.Check(number) is null).ToList();
        if (fit.Count == 0)
            return new Choice.Refused(usable[0].Rules.Check(number) ?? NumberRefusal.Forbidden);

        var second = clock.GetUtcNow().AddSeconds(-1);
        foreach (var trunk in fit)
        {
            await db.Trunks.FromSqlRaw(Lock, trunk.Id).AsNoTracking().LoadAsync(cancel);
            var live = await db.Calls.CountAsync(c => c.TrunkId == trunk.Id && c.State != CallState.Ended, cancel);
            var begun = await db.Calls.CountAsync(c => c.TrunkId == trunk.Id && c.AskedAt > second, cancel);
            if (live < trunk.MostCalls && begun < trunk.CallsPerSecond)
                return new Choice.Found(trunk, trunk.CallerOf(caller) ?? trunk.Caller);
        }

        return new Choice.Full();
    }
}
