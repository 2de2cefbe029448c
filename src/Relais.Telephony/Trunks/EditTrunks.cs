using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Kernel.Audit;
using Relais.Telephony.Calls;
using Relais.Telephony.Lines;
using Relais.Telephony.Speaking;

namespace Relais.Telephony.Trunks;

/// <summary>How a change of a trunk ended.</summary>
internal abstract record TrunkResult
{
    private TrunkResult()
    {
    }

    public sealed record Saved(Guid Id) : TrunkResult;

    public sealed record Refused(IReadOnlyList<TrunkFault> Faults) : TrunkResult;

    public sealed record Missing : TrunkResult;
}

/// <summary>Adds, changes and removes trunks; the lines follow at once.</summary>
internal sealed class EditTrunks(TelephonyDb db, IDataProtectionProvider protection, TrunkLines lines, Announcer announcer, TimeProvider clock)
{
    private const string NameIndex = "IX_trunk_normalized_name";

    public Task<List<Trunk>> AllAsync(CancellationToken cancel) => db.Trunks.AsNoTracking().OrderBy(t => t.Order).ThenBy(t => t.NormalizedName).ToListAsync(cancel);

    public Task<Trunk?> FindAsync(Guid id, CancellationToken cancel) => db.Trunks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, cancel);

    /// <summary>How many calls each trunk carries now.</summary>
    public Task<Dictionary<Guid, int>> LiveCallsAsync(CancellationToken cancel) => db.Calls.Where(c => c.State != CallState.Ended)
        .GroupBy(c => c.TrunkId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);

    public async Task<TrunkResult> AddAsync(TrunkFields fields, Actor actor, CancellationToken cancel)
    {
        if (fields.Check(hasPassword: false) is { Count: > 0 } faults)
            return new TrunkResult.Refused(faults);
        var now = clock.GetUtcNow();
        var trunk = new Trunk { Id = Guid.CreateVersion7(now), Name = "", NormalizedName = "", Host = "", Caller = "", ReachSince = now };
        db.Trunks.Add(trunk);
        return await SaveAsync(trunk, fields, "trunk.added", actor, cancel);
    }

    public async Task<TrunkResult> ChangeAsync(Guid id, TrunkFields fields, Actor actor, CancellationToken cancel)
    {
        if (await db.Trunks.SingleOrDefaultAsync(t => t.Id == id, cancel) is not { } trunk)
            return new TrunkResult.Missing();
        // A password belongs to the operator it was given for: another host must be given its own.
        var sameHost = string.Equals(trunk.Host, fields.Host?.Trim(), StringComparison.OrdinalIgnoreCase);
        if (fields.Check(hasPassword: trunk.Secret is not null && sameHost) is { Count: > 0 } faults)
            return new TrunkResult.Refused(faults);
        if (!sameHost)
            trunk.Secret = null;
        return await SaveAsync(trunk, fields, "trunk.changed", actor, cancel);
    }

    public async Task<TrunkResult> RemoveAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.Trunks.SingleOrDefaultAsync(t => t.Id == id, cancel) is not { } trunk)
            return new TrunkResult.Missing();
        db.Trunks.Remove(trunk);
        db.Audit(clock, actor, "trunk.removed", $"trunk:{id}", trunk.Name, new { host = trunk.Host });
        await db.SaveChangesAsync(cancel);
        await lines.FollowAsync(cancel);
        return new TrunkResult.Saved(id);
    }

    private async Task<TrunkResult> SaveAsync(Trunk trunk, TrunkFields fields, string action, Actor actor, CancellationToken cancel)
    {
        if (!await SpeakAsync(trunk, fields.CallBack, cancel))
            return new TrunkResult.Refused([new TrunkFault(nameof(TrunkFields.CallBack), "speech")]);
        fields.ApplyTo(trunk);
        if (!string.IsNullOrEmpty(fields.Password))
            trunk.Secret = Trunk.Protector(protection, trunk.Id).Protect(fields.Password);
        if (!trunk.Registers && string.IsNullOrWhiteSpace(trunk.UserName))
            trunk.Secret = null;
        trunk.Revision++;
        (trunk.Reach, trunk.ReachSince) = (TrunkReach.Unknown, clock.GetUtcNow());
        (trunk.Registration, trunk.RegistrationStatus) = (trunk.Registers ? RegistrationState.Waiting : RegistrationState.NotNeeded, null);
        db.Audit(clock, actor, action, $"trunk:{trunk.Id}", trunk.Name, new
        {
            host = trunk.Host, port = trunk.Port, registers = trunk.Registers, caller = trunk.Caller, mostCalls = trunk.MostCalls, foreign = trunk.Foreign, premium = trunk.Premium,
            enabled = trunk.Enabled, callBack = trunk.CallBack is not null,
        });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: NameIndex })
        {
            db.ChangeTracker.Clear();
            return new TrunkResult.Refused([new TrunkFault(nameof(TrunkFields.Name), "taken")]);
        }

        await lines.FollowAsync(cancel);
        return new TrunkResult.Saved(trunk.Id);
    }

    // Spoken once, when it is written: nobody who calls waits for it. False where it cannot be.
    private async Task<bool> SpeakAsync(Trunk trunk, string? words, CancellationToken cancel)
    {
        words = string.IsNullOrWhiteSpace(words) ? null : words.Trim();
        if (words == trunk.CallBack && (words is null || trunk.CallBackSound is not null))
            return true;
        var sound = words is null ? null : await announcer.OfTextAsync(words, "fr", cancel);
        if (words is not null && sound is null)
            return false;
        (trunk.CallBack, trunk.CallBackSound) = (words, sound);
        return true;
    }
}
