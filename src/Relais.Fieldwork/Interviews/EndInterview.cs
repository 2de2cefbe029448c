using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Access.Contracts;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Reviews;
using Relais.Kernel;
using Relais.Kernel.Events;

namespace Relais.Fieldwork.Interviews;

/// <summary>
/// The conversation is over: complete, refused, broken off, or to be continued at an appointment. One command, one transaction: the interview, the case, its
/// call and its quota slot. Sent again, it is answered as the first time.
/// </summary>
internal static class EndInterview
{
    /// <param name="Last">The number of the last step that the console knows: all up to it must be stored.</param>
    /// <param name="Outcome">"complete", or what the call ended as otherwise.</param>
    public sealed record Request(
        Guid Command, long Fence, long Last, [property: Required, StringLength(40)] string Outcome, int? Number = null, CloseCase.Wish? Appointment = null,
        [property: StringLength(2000)] string? Comment = null);

    /// <param name="Outcome">What was recorded: "quota-full" for an interview that came too late for a slot.</param>
    public sealed record Response(string Outcome, DateTimeOffset? NextCall);

    private sealed record Ended(Response? Response, ProblemHttpResult? Refusal = null);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/interviews/{id:guid}/end", Handle).WithName("EndInterview")
        .WithSummary("End an interview and the call with its outcome, in one step");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Request request, HttpContext context, FieldworkDb db, Outbox outbox, TimeProvider clock, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        var ended = await EndAsync(id, request, person, db, outbox, clock, cancel);
        if (ended.Response is not { } response)
            return ended.Refusal ?? Problems.Conflict("case-lost");
        await turn.CommitAsync(cancel);
        return TypedResults.Ok(response);
    }

    private static async Task<Ended> EndAsync(Guid id, Request request, Guid person, FieldworkDb db, Outbox outbox, TimeProvider clock, CancellationToken cancel)
    {
        var (interview, refusal) = await WritersInterview.LockAsync(db, id, person, request.Fence, cancel);
        if (interview is null)
            return new Ended(null, refusal);
        var again = interview.State != InterviewState.Running;
        if (!again && interview.LastSequence != request.Last)
            return new Ended(null, Problems.Conflict("answers-missing"));

        var close = new CloseCase.Request(request.Command, request.Fence, request.Outcome, request.Number, request.Appointment, request.Comment);
        StoredSession? stored = null;
        if (!again && request.Outcome == Outcomes.Outcome.Complete.Code)
        {
            stored = await StoredSession.ReadAsync(db, interview, [], cancel);
            if (stored.Session.Problems() is [var problem, ..])
                return new Ended(null, Problems.Of(StatusCodes.Status422UnprocessableEntity, "interview-incomplete", $"{problem.Path}: {problem.Text}"));
            close = close with { Values = stored.QuotaValues() };
        }

        // Its answer to this command is kept, so a second time changes nothing.
        var closed = await CloseCase.HandleAsync(interview.CaseId, close, person, db, clock, cancel);
        if (closed.State != "closed")
            return new Ended(null, closed.State == "lost" ? Problems.Conflict("case-lost") : Problems.Invalid(closed.State));
        var outcome = closed.Outcome ?? request.Outcome;
        if (!again && !IsContinued(outcome, request))
        {
            interview.State = outcome == Outcomes.Outcome.Complete.Code ? InterviewState.Completed : InterviewState.Ended;
            interview.EndedAt = clock.GetUtcNow();
            if (interview.State is InterviewState.Completed && stored is not null)
            {
                interview.Record = Encoding.UTF8.GetString(stored.Session.Record(withTimes: true));
                interview.Paced(InterviewPace.Of(interview.BegunAt, stored.Stored.Select(e => e.ToForm())));
                await TellInterview.CompletedAsync(db, outbox, interview, stored.Session.Program.Form, interview.EndedAt.Value, cancel);
            }
        }

        interview.Outcome = outcome;
        await db.SaveChangesAsync(cancel);
        return new Ended(new Response(outcome, closed.NextCall));
    }

    // An appointment, or whatever else brings the case back: what was answered waits for whoever calls next.
    private static bool IsContinued(string outcome, Request request) =>
        request.Appointment is not null || Outcomes.Outcome.Find(outcome)?.After is Outcomes.AfterCall.Again or Outcomes.AfterCall.Appointment;
}
