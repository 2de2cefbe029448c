using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Workstations;

/// <summary>How a change of workstations ended.</summary>
internal abstract record SaveResult
{
    private SaveResult() { }

    public sealed record Saved(Guid Id) : SaveResult;

    public sealed record Refused(IReadOnlyList<FieldFault> Faults) : SaveResult;

    /// <summary>What was to be changed is not there.</summary>
    public sealed record Missing : SaveResult;

    /// <summary>Somebody else, or a probe, changed it in the same moment.</summary>
    public sealed record Overtaken : SaveResult;
}

/// <summary>Enrols, changes and removes workstations, and decides about their certificates.</summary>
internal sealed class EditWorkstations(
    DesktopsDb db, People people, Groups groups, FindTarget find, SessionDoor door, IOptions<WorkstationOptions> options, TimeProvider clock)
{
    private const string NameIndex = "IX_workstation_NormalizedName";

    // Another machine behind the same name must not be given what was meant for the old one.
    private static readonly string[] WhereItIs = [nameof(WorkstationFields.Protocol), nameof(WorkstationFields.Host), nameof(WorkstationFields.Port), nameof(WorkstationFields.Site)];

    // What a session that is open would go on with.
    private static readonly string[] WhoAndHow =
        [.. WhereItIs, nameof(WorkstationFields.Owner), nameof(WorkstationFields.Groups), nameof(WorkstationFields.Clipboard),
            nameof(WorkstationFields.Recording), nameof(WorkstationFields.Direct), nameof(WorkstationFields.Enabled)];

    public async Task<KnownNames> NamesAsync(IEnumerable<WorkstationFields> fields, CancellationToken cancel)
    {
        var owners = fields.Select(f => f.Owner?.Trim() ?? "").Where(owner => owner.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return new KnownNames(await people.FindByUserNamesAsync(owners, cancel), await groups.AllAsync(cancel));
    }

    public Reading Read(WorkstationFields fields, KnownNames names) => fields.Read(names, options.Value, find.Check);

    public async Task<SaveResult> EnrolAsync(WorkstationFields fields, Actor actor, CancellationToken cancel)
    {
        var reading = Read(fields, await NamesAsync([fields], cancel));
        if (reading is not Reading.Accepted { Draft: { } draft })
            return new SaveResult.Refused(((Reading.Refused)reading).Faults);
        var workstation = Add(draft, actor);
        return await SaveAsync(workstation, cancel);
    }

    public async Task<SaveResult> ChangeAsync(Guid id, WorkstationFields fields, Actor actor, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } workstation)
            return new SaveResult.Missing();
        var reading = Read(fields, await NamesAsync([fields], cancel));
        if (reading is not Reading.Accepted { Draft: { } draft })
            return new SaveResult.Refused(((Reading.Refused)reading).Faults);
        var changes = await ApplyAsync(draft, workstation, actor, cancel);
        var saved = await SaveAsync(workstation, cancel);
        if (saved is SaveResult.Saved)
            await EndSessionsAsync(id, changes, cancel);
        return saved;
    }

    public async Task<SaveResult> RemoveAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } workstation)
            return new SaveResult.Missing();
        db.Workstations.Remove(workstation);
        db.Audit(clock, actor, "workstation.removed", Subject(workstation), workstation.Name, new { host = workstation.Host });
        var saved = await SaveAsync(workstation, cancel);
        if (saved is SaveResult.Saved)
            await door.EndAllAsync(TargetKind, id, "TargetGone", cancel);
        return saved;
    }

    /// <summary>The administrator looked at this very fingerprint; a third one that came meanwhile is not approved.</summary>
    public Task<SaveResult> ApproveAsync(Guid id, byte[] fingerprint, Actor actor, CancellationToken cancel) =>
        DecideAsync(id, "workstation.certificate-approved", workstation => workstation.Approve(fingerprint), actor, cancel);

    public Task<SaveResult> KeepPinAsync(Guid id, Actor actor, CancellationToken cancel) =>
        DecideAsync(id, "workstation.certificate-kept", workstation => workstation.KeepPin(), actor, cancel);

    public const string TargetKind = "workstation";

    public static string Subject(Workstation workstation) => $"{TargetKind}:{workstation.Id}";

    internal Workstation Add(WorkstationDraft draft, Actor actor)
    {
        var now = clock.GetUtcNow();
        var workstation = new Workstation
        {
            Id = Guid.CreateVersion7(now), Name = draft.Name, NormalizedName = Workstation.Normalize(draft.Name), Host = draft.Host, CreatedAt = now, ReachSince = now,
        };
        draft.ApplyTo(workstation);
        db.Workstations.Add(workstation);
        db.Audit(
            clock, actor, "workstation.enrolled", Subject(workstation), draft.Name,
            new { protocol = draft.Protocol.ToString(), host = draft.Host, port = draft.Port, owner = draft.Owner, groups = draft.Groups, direct = draft.Direct });
        return workstation;
    }

    /// <returns>Names of the fields that were otherwise; none writes nothing.</returns>
    internal async Task<IReadOnlyList<string>> ApplyAsync(WorkstationDraft draft, Workstation workstation, Actor actor, CancellationToken cancel)
    {
        var changes = draft.ApplyTo(workstation);
        var fields = changes.Select(change => change.Field).ToList();
        if (fields.Intersect(WhereItIs, StringComparer.Ordinal).Any())
        {
            workstation.Forget(clock.GetUtcNow());
            db.WorkstationAccounts.RemoveRange(await db.WorkstationAccounts.Where(a => a.WorkstationId == workstation.Id).ToListAsync(cancel));
        }

        if (changes.Count > 0)
        {
            db.Audit(
                clock, actor, "workstation.changed", Subject(workstation), workstation.Name,
                new { changed = changes.ToDictionary(c => c.Field, c => new { before = c.Before, after = c.After }, StringComparer.Ordinal) });
        }

        return fields;
    }

    internal async Task EndSessionsAsync(Guid id, IReadOnlyList<string> changes, CancellationToken cancel)
    {
        if (changes.Intersect(WhoAndHow, StringComparer.Ordinal).Any())
            await door.EndAllAsync(TargetKind, id, "EndedByAdministrator", cancel);
    }

    internal Task<Workstation?> FindAsync(Guid id, CancellationToken cancel) =>
        db.Workstations.Include(w => w.Groups).SingleOrDefaultAsync(w => w.Id == id, cancel);

    internal static bool NameIsTaken(DbUpdateException failure) =>
        failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: NameIndex };

    private async Task<SaveResult> DecideAsync(Guid id, string action, Func<Workstation, bool> decide, Actor actor, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } workstation)
            return new SaveResult.Missing();
        var (before, seen) = (workstation.Pin, workstation.SeenPin);
        if (!decide(workstation))
            return new SaveResult.Overtaken();
        db.Audit(clock, actor, action, Subject(workstation), workstation.Name, new { before = Hex(before), seen = Hex(seen) });
        return await SaveAsync(workstation, cancel);

        static string Hex(byte[]? bytes) => Convert.ToHexStringLower(bytes ?? []);
    }

    private async Task<SaveResult> SaveAsync(Workstation workstation, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return new SaveResult.Saved(workstation.Id);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return new SaveResult.Overtaken();
        }
        catch (DbUpdateException e) when (NameIsTaken(e))
        {
            db.ChangeTracker.Clear();
            return new SaveResult.Refused([new FieldFault(nameof(WorkstationFields.Name), "taken")]);
        }
    }
}
