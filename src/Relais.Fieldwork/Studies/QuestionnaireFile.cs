using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Kernel;

namespace Relais.Fieldwork.Studies;

/// <summary>A version of a questionnaire as its file came, to be worked on further.</summary>
internal static class QuestionnaireFile
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/questionnaires/{id:guid}/file", Handle).WithName("ReadQuestionnaireFile")
        .WithSummary("The workbook or XForm that a version was imported from");

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Handle(Guid id, FieldworkDb db, CancellationToken cancel) =>
        await db.Questionnaires.AsNoTracking().Where(q => q.Id == id).Select(q => new { q.File, q.FileName }).SingleOrDefaultAsync(cancel) is { } found
            ? TypedResults.File(found.File, "application/octet-stream", found.FileName)
            : Problems.Missing("questionnaire-missing");
}
