using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Fieldwork.Interviews;

/// <summary>What a console that opens says first: what its interviewer has in hand, and what they did today.</summary>
internal static class MyInterview
{
    /// <param name="HasCase">A case waits for this person: "next" gives it again.</param>
    /// <param name="Interviewing">And its interview has begun.</param>
    /// <param name="Study">The wave's name, when there is a case.</param>
    /// <param name="CompletedToday">Since midnight of the interviewer's own day.</param>
    public sealed record Response(bool HasCase, bool Interviewing, string? Study, int CompletedToday, int CallsToday);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/interviews/mine", Handle).WithName("MyInterview")
        .WithSummary("What the person who asks has in hand, and their own count of the day");

    internal static async Task<Ok<Response>> Handle(HttpContext context, FieldworkDb db, TimeProvider clock, CancellationToken cancel, int offsetMinutes = 0)
    {
        var person = context.User.PersonId().Value;
        var offset = TimeSpan.FromMinutes(Math.Clamp(offsetMinutes, -840, 840));
        var midnight = new DateTimeOffset(clock.GetUtcNow().ToOffset(offset).Date, offset).ToUniversalTime();
        var held = await (from h in db.Holds join w in db.Waves on h.WaveId equals w.Id where h.PersonId == person
                          select new { w.Name, Begun = db.Interviews.Any(i => i.CaseId == h.CaseId && i.State == InterviewState.Running) }).SingleOrDefaultAsync(cancel);
        var today = await db.Attempts.AsNoTracking().Where(a => a.PersonId == person && a.Until >= midnight)
            .GroupBy(a => a.Outcome == Outcomes.Outcome.CompleteId).Select(g => new { Complete = g.Key, Number = g.Count() }).ToListAsync(cancel);
        return TypedResults.Ok(new Response(held is not null, held is { Begun: true }, held?.Name, today.Where(t => t.Complete).Sum(t => t.Number), today.Sum(t => t.Number)));
    }
}
