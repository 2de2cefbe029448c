using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Relais.Fieldwork.Studies;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;

namespace Relais.Fieldwork.Reviews;

/// <summary>The review of interviews, for programs.</summary>
internal static class ReviewApi
{
    /// <param name="After">"call-again", or the outcome that the case ends with: "other", "not-eligible", "out-of-sample", "refused", "unable", "unknown".</param>
    /// <param name="Tell">Whether the interviewer is told, with the reason.</param>
    public sealed record Rejection([property: Required, StringLength(Review.ReasonLength)] string Reason, [property: Required, StringLength(40)] string After, bool Tell = true);

    public sealed record Line(Guid Id, long Case, string Key, Guid Interviewer, DateTimeOffset CompletedAt, int Seconds, int Answers, int Confirmed, bool Short, bool Quick, string State);

    public sealed record Answer(int Total, double? MedianSeconds, IReadOnlyList<Line> Interviews);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/waves/{id:int}/reviews", List).WithName("ListReviews").WithSummary("Completed interviews with their length, overridden checks, flags of speed and verdict; fifty a page");
        routes.MapPost("/interviews/{id:guid}/accept", Accept).WithName("AcceptInterview").WithSummary("Accept a completed interview");
        routes.MapPost("/interviews/{id:guid}/reject", Reject).WithName("RejectInterview").WithSummary("Reject it: its slot is given back, its case ends otherwise or is called again");
        routes.MapPost("/interviews/{id:guid}/restore", Restore).WithName("RestoreInterview").WithSummary("Undo a rejection while its slot is free");
    }

    private static async Task<Ok<Answer>> List(
        int id, ReadReviews reviews, IOptions<PlaceOptions> place, CancellationToken cancel, ReviewState? state = null, Guid? interviewer = null, DateOnly? day = null, bool flagged = false, int page = 1)
    {
        var read = await reviews.ListAsync(id, new ReviewFilter(state, interviewer, day, flagged), TimeZoneInfo.FindSystemTimeZoneById(place.Value.TimeZone), page, cancel);
        return TypedResults.Ok(new Answer(read.Total, read.Median, [.. read.Lines.Select(l => new Line(
            l.Id, l.Case, l.Key, l.Person, l.At, l.Seconds, l.Answers, l.Confirmed, l.Short, l.Quick, l.State switch { ReviewState.ToReview => "to-review", ReviewState.Accepted => "accepted", ReviewState.Rejected => "rejected" }))]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Accept(Guid id, HttpContext context, ReviewInterviews review, CancellationToken cancel) =>
        Result(await review.AcceptAsync(id, Actor.Of(context), cancel));

    private static async Task<Results<NoContent, ProblemHttpResult>> Reject(Guid id, Rejection rejection, HttpContext context, ReviewInterviews review, CancellationToken cancel) =>
        Result(await review.RejectAsync(id, rejection.Reason, rejection.After, rejection.Tell, Actor.Of(context), cancel));

    private static async Task<Results<NoContent, ProblemHttpResult>> Restore(Guid id, HttpContext context, ReviewInterviews review, CancellationToken cancel) =>
        Result(await review.RestoreAsync(id, Actor.Of(context), cancel));

    private static Results<NoContent, ProblemHttpResult> Result(EditResult result) => result switch
    {
        EditResult.Refused refused => Problems.Conflict(refused.Code, refused.Field),
        EditResult.Missing => Problems.Missing("no-interview"),
        _ => TypedResults.NoContent(),
    };
}
