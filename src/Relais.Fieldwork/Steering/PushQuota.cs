using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Steering;

/// <summary>Another system says how a quota is to be: made if it is not there, else brought to these targets. The same again changes nothing.</summary>
internal static class PushQuota
{
    public sealed record Cell([property: Required] IReadOnlyDictionary<string, string> Values, int Target, bool? Closed = null);

    public sealed record Request(bool Hard, [property: Required, MinLength(1), MaxLength(EditQuotas.MostCells)] IReadOnlyList<Cell> Cells);

    public sealed record CellAnswer(int Id, string Quota, IReadOnlyDictionary<string, string> Values, bool Hard, int Target, int Completed, int Reserved, bool Closed, bool Shut);

    internal static void MapRead(IEndpointRouteBuilder routes) =>
        routes.MapGet("/waves/{wave:int}/quotas", List).WithName("PullQuotas").WithSummary("Cells with targets, completed interviews and reserved slots");

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/waves/{wave:int}/quotas/{name}", Handle).WithName("PushQuota").WithSummary("Make a quota, or bring its cells to these targets; closed: true or false closes or reopens a cell");

    internal static async Task<Results<Ok<List<CellAnswer>>, ProblemHttpResult>> List(int wave, HttpContext context, SteeredStudies studies, FieldworkDb db, CancellationToken cancel) =>
        await studies.WaveAsync(wave, context.User, cancel) is null ? Problems.Missing("wave-missing") : TypedResults.Ok(await CellsAsync(db, wave, null, cancel));

    internal static async Task<Results<Ok<List<CellAnswer>>, ProblemHttpResult>> Handle(
        int wave, [StringLength(Quota.NameLength)] string name, Request request, HttpContext context, SteeredStudies studies, EditQuotas edit, FieldworkDb db, CancellationToken cancel)
    {
        if (await studies.WaveAsync(wave, context.User, cancel) is null)
            return Problems.Missing("wave-missing");
        if (request.Cells is not { Count: > 0 and <= EditQuotas.MostCells } cells || cells.Any(c => c is not { Values: not null }))
            return Problems.Invalid("cells");
        var actor = Actor.Of(context);
        await using (var turn = await db.Database.BeginTransactionAsync(cancel))
        {
            // One at a time for a wave, so that two that send the same at once do not both make it.
            await db.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended('fieldwork.quotas', $1))", [(long)wave], cancel);
            if (await BringAsync(wave, name.Trim(), request, actor, edit, db, cancel) is { } no)
                return Problems.Conflict(no.Code, no.Field);
            await turn.CommitAsync(cancel);
        }

        return TypedResults.Ok(await CellsAsync(db, wave, name.Trim(), cancel));
    }

    private static async Task<EditResult.Refused?> BringAsync(int wave, string name, Request request, Actor actor, EditQuotas edit, FieldworkDb db, CancellationToken cancel)
    {
        var fields = request.Cells.Select(c => new CellFields(c.Values, c.Target)).ToList();
        if (await db.Quotas.AsNoTracking().SingleOrDefaultAsync(q => q.WaveId == wave && q.Name == name, cancel) is not { } quota)
        {
            if (await edit.AddAsync(wave, name, request.Hard, fields, actor, cancel) is EditResult.Refused refused)
                return refused;
        }
        else if (quota.Hard != request.Hard)
        {
            return new EditResult.Refused("Hard", "quota-kind");
        }

        var cells = (await db.QuotaCells.AsNoTracking().Where(c => c.WaveId == wave && db.Quotas.Any(q => q.Id == c.QuotaId && q.Name == name)).ToListAsync(cancel))
            .ToDictionary(c => CaseWriter.Known(QuotaVariables.Parse(c.Conditions)), StringComparer.Ordinal);
        foreach (var wanted in request.Cells)
        {
            if (!cells.TryGetValue(CaseWriter.Known(wanted.Values), out var cell))
                return new EditResult.Refused(CaseWriter.Known(wanted.Values), "cell-unknown");
            if (cell.Target != wanted.Target && await edit.SetTargetAsync(cell.Id, wanted.Target, actor, cancel) is EditResult.Refused target)
                return target;
            if (wanted.Closed is { } closed && closed != cell.Closed)
                await edit.CloseAsync(cell.Id, closed, actor, cancel);
        }

        return null;
    }

    private static async Task<List<CellAnswer>> CellsAsync(FieldworkDb db, int wave, string? name, CancellationToken cancel)
    {
        var rows = await (from c in db.QuotaCells.AsNoTracking() where c.WaveId == wave join q in db.Quotas on c.QuotaId equals q.Id
                          where name == null || q.Name == name orderby q.Name, c.Id select new { Cell = c, q.Name }).ToListAsync(cancel);
        return rows.ConvertAll(r => new CellAnswer(
            r.Cell.Id, r.Name, QuotaVariables.Parse(r.Cell.Conditions), r.Cell.Hard, r.Cell.Target, r.Cell.Completed, r.Cell.Reserved, r.Cell.Closed, r.Cell.Shut));
    }
}
