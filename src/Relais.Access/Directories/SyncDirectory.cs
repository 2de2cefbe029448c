using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relais.Access.Accounts;
using Relais.Access.Imports;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;
using Relais.Kernel.Events;

namespace Relais.Access.Directories;

internal abstract record SyncOutcome
{
    private SyncOutcome() { }

    internal sealed record Failed(DirectoryTrouble Trouble, string Detail) : SyncOutcome;

    /// <summary>What would be done; nothing was.</summary>
    internal sealed record Rehearsed(SyncPlan Plan) : SyncOutcome;

    internal sealed record Done(SyncPlan Plan) : SyncOutcome;

    /// <summary>Too many would have been shut out, or no administrator would be left: nothing was done.</summary>
    internal sealed record Halted(SyncPlan Plan, bool LastAdministrator) : SyncOutcome;

    /// <summary>People or the directory changed since the plan that was agreed to: nothing was done, and this is the new one.</summary>
    internal sealed record Overtaken(SyncPlan Plan) : SyncOutcome;
}

/// <summary>Brings people in line with the directory, in one transaction, or says why not. Every turn is kept, also one that did nothing.</summary>
internal sealed class SyncDirectory(
    AccessDb db, ReadDirectory read, PlanSync plan, ImportPeople import, TimeProvider clock, Outbox outbox, ILogger<SyncDirectory> log)
{
    private const int KeptRuns = 200;

    public async Task<SyncOutcome> RehearseAsync(CancellationToken cancel)
    {
        if (await SourceAsync(cancel) is not { } source)
            return new SyncOutcome.Failed(DirectoryTrouble.NotSet, "");
        return await read.HandleAsync(source, cancel) switch
        {
            DirectoryAnswer.Read found => new SyncOutcome.Rehearsed(await plan.HandleAsync(source, found, cancel)),
            DirectoryAnswer.Failed failed => new SyncOutcome.Failed(failed.Trouble, failed.Detail),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <param name="mark">Of the plan that somebody has seen and agreed to; null takes whatever there is to do.</param>
    /// <param name="force">Also when it shuts many out: somebody has looked.</param>
    public async Task<SyncOutcome> HandleAsync(string? mark, bool force, Actor actor, CancellationToken cancel)
    {
        if (await SourceAsync(cancel) is not { } source)
            return new SyncOutcome.Failed(DirectoryTrouble.NotSet, "");

        // Before the transaction: nobody waits for a directory that is slow.
        var answer = await read.HandleAsync(source, cancel);
        if (answer is DirectoryAnswer.Failed failed)
            return await FailAsync(failed, actor, cancel);
        var found = (DirectoryAnswer.Read)answer;

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LastAdministrator.HoldAsync(db, cancel);
        var now = await plan.HandleAsync(source, found, cancel);
        if (mark is not null && !string.Equals(mark, now.Mark, StringComparison.Ordinal))
            return new SyncOutcome.Overtaken(now);
        if (now.TooManyDisabled && !force)
        {
            await transaction.RollbackAsync(cancel);
            return await HaltAsync(now, lastAdministrator: false, actor, cancel);
        }

        try
        {
            await import.ApplyAsync(now.People, actor, cancel);
            await TieAsync(now, cancel);
            await import.AskForFactorsAsync(now.People, cancel);
        }
        catch (DbUpdateException e) when (NameTaken.In(e) is not null)
        {
            // Somebody was added by hand in the same moment.
            await transaction.RollbackAsync(cancel);
            db.ChangeTracker.Clear();
            return new SyncOutcome.Overtaken(await plan.HandleAsync(source, found, cancel));
        }

        await ShutOutAsync(now.Disabled, actor, cancel);
        await LetInAsync(now.Enabled, actor, cancel);
        await KeepAsync(Run(now, DirectoryRunState.Done, actor), cancel);
        if (now.Ready)
            db.Audit(clock, actor, "directory.synchronised", detail: new { created = now.People.Created, changed = now.People.Changed, disabled = now.Disabled.Count, allowed = now.Enabled.Count, problems = now.Problems.Count });
        await db.SaveChangesAsync(cancel);
        if (!await LastAdministrator.RemainsAsync(db, clock.GetUtcNow(), cancel))
        {
            await transaction.RollbackAsync(cancel);
            db.ChangeTracker.Clear();
            return await HaltAsync(now, lastAdministrator: true, actor, cancel);
        }

        await transaction.CommitAsync(cancel);
        return new SyncOutcome.Done(now);
    }

    private Task<DirectorySource?> SourceAsync(CancellationToken cancel) => db.Directories.AsNoTracking().SingleOrDefaultAsync(cancel);

    private async Task ShutOutAsync(IReadOnlyList<SyncPerson> people, Actor actor, CancellationToken cancel)
    {
        var ids = people.Select(p => p.Id).ToArray();
        // Locked against a sign-in that is being opened: see OpenSignIn.
        var kept = await db.People.FromSql($"SELECT * FROM access.person WHERE id = ANY({ids}) ORDER BY id FOR UPDATE").ToListAsync(cancel);
        foreach (var person in kept.Where(p => p.DisabledAt is null))
        {
            var now = clock.GetUtcNow();
            person.DisabledAt = now;
            var ended = await RevokeSignIns.OfAsync(db, person.Id, except: null, now, cancel);
            db.Audit(clock, actor, "person.disabled", Subject.Of(person), person.DisplayName, new { signInsEnded = ended });
        }

        var links = await db.DirectoryLinks.Where(l => ids.Contains(l.PersonId)).ToListAsync(cancel);
        links.ForEach(l => l.DisabledByDirectory = true);
    }

    private async Task LetInAsync(IReadOnlyList<SyncPerson> people, Actor actor, CancellationToken cancel)
    {
        var ids = people.Select(p => p.Id).ToArray();
        foreach (var person in await db.People.Where(p => ids.Contains(p.Id)).ToListAsync(cancel))
        {
            person.DisabledAt = null;
            db.Audit(clock, actor, "person.enabled", Subject.Of(person), person.DisplayName);
        }

        var links = await db.DirectoryLinks.Where(l => ids.Contains(l.PersonId)).ToListAsync(cancel);
        links.ForEach(l => l.DisabledByDirectory = false);
    }

    private async Task TieAsync(SyncPlan now, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        var names = now.Ties.Select(t => t.UserName).ToArray();
        var ids = await db.People.Where(p => names.Contains(p.NormalizedUserName)).ToDictionaryAsync(p => p.NormalizedUserName ?? "", p => p.Id, StringComparer.Ordinal, cancel);
        db.DirectoryLinks.AddRange(now.Ties.Where(t => ids.ContainsKey(t.UserName)).Select(t => new DirectoryLink { PersonId = ids[t.UserName], Key = t.Key }));
        await db.SaveChangesAsync(cancel);
    }

    private async Task<SyncOutcome> HaltAsync(SyncPlan now, bool lastAdministrator, Actor actor, CancellationToken cancel)
    {
        var run = Run(now, DirectoryRunState.Halted, actor);
        await KeepAsync(run, cancel);
        db.Audit(clock, actor, "directory.halted", detail: new { disabled = now.Disabled.Count, most = now.MostPercent });
        outbox.Tell(db, new DirectoryHalted(Guid.CreateVersion7(), run.Id));
        await db.SaveChangesAsync(cancel);
        return new SyncOutcome.Halted(now, lastAdministrator);
    }

    private async Task<SyncOutcome> FailAsync(DirectoryAnswer.Failed failed, Actor actor, CancellationToken cancel)
    {
        log.DirectoryTrouble(failed.Trouble, failed.Detail);
        await KeepAsync(new DirectoryRun { Id = Guid.CreateVersion7(), At = clock.GetUtcNow(), ByName = actor.Name, State = DirectoryRunState.Failed, Trouble = failed.Trouble, Detail = failed.Detail }, cancel);
        await db.SaveChangesAsync(cancel);
        return new SyncOutcome.Failed(failed.Trouble, failed.Detail);
    }

    private DirectoryRun Run(SyncPlan now, DirectoryRunState state, Actor actor) => new()
    {
        Id = Guid.CreateVersion7(), At = clock.GetUtcNow(), ByName = actor.Name, State = state, Created = now.People.Created, Changed = now.People.Changed,
        Disabled = now.Disabled.Count, Enabled = now.Enabled.Count, Problems = now.Problems.Count,
    };

    private async Task KeepAsync(DirectoryRun run, CancellationToken cancel)
    {
        db.DirectoryRuns.Add(run);
        var old = await db.DirectoryRuns.OrderByDescending(r => r.At).Skip(KeptRuns).Select(r => r.At).FirstOrDefaultAsync(cancel);
        if (old != default)
            await db.DirectoryRuns.Where(r => r.At <= old).ExecuteDeleteAsync(cancel);
    }
}
