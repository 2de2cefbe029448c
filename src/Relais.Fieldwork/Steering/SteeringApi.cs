using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Webhooks;
using Relais.Kernel;

namespace Relais.Fieldwork.Steering;

/// <summary>What an institute's own steering system does: /api/steering/v1, with a key of its own (docs/steering-api.md).</summary>
internal static class SteeringApi
{
    private const int MostAtOnce = 1000;
    private const int MostCases = 5000;

    public sealed record StudyAnswer(Guid Id, string Name, IReadOnlyList<WaveAnswer> Waves);

    public sealed record WaveAnswer(int Id, string Name, DateOnly From, DateOnly Until, string State);

    /// <param name="Events">CloudEvents 1.0, in the order of the feed.</param>
    /// <param name="Cursor">To ask with next, also when there was nothing.</param>
    /// <param name="More">Whether more is there already.</param>
    public sealed record ChangesAnswer(IReadOnlyList<JsonObject> Events, string Cursor, bool More);

    /// <param name="State">"completed"; "erased" when its answers were, at the respondent's request: then whoever holds them erases them too.</param>
    /// <param name="Answers">By path; null once erased.</param>
    public sealed record InterviewAnswer(
        Guid Id, string State, int Wave, long Case, string? CaseId, Guid Questionnaire, string Language, DateTimeOffset BegunAt, DateTimeOffset? EndedAt,
        IReadOnlyDictionary<string, string>? Answers, IReadOnlyDictionary<string, string>? Known);

    public sealed record InterviewsAnswer(IReadOnlyList<InterviewAnswer> Interviews, string Cursor, bool More);

    /// <param name="Outcome">What counts for the rates so far; null before the first call.</param>
    public sealed record CaseAnswer(long Case, string? Id, string State, string? Outcome, string? Aapor, int Tries, DateTimeOffset? Next);

    public sealed record CasesAnswer(IReadOnlyList<CaseAnswer> Cases, string Cursor, bool More);

    internal static void Map(IEndpointRouteBuilder app)
    {
        var all = app.MapGroup("/api/steering/v1").WithTags("Steering");
        var read = all.MapGroup("").RequireAuthorization(AccessPolicies.SystemRead);
        var write = all.MapGroup("").RequireAuthorization(AccessPolicies.SystemWrite);
        read.MapGet("/studies", Studies).WithName("PullStudies").WithSummary("The studies and waves that this key reaches");
        read.MapGet("/studies/{study:guid}/changes", Changes).WithName("PullChanges").WithSummary("What happened after a cursor, in an order that never changes, as CloudEvents");
        read.MapGet("/studies/{study:guid}/interviews", Interviews).WithName("PullInterviews").WithSummary("Interviews completed or erased after a cursor, with their answers");
        read.MapGet("/waves/{wave:int}/cases", Cases).WithName("PullCases").WithSummary("The cases of a wave as they stand");
        PushQuota.MapRead(read);
        PushQuota.Map(write);
        PushCases.Map(write);
        WebhooksApi.Map(read, write, "OfSystem");
    }

    internal static async Task<Ok<List<StudyAnswer>>> Studies(HttpContext context, FieldworkDb db, CancellationToken cancel)
    {
        var studies = (await db.Studies.AsNoTracking().OrderBy(s => s.Name).ToListAsync(cancel)).FindAll(s => context.User.Reaches(SteeredStudies.Resource(s.Id)));
        var ids = studies.ConvertAll(s => s.Id);
        var waves = (await db.Waves.AsNoTracking().Where(w => ids.Contains(w.StudyId)).OrderBy(w => w.Id).ToListAsync(cancel)).ToLookup(w => w.StudyId);
        return TypedResults.Ok(studies.ConvertAll(s => new StudyAnswer(s.Id, s.Name, [.. waves[s.Id].Select(w => new WaveAnswer(w.Id, w.Name, w.From, w.Until, w.State.ToString().ToLowerInvariant()))])));
    }

