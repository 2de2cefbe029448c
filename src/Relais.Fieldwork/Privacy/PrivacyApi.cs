using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Studies;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Privacy;

/// <summary>Erasure at a respondent's request, and how long studies keep what identifies respondents.</summary>
internal static class PrivacyApi
{
    /// <param name="Number">As people write it.</param>
    /// <param name="Case">Relais's own number of a case, when no number is given.</param>
    public sealed record Request([property: StringLength(40)] string? Number = null, [property: StringLength(20)] string? Case = null, bool AnswersToo = false);

    public sealed record Found(long Case, string Study, string Wave, string State, int Numbers, int Fields, int Remarks, int Interviews);

    public sealed record Asked(Guid Id);

    /// <param name="State">"under-way" or "done".</param>
    public sealed record ErasureAnswer(Guid Id, DateTimeOffset AskedAt, string AskedBy, bool AnswersToo, string State, DateTimeOffset? DoneAt, int Cases, int Numbers, int Remarks, int Interviews);

    public sealed record Retention([property: Range(0, 3650)] int? Days);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        // A number does not belong into an address, which is logged on its way.
        routes.MapPost("/erasures/preview", Preview).WithName("PreviewErasure").WithSummary("What would be erased of a respondent, by number or case");
        routes.MapPost("/erasures", Ask).WithName("AskErasure").WithSummary("Erase what is known of a respondent, with answersToo also what they answered");
        routes.MapGet("/erasures", List).WithName("ListErasures").WithSummary("Requests for erasure, without saying whose");
        routes.MapPut("/studies/{id:guid}/retention", Retain).WithName("SetRetention").WithSummary("How many days after a wave's end numbers and sample columns are kept; null: without end");
    }

    internal static async Task<Results<Ok<List<Found>>, ProblemHttpResult>> Preview(Request request, EraseRespondent erase, CancellationToken cancel) =>
        (await erase.ReadAsync(request.Number, request.Case, cancel)).Respondent is { } respondent
            ? TypedResults.Ok((await erase.FindAsync(respondent, cancel)).Select(c => new Found(c.Case, c.Study, c.Wave, c.State, c.Numbers, c.Fields, c.Remarks, c.Interviews)).ToList())
            : Problems.Invalid("number");

    internal static async Task<Results<Ok<Asked>, ProblemHttpResult>> Ask(Request request, HttpContext context, EraseRespondent erase, CancellationToken cancel)
    {
        if ((await erase.ReadAsync(request.Number, request.Case, cancel)).Respondent is not { } respondent)
            return Problems.Invalid("number");
        return await erase.AskAsync(respondent, request.AnswersToo, Actor.Of(context), cancel) is { } id ? TypedResults.Ok(new Asked(id)) : Problems.Missing("case-missing");
    }

    internal static async Task<Ok<List<ErasureAnswer>>> List(FieldworkDb db, CancellationToken cancel) => TypedResults.Ok(
        (await db.Erasures.AsNoTracking().OrderByDescending(e => e.AskedAt).Take(200).ToListAsync(cancel)).ConvertAll(e => new ErasureAnswer(
            e.Id, e.AskedAt, e.AskedByName, e.AnswersToo, e.DoneAt is null ? "under-way" : "done", e.DoneAt, e.Cases, e.Numbers, e.Comments, e.Interviews)));

    internal static async Task<Results<NoContent, ProblemHttpResult>> Retain(Guid id, Retention retention, HttpContext context, EditStudies edit, CancellationToken cancel) =>
        await edit.SetRetentionAsync(id, retention.Days, Actor.Of(context), cancel) switch
        {
            EditResult.Saved => TypedResults.NoContent(),
            EditResult.Refused refused => Problems.Invalid(refused.Code),
            _ => Problems.Missing("study-missing"),
        };
}
