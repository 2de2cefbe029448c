using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import;
using Relais.Fieldwork.Outcomes;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Studies;

/// <summary>A workbook or an XForm becomes the next version of a study's questionnaire, or is refused with all that is wrong with it.</summary>
internal static class ImportQuestionnaire
{
    internal const int LongestBytes = 32 << 20;

    /// <param name="Where">Sheet and cell, or line.</param>
    /// <param name="Sheet">Of a workbook; empty for an XForm or the whole file.</param>
    /// <param name="Row">Row of the sheet or line of the XForm, from 1; null: the whole.</param>
    /// <param name="Column">Letters of a workbook's column, or the place in the line; null: the whole row.</param>
    public sealed record Fault(string Level, string Where, string French, string English, string Sheet = "", int? Row = null, string? Column = null)
    {
        internal static Fault Of(FindingLevel level, Origin at, string french, string english) => new(
            level.ToString(), $"{at}", french, english, at.Sheet, at.Row > 0 ? at.Row : null,
            at.Column <= 0 || at.Row <= 0 ? null : at.Sheet.Length > 0 ? Origin.ColumnName(at.Column) : at.Column.ToString(CultureInfo.InvariantCulture));
    }

    /// <param name="Questionnaire">Null when it was refused.</param>
    public sealed record Response(Guid? Questionnaire, IReadOnlyList<Fault> Findings);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/studies/{id:guid}/questionnaires", Handle).WithName("ImportQuestionnaire")
        .WithSummary("Import an XLSForm workbook or an XForm as the body; waves take it for interviews that begin from now on")
        .WithMetadata(new RequestSizeLimitAttribute(LongestBytes));

    internal static async Task<Results<Ok<Response>, UnprocessableEntity<Response>, ProblemHttpResult>> Handle(
        Guid id, [Required, StringLength(200)] string name, HttpContext context, EditStudies edit, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancel);
        return await HandleAsync(id, name, body.ToArray(), edit, Actor.Of(context), cancel) switch
        {
            null => Problems.Missing("study-missing"),
            { Questionnaire: null } refused => TypedResults.UnprocessableEntity(refused),
            { } taken => TypedResults.Ok(taken),
        };
    }

    /// <returns>Null for a study that is not there.</returns>
    internal static async Task<Response?> HandleAsync(Guid study, string name, byte[] file, EditStudies edit, Actor actor, CancellationToken cancel)
    {
        var import = FormImporter.Import(name, file);
        var findings = import.Findings.Select(f => Fault.Of(f.Level, f.Origin, f.Text.French, f.Text.English)).ToList();
        if (import is not { Usable: true, Definition: { } form })
            return new Response(null, findings);
        findings.AddRange(UnknownOutcomes(form));
        if (findings.Any(f => f.Level == nameof(FindingLevel.Error)))
            return new Response(null, findings);
        var saved = await edit.AddQuestionnaireAsync(study, form.Title, name, file, Encoding.UTF8.GetString(FormJson.Write(form)), actor, cancel);
        return saved is EditResult.Saved { Id: var id } ? new Response(id, findings) : null;
    }

    // What ends an interview has to be an outcome that a call can end with: found now, and not by the interviewer.
    private static IEnumerable<Fault> UnknownOutcomes(FormDefinition form)
    {
        var said = form.Questions().Select(q => (q.Disposition, q.Origin)).Concat(form.Lists.SelectMany(l => l.Choices).Select(c => (c.Disposition, c.Origin)));
        foreach (var (outcome, origin) in said)
        {
            if (outcome is not null && Outcome.Find(outcome) is null)
            {
                var known = string.Join(", ", Outcome.All.Where(o => o.Called).Select(o => o.Code));
                yield return Fault.Of(
                    FindingLevel.Error, origin, $"« {outcome} » n’est pas une issue d’appel. Les issues : {known}.", $"\"{outcome}\" is not an outcome of a call. Outcomes are: {known}.");
            }
        }
    }
}
