using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Quotas;

/// <summary>A cell as somebody describes it: the values that fall into it, by variable, and its target.</summary>
internal sealed record CellFields(IReadOnlyDictionary<string, string> Values, int Target);

/// <summary>Makes quotas, changes targets, closes and reopens cells. What changes who may be called changes strata, not cases.</summary>
internal sealed class EditQuotas(FieldworkDb db, TimeProvider clock)
{
    public const int MostCells = 5000;
    public const int MostTarget = 10_000_000;

    /// <param name="hard">Whether a full cell refuses respondents.</param>
    public async Task<EditResult> AddAsync(int waveId, string? name, bool hard, IReadOnlyList<CellFields> cells, Actor actor, CancellationToken cancel)
    {
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == waveId, cancel) is not { } wave)
            return new EditResult.Missing();
        if (name?.Trim() is not { Length: > 0 and <= Quota.NameLength } given)
            return new EditResult.Refused("Name", "name");
        if (cells.Count is 0 or > MostCells || cells.Any(c => c.Values.Count == 0 || c.Target is < 0 or > MostTarget))
            return new EditResult.Refused("Cells", "cells");
        // Interlocked: every cell is a combination of values of the same variables. So each respondent falls into at most one.
        if (cells.Select(c => string.Join('\n', c.Values.Keys.Order(StringComparer.Ordinal))).Distinct(StringComparer.Ordinal).Count() > 1)
            return new EditResult.Refused("Cells", "cells-unlike");
        var quota = new Quota { Id = Guid.CreateVersion7(clock.GetUtcNow()), WaveId = waveId, Name = given, Hard = hard };
        var rows = cells.Select(c => new QuotaCell { QuotaId = quota.Id, WaveId = waveId, Hard = hard, Conditions = CaseWriter.Known(c.Values), Target = c.Target }).ToList();
        await using var turn = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancel) : null;
        db.Quotas.Add(quota);
        db.QuotaCells.AddRange(rows);
        db.Audit(clock, actor, "quota.created", EditStudies.Subject(waveId), $"{wave.Name}, {given}", new { hard, cells = rows.Count, target = rows.Sum(r => (long)r.Target) });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } taken)
        {
            return new EditResult.Refused(taken.TableName == "quota" ? "Name" : "Cells", taken.TableName == "quota" ? "name-taken" : "cells-twice");
        }

        await Strata.ComputeAsync(db, [.. rows.Select(r => r.Id)], cancel);
        if (turn is not null)
            await turn.CommitAsync(cancel);
        return new EditResult.Saved(quota.Id);
    }

    public Task<EditResult> SetTargetAsync(int cell, int target, Actor actor, CancellationToken cancel) =>
        target is < 0 or > MostTarget
            ? Task.FromResult<EditResult>(new EditResult.Refused("Target", "target"))
            : ChangeAsync(cell, "quota-cell.target-changed", actor, new { target }, c => c.Target = target, cancel);

    /// <summary>Takes its cases out of the choice and refuses respondents, or the opposite. Interviews under way keep their slots.</summary>
    public Task<EditResult> CloseAsync(int cell, bool closed, Actor actor, CancellationToken cancel) =>
        ChangeAsync(cell, closed ? "quota-cell.closed" : "quota-cell.reopened", actor, null, c => c.Closed = closed, cancel);

    /// <summary>Removes a quota in which nothing was counted yet: what interviews rest on stays.</summary>
    public async Task<EditResult> RemoveAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Quotas.SingleOrDefaultAsync(q => q.Id == id, cancel) is not { } quota)
            return new EditResult.Missing();
        var cells = await db.QuotaCells.FromSqlRaw("SELECT * FROM fieldwork.quota_cell WHERE quota_id = {0} ORDER BY id FOR UPDATE", id).AsNoTracking().ToListAsync(cancel);
        if (cells.Exists(c => c.Reserved > 0 || c.Completed > 0))
            return new EditResult.Refused("Quota", "quota-used");
        // Strata that one of them closes are opened while the cells can still be found.
        await db.QuotaCells.Where(c => c.QuotaId == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Closed, false).SetProperty(c => c.Target, MostTarget), cancel);
        await Strata.ComputeAsync(db, [.. cells.Select(c => c.Id)], cancel);
        await db.QuotaCells.Where(c => c.QuotaId == id).ExecuteDeleteAsync(cancel);
        db.Quotas.Remove(quota);
        db.Audit(clock, actor, "quota.removed", EditStudies.Subject(quota.WaveId), quota.Name, new { cells = cells.Count });
        await db.SaveChangesAsync(cancel);
        await turn.CommitAsync(cancel);
        return new EditResult.SavedWave(quota.WaveId);
    }

    /// <summary>How many completed interviews a day is to bring to a cell; 0 takes the target away.</summary>
    /// <param name="waveId">The cell's; null: whichever it is.</param>
    public async Task<EditResult> SetDayAsync(int? waveId, int id, DateOnly day, int target, Actor actor, CancellationToken cancel)
    {
        if (await (from c in db.QuotaCells.AsNoTracking() where c.Id == id && (waveId == null || c.WaveId == waveId) join w in db.Waves on c.WaveId equals w.Id select new { c.Conditions, Wave = w }).SingleOrDefaultAsync(cancel) is not { } cell)
            return new EditResult.Missing();
        if (day < cell.Wave.From || day > cell.Wave.Until || target is < 0 or > MostTarget)
            return new EditResult.Refused("Day", "day");
        var row = await db.CellDays.SingleOrDefaultAsync(d => d.CellId == id && d.Day == day, cancel);
        if (row is not null && target == 0)
            db.CellDays.Remove(row);
        else if (row is not null)
            row.Target = target;
        else if (target > 0)
            db.CellDays.Add(new CellDay { CellId = id, Day = day, Target = target });
        db.Audit(clock, actor, "quota-cell.day-changed", EditStudies.Subject(cell.Wave.Id), cell.Conditions, new { day, target });
        await db.SaveChangesAsync(cancel);
        return new EditResult.SavedWave(cell.Wave.Id);
    }

    private async Task<EditResult> ChangeAsync(int id, string action, Actor actor, object? detail, Action<QuotaCell> change, CancellationToken cancel)
    {
        await using var turn = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancel) : null;
        if (await db.QuotaCells.FromSqlRaw("SELECT * FROM fieldwork.quota_cell WHERE id = {0} FOR UPDATE", id).SingleOrDefaultAsync(cancel) is not { } cell)
            return new EditResult.Missing();
        change(cell);
        await db.SaveChangesAsync(cancel);
        await Strata.ComputeAsync(db, [id], cancel);
        db.Audit(clock, actor, action, EditStudies.Subject(cell.WaveId), cell.Conditions, detail);
        await db.SaveChangesAsync(cancel);
        if (turn is not null)
            await turn.CommitAsync(cancel);
        return new EditResult.SavedWave(cell.WaveId);
    }
}
