using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Kernel;

namespace Relais.Fieldwork.Interviews;

/// <summary>
/// The respondent agrees, or goes on with what was begun: by the same interviewer on another computer, or by another one after the connection of the
/// first died. Whoever holds the case with this fence writes the interview from now on.
/// </summary>
internal static class BeginInterview
{
    /// <param name="OffsetMinutes">Of the interviewer's clock from UTC.</param>
    public sealed record Request(long Case, long Fence, [property: Range(-840, 840)] int OffsetMinutes, [property: StringLength(40)] string? Language = null);

    /// <param name="Start">What the questionnaire begins with.</param>
    /// <param name="Events">What was done so far, in order.</param>
    public sealed record Response(Guid Id, long Fence, Guid Questionnaire, SessionStart Start, IReadOnlyList<FormEvent> Events);

    private const string LockHeld = """
        SELECT c.id FROM fieldwork.cases c JOIN fieldwork.hold h ON h.case_id = c.id WHERE c.id = $1 AND h.person_id = $2 AND h.fence = $3 FOR UPDATE OF c
        """;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/interviews", Handle).WithName("BeginInterview")
        .WithSummary("Begin the interview of the case that one has, or take up what was begun");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, HttpContext context, FieldworkDb db, IOptions<FieldworkOptions> options, TimeProvider clock, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        return await db.InTurnAsync(() => BeginAsync(request, person, context.User.Identity?.Name ?? "", db, options.Value, clock, cancel), cancel) is { } begun
            ? TypedResults.Ok(begun)
            : Problems.Conflict("case-lost");
    }

    private static async Task<Response?> BeginAsync(
        Request request, Guid person, string userName, FieldworkDb db, FieldworkOptions options, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.ScalarAsync<long?>(LockHeld, [request.Case, person, request.Fence], cancel) is null)
            return null;
        var interview = await db.Interviews.SingleOrDefaultAsync(i => i.CaseId == request.Case && i.State == InterviewState.Running, cancel)
            ?? await NewAsync(request, userName, clock.GetUtcNow(), db, cancel);
        if (interview is null)
            return null;
        interview.PersonId = person;
        interview.Fence = request.Fence;
        // A slot that was held during an earlier call was let go since.
        interview.Screened = null;
        await db.SaveChangesAsync(cancel);
        var stored = await StoredSession.ReadAsync(db, interview, [], cancel);
        await stored.ScreenAsync(db, interview, options, clock, cancel);
        return new Response(interview.Id, interview.Fence, interview.QuestionnaireId, interview.Start(), [.. stored.Stored.Select(e => e.ToForm())]);
    }

    private static async Task<Interview?> NewAsync(Request request, string userName, DateTimeOffset now, FieldworkDb db, CancellationToken cancel)
    {
        var sample = await (from c in db.Cases join w in db.Waves on c.WaveId equals w.Id join r in db.Records on c.Id equals r.CaseId
                            where c.Id == request.Case select new { c.WaveId, w.QuestionnaireId, r.Fields }).SingleAsync(cancel);
        if (sample.QuestionnaireId is not { } questionnaire)
            return null;
        var interview = new Interview
        {
            Id = Guid.CreateVersion7(now),
            CaseId = request.Case,
            WaveId = sample.WaveId,
            QuestionnaireId = questionnaire,
            // 53 bits: what every language of a questionnaire reads the same.
            Seed = (long)(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) >> 11),
            // To the millisecond, as it travels: the same start gives the same record.
            BegunAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
            OffsetMinutes = (short)request.OffsetMinutes,
            Language = request.Language ?? "",
            UserName = userName,
            Known = FieldworkJson.Write(Texts(sample.Fields)),
        };
        db.Interviews.Add(interview);
        return interview;
    }

    // What the sample says that is no text is said as one.
    private static Dictionary<string, string> Texts(string fields)
    {
        using var document = JsonDocument.Parse(fields);
        return document.RootElement.ValueKind != JsonValueKind.Object ? [] : document.RootElement.EnumerateObject().ToDictionary(
            f => f.Name, f => f.Value.ToString(), StringComparer.Ordinal);
    }
}
