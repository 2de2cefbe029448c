using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Interviews;

/// <summary>Questionnaires as consoles load them, and compiled for the checks of the server. A version never changes, so both may be kept.</summary>
internal static class Questionnaires
{
    private const int MostKept = 32;

    private static readonly ConcurrentDictionary<Guid, FormProgram> Compiled = new();

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/questionnaires/{id:guid}/form", Handle).WithName("ReadForm")
        .WithSummary("A version of a questionnaire, as canonical JSON");

    private static async Task<Results<ContentHttpResult, NotFound>> Handle(Guid id, HttpContext context, FieldworkDb db, CancellationToken cancel)
    {
        if (await CanonicalAsync(db, id, cancel) is not { } canonical)
            return TypedResults.NotFound();
        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Content(canonical, "application/json");
    }

    /// <exception cref="InvalidOperationException">The version is not there, or is no form that can be run.</exception>
    public static async Task<FormProgram> ProgramAsync(FieldworkDb db, Guid id, CancellationToken cancel)
    {
        if (Compiled.TryGetValue(id, out var known))
            return known;
        var canonical = await CanonicalAsync(db, id, cancel) ?? throw new InvalidOperationException($"Questionnaire {id} is not there.");
        var program = FormProgram.Compile(FormJson.Read(System.Text.Encoding.UTF8.GetBytes(canonical)));
        if (!program.Usable)
            throw new InvalidOperationException($"Questionnaire {id} cannot be run: {program.Findings[0].Text.English}");
        if (Compiled.Count >= MostKept)
            Compiled.Clear();
        return Compiled[id] = program;
    }

    private static Task<string?> CanonicalAsync(FieldworkDb db, Guid id, CancellationToken cancel) =>
        db.Questionnaires.AsNoTracking().Where(q => q.Id == id).Select(q => q.Canonical).SingleOrDefaultAsync(cancel);
}
