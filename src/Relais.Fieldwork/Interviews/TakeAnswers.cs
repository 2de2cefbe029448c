using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Fieldwork.Calls;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Kernel;

namespace Relais.Fieldwork.Interviews;

/// <summary>
/// Steps of an interview arrive: perhaps again, perhaps out of order, perhaps two posts at once. Each is taken once, when all before it are there; the
/// answer says up to where. What is taken was checked by the same code that asked the question. A post without steps is a sign of life.
/// </summary>
internal static class TakeAnswers
{
    public const int MostAtOnce = 500;

    public sealed record Request(long Fence, [property: Required, MaxLength(MostAtOnce)] IReadOnlyList<FormEvent> Events);

    /// <param name="Acknowledged">All steps up to this number are stored for good.</param>
    /// <param name="QuotaFull">Nobody of the respondent's cell is wanted any more.</param>
    public sealed record Response(long Acknowledged, bool QuotaFull);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/interviews/{id:guid}/answers", Handle).WithName("TakeAnswers")
        .WithSummary("Store steps of an interview, in their order and once; a sign of life when there are none");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Request request, HttpContext context, FieldworkDb db, MarkQuestions marks, IOptions<FieldworkOptions> options, TimeProvider clock, CancellationToken cancel)
    {
        if (!request.Events.All(IsWhole))
            return Problems.Invalid("answers");
        var person = context.User.PersonId().Value;
        var taken = await db.InTurnAsync(() => TakeAsync(id, request, person, db, options.Value, clock, cancel), cancel);
        if (taken.Refusal is { } refusal)
            return refusal;
        // Nobody has the case any more when this finds none: who wrote last may go on writing until somebody else takes it.
        await KeepCase.HandleAsync(taken.Case, new KeepCase.Request(request.Fence), person, db, options.Value, clock, cancel);
        await marks.HandleAsync(id, taken.Case, person, taken.Steps, cancel);
        return TypedResults.Ok(new Response(taken.Acknowledged, taken.QuotaFull));
    }

    /// <param name="Steps">Those that are new.</param>
    private sealed record Taken(long Acknowledged, bool QuotaFull, long Case, IReadOnlyList<FormEvent> Steps, ProblemHttpResult? Refusal = null)
    {
        public static Taken Refused(ProblemHttpResult? refusal) => new(0, false, 0, [], refusal);

        public static Taken Of(Interview interview, IReadOnlyList<FormEvent> steps) => new(interview.LastSequence, interview.QuotaFull, interview.CaseId, steps);
    }

    private static async Task<Taken> TakeAsync(
        Guid id, Request request, Guid person, FieldworkDb db, FieldworkOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var (interview, refusal) = await WritersInterview.LockAsync(db, id, person, request.Fence, cancel);
        if (interview is null)
            return Taken.Refused(refusal);
        var wanted = request.Events.OrderBy(e => e.Sequence).ToList();
        if (await DiffersAsync(db, interview, wanted, cancel) is { } differing)
            return Taken.Refused(Problems.Conflict("answers-differ", string.Create(CultureInfo.InvariantCulture, $"{differing}")));
        var fresh = Contiguous(interview.LastSequence, wanted);
        if (fresh.Count == 0)
            return Taken.Of(interview, []);
        if (interview.State != InterviewState.Running)
            return Taken.Refused(Problems.Conflict("interview-over"));

        var session = await StoredSession.ReadAsync(db, interview, fresh, cancel);
        if (session.Refused is { } problem)
            return Taken.Refused(Problems.Of(StatusCodes.Status422UnprocessableEntity, "answer-refused", string.Create(CultureInfo.InvariantCulture, $"{session.Session.Events.Count + 1} {problem.Path} {problem.Kind}: {problem.Text}")));
        var now = clock.GetUtcNow();
        foreach (var step in fresh)
            db.InterviewEvents.Add(Row(interview, step, person, now));
        interview.LastSequence = fresh[^1].Sequence;
        await db.SaveChangesAsync(cancel);
        await session.ScreenAsync(db, interview, options, clock, cancel);
        return Taken.Of(interview, fresh);
    }

    // PostgreSQL keeps no zero character.
    private static bool IsWhole(FormEvent step) =>
        step is { Path: not null, Value: not null, Language: not null } && Enum.IsDefined(step.Kind)
        && !step.Path.Contains('\0', StringComparison.Ordinal) && !step.Value.Contains('\0', StringComparison.Ordinal) && !step.Language.Contains('\0', StringComparison.Ordinal);

    /// <summary>The steps that follow what is stored, without a gap.</summary>
    private static List<FormEvent> Contiguous(long last, List<FormEvent> wanted)
    {
        var fresh = new List<FormEvent>();
        foreach (var step in wanted)
        {
            if (step.Sequence == last + fresh.Count + 1)
                fresh.Add(step);
        }

        return fresh;
    }

    // A step that is stored already must be the same one: two consoles that both believe to write would otherwise lose answers in silence.
    private static async Task<long?> DiffersAsync(FieldworkDb db, Interview interview, List<FormEvent> wanted, CancellationToken cancel)
    {
        var known = wanted.Where(e => e.Sequence <= interview.LastSequence).ToList();
        if (known.Count == 0)
            return null;
        var (from, until) = (known[0].Sequence, known[^1].Sequence);
        var stored = await db.InterviewEvents.AsNoTracking().Where(e => e.InterviewId == interview.Id && e.Sequence >= from && e.Sequence <= until).ToDictionaryAsync(e => e.Sequence, cancel);
        return known.Find(e => !stored.TryGetValue(e.Sequence, out var row) || row.Kind != e.Kind || row.Path != e.Path || row.Value != e.Value)?.Sequence;
    }

    private static InterviewEvent Row(Interview interview, FormEvent step, Guid person, DateTimeOffset now) => new()
    {
        InterviewId = interview.Id,
        Sequence = step.Sequence,
        Kind = step.Kind,
        Path = step.Path,
        Value = step.Value,
        Language = step.Language,
        At = step.At.ToUniversalTime(),
        OffsetMinutes = (short)step.At.Offset.TotalMinutes,
        ReceivedAt = now,
        PersonId = person,
        Fence = interview.Fence,
    };
}