    internal static async Task<Results<Ok<ChangesAnswer>, ProblemHttpResult>> Changes(
        Guid study, HttpContext context, SteeredStudies studies, FieldworkDb db, CancellationToken cancel, string? after = null, string? kinds = null, [Range(1, MostAtOnce)] int limit = 500)
    {
        var wanted = (kinds ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (wanted.FirstOrDefault(k => !ChangeKinds.All.Contains(k, StringComparer.Ordinal)) is { } unknown)
            return Problems.Invalid("kind-unknown", unknown);
        limit = Math.Clamp(limit, 1, MostAtOnce);
        var (place, refusal) = await PlaceAsync(study, after, context, studies, db, cancel);
        if (place is not { } from)
            return refusal ?? Problems.Invalid("cursor");
        var (rows, head) = await ChangeFeed.ReadAsync(db, study, from, wanted, limit + 1, cancel);
        var shown = rows.Take(limit).ToList();
        return TypedResults.Ok(new ChangesAnswer([.. shown.Select(CloudEvents.Of)], Cursor(rows, limit, head), rows.Count > limit));
    }

    internal static async Task<Results<Ok<InterviewsAnswer>, ProblemHttpResult>> Interviews(
        Guid study, HttpContext context, SteeredStudies studies, FieldworkDb db, CancellationToken cancel, string? after = null, [Range(1, MostAtOnce)] int limit = 200)
    {
        limit = Math.Clamp(limit, 1, MostAtOnce);
        var (place, refusal) = await PlaceAsync(study, after, context, studies, db, cancel);
        if (place is not { } from)
            return refusal ?? Problems.Invalid("cursor");
        var (rows, head) = await ChangeFeed.ReadAsync(db, study, from, [ChangeKinds.InterviewCompleted, ChangeKinds.InterviewRejected, ChangeKinds.InterviewErased], limit + 1, cancel);
        var shown = rows.Take(limit).ToList();
        var ids = shown.ConvertAll(InterviewOf);
        var found = await db.Interviews.AsNoTracking().Where(i => ids.Contains(i.Id)).ToDictionaryAsync(i => i.Id, cancel);
        var interviews = shown.Where(r => found.ContainsKey(InterviewOf(r))).Select(r => Answer(found[InterviewOf(r)], r.Key)).ToList();
        return TypedResults.Ok(new InterviewsAnswer(interviews, Cursor(rows, limit, head), rows.Count > limit));
    }

    internal static async Task<Results<Ok<CasesAnswer>, ProblemHttpResult>> Cases(
        int wave, HttpContext context, SteeredStudies studies, FieldworkDb db, CancellationToken cancel, string? after = null, string? id = null, [Range(1, MostCases)] int limit = 1000)
    {
        if (await studies.WaveAsync(wave, context.User, cancel) is null)
            return Problems.Missing("wave-missing");
        if (ChangeFeed.Place(after) is not { } from)
            return Problems.Invalid("cursor");
        limit = Math.Clamp(limit, 1, MostCases);
        var rows = await (from r in db.Records.AsNoTracking() where r.WaveId == wave && r.CaseId > @from && (id == null || r.Key == id)
                          join c in db.Cases on r.CaseId equals c.Id orderby c.Id select new { Case = c, r.Key }).Take(limit + 1).ToListAsync(cancel);
        var shown = rows.Take(limit).ToList();
        return TypedResults.Ok(new CasesAnswer(shown.ConvertAll(r => Answer(r.Case, r.Key)), (shown.Count == 0 ? from : shown[^1].Case.Id).ToString(CultureInfo.InvariantCulture), rows.Count > limit));
    }

    // A cursor that is older than what is kept would miss something in silence: it is refused instead.
    private static async Task<(long? Place, ProblemHttpResult? Refusal)> PlaceAsync(
        Guid study, string? after, HttpContext context, SteeredStudies studies, FieldworkDb db, CancellationToken cancel)
    {
        if (await studies.StudyAsync(study, context.User, cancel) is null)
            return (null, Problems.Missing("study-missing"));
        if (ChangeFeed.Place(after) is not { } place)
            return (null, Problems.Invalid("cursor"));
        return await ChangeFeed.IsForgottenAsync(db, place, cancel) ? (null, Problems.Of(StatusCodes.Status410Gone, "cursor-too-old")) : (place, null);
    }

    private static string Cursor(List<ChangeRow> rows, int limit, long head) =>
        (rows.Count > limit ? rows[limit - 1].Change.Position ?? head : head).ToString(CultureInfo.InvariantCulture);

    private static Guid InterviewOf(ChangeRow row)
    {
        using var facts = JsonDocument.Parse(row.Change.Facts);
        return facts.RootElement.GetProperty("interview").GetGuid();
    }

    private static InterviewAnswer Answer(Interview interview, string? key)
    {
        var erased = interview.Record is null;
        var state = erased ? "erased" : interview.State == InterviewState.Rejected ? "rejected" : "completed";
        return new InterviewAnswer(
            interview.Id, state, interview.WaveId, interview.CaseId, key, interview.QuestionnaireId, interview.Language, interview.BegunAt, interview.EndedAt,
            erased ? null : InterviewRecord.Read(interview.Record ?? "").Answers, erased ? null : FieldworkJson.Read<Dictionary<string, string>>(interview.Known));
    }

    private static CaseAnswer Answer(Case row, string key)
    {
        var outcome = Outcome.Of(row.Outcome);
        return new CaseAnswer(
            row.Id, ChangeFeed.ShownKey(key), row.State.ToString().ToLowerInvariant(), outcome?.Code, outcome?.Aapor, row.Tries, row.State is CaseState.Ready or CaseState.Appointment ? row.DueAt : null);
    }
}
