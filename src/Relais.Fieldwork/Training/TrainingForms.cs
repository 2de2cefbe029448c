using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Training;

/// <summary>
/// What an interviewer may train with: the questionnaires of their studies' waves, and made-up respondents. It is only read: the console runs the whole training
/// in the browser and sends nothing of it (decision 0028), so there is nothing to keep apart or to purge here.
/// </summary>
internal static class TrainingForms
{
    private const int MostRespondents = 12;

    /// <param name="Fields">What the wave's sample knows of its cases by quota variable: one combination after another.</param>
    public sealed record Respondent(string Key, string Number, IReadOnlyDictionary<string, string> Fields);

    public sealed record Form(Guid Questionnaire, string Wave, string Zone, IReadOnlyList<Respondent> Respondents);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/training", Handle).WithName("ListTrainingForms")
        .WithSummary("Questionnaires to train with, and made-up respondents; nothing of a training is ever sent");

    internal static async Task<Ok<List<Form>>> Handle(HttpContext context, FieldworkDb db, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        var studies = await (from i in db.Interviewers where i.PersonId == person join t in db.Teams on i.TeamId equals t.Id select t.Studies).SingleOrDefaultAsync(cancel);
        // Somebody new is in no team yet.
        var waves = await db.Waves.AsNoTracking().Where(w => w.State != WaveState.Closed && w.QuestionnaireId != null && (studies == null || studies.Contains(w.StudyId)))
            .OrderByDescending(w => w.State == WaveState.Running).ThenByDescending(w => w.Id).Take(20).Select(w => new { w.Id, w.Name, w.QuestionnaireId, w.Zones }).ToListAsync(cancel);
        var forms = new List<Form>();
        foreach (var wave in waves)
        {
            var known = await db.Strata.AsNoTracking().Where(s => s.WaveId == wave.Id).OrderBy(s => s.Id).Select(s => s.Known).Take(MostRespondents).ToListAsync(cancel);
            forms.Add(new Form(wave.QuestionnaireId ?? Guid.Empty, wave.Name, wave.Zones.FirstOrDefault() ?? "Europe/Paris", Respondents(known)));
        }

        return TypedResults.Ok(forms);
    }

    // ARCEP keeps numbers that begin with 01 99 00 for films and tests: nobody has them.
    private static List<Respondent> Respondents(List<string> known) => [.. Enumerable.Range(0, MostRespondents).Select(i => new Respondent(
        $"T{i + 1:00}", $"+33199000{i + 1:000}", known.Count == 0 ? new Dictionary<string, string>(StringComparer.Ordinal) : QuotaVariables.Parse(known[i % known.Count])))];
}
