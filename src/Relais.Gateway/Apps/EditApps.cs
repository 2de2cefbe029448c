using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;

namespace Relais.Gateway.Apps;

/// <summary>How a change of apps ended.</summary>
internal abstract record AppSave
{
    private AppSave() { }

    public sealed record Saved(Guid Id) : AppSave;

    public sealed record Refused(IReadOnlyList<AppFault> Faults) : AppSave;

    /// <summary>What was to be changed is not there.</summary>
    public sealed record Missing : AppSave;

    /// <summary>Somebody else changed it in the same moment.</summary>
    public sealed record Overtaken : AppSave;
}

/// <summary>Publishes, changes and withdraws apps.</summary>
internal sealed class EditApps(GatewayDb db, Groups groups, AppHosts hosts, UpstreamAddress address, TimeProvider clock)
{
    public const string LabelIndex = "app_label";

    public Task<List<WebApp>> AllAsync(CancellationToken cancel) =>
        db.WebApps.AsNoTracking().Include(a => a.Groups).OrderBy(a => EF.Functions.Collate(a.Name, NameOrder.Collation)).ToListAsync(cancel);

    public Task<WebApp?> FindAsync(Guid id, CancellationToken cancel) => db.WebApps.Include(a => a.Groups).SingleOrDefaultAsync(a => a.Id == id, cancel);

    public async Task<AppSave> PublishAsync(AppFields fields, Actor actor, CancellationToken cancel)
    {
        var reading = fields.Read(hosts, await groups.AllAsync(cancel), address);
        if (reading is not AppReading.Accepted { Draft: { } draft })
            return new AppSave.Refused(((AppReading.Refused)reading).Faults);
        var now = clock.GetUtcNow();
        var app = new WebApp { Id = Guid.CreateVersion7(now), Name = draft.Name, Label = draft.Label, Upstream = draft.Upstream, CreatedAt = now };
        draft.ApplyTo(app);
        db.WebApps.Add(app);
        db.Audit(
            clock, actor, "app.published", app.Subject, app.Name,
            new { host = hosts.HostOf(app.Label), upstream = app.Upstream, groups = draft.Groups, enabled = app.Enabled });
        return await SaveAsync(app, cancel);
    }

    public async Task<AppSave> ChangeAsync(Guid id, AppFields fields, Actor actor, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } app)
            return new AppSave.Missing();
        var reading = fields.Read(hosts, await groups.AllAsync(cancel), address);
        if (reading is not AppReading.Accepted { Draft: { } draft })
            return new AppSave.Refused(((AppReading.Refused)reading).Faults);
        // A visit belongs to the host and the system that it was opened for.
        var moved = app.Label != draft.Label || app.Upstream != draft.Upstream;
        var changed = draft.ApplyTo(app);
        if (changed.Count > 0)
            db.Audit(clock, actor, "app.changed", app.Subject, app.Name, new { changed });
        var saved = await SaveAsync(app, cancel);
        if (moved && saved is AppSave.Saved)
            await db.AppVisits.Where(v => v.AppId == id).ExecuteDeleteAsync(cancel);
        return saved;
    }

    public async Task<AppSave> WithdrawAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } app)
            return new AppSave.Missing();
        db.WebApps.Remove(app);
        db.Audit(clock, actor, "app.withdrawn", app.Subject, app.Name, new { host = hosts.HostOf(app.Label), upstream = app.Upstream });
        return await SaveAsync(app, cancel);
    }

    private async Task<AppSave> SaveAsync(WebApp app, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return new AppSave.Saved(app.Id);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return new AppSave.Overtaken();
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: LabelIndex })
        {
            db.ChangeTracker.Clear();
            return new AppSave.Refused([new AppFault(nameof(AppFields.Label), "taken")]);
        }
    }
}
