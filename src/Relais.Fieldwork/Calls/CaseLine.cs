using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Studies;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Calls;

/// <summary>Where the telephone of a case stands: who dials, whether the interviewer can be heard, and the call.</summary>
internal static class CaseLine
{
    /// <param name="Case">The case that is called; null: none of fieldwork.</param>
    /// <param name="Stage">"placed", "trying", "ringing", "announced", "answered" or "ended".</param>
    /// <param name="Seconds">Since the stage began; of a call that ended, how long it was spoken.</param>
    /// <param name="Outcome">"busy", "noanswer", "unknownnumber", "declined", "unavailable", "congestion", "barred", "cancelled", "failed" or "answered"; null until it ended.</param>
    /// <param name="Proposed">The outcome of the case that follows from it; null: none does.</param>
    /// <param name="ByCallee">Whether the other side hung up.</param>
    /// <param name="Restarted">Whether the server's restart ended it.</param>
    public sealed record CallAnswer(Guid Id, long? Case, string Stage, double Seconds, string? Outcome, string? Proposed, bool ByCallee, bool Restarted);

    /// <param name="Mode">"manual": the interviewer dials; "preview": Relais does when asked; "closed": it would, but no line is open.</param>
    /// <param name="Voice">"impossible": nobody can be heard through this server; "unplugged", "plugged".</param>
    public sealed record Response(string Mode, string Voice, CallAnswer? Call);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/cases/{id:long}/line", Handle).WithName("GetCaseLine")
        .WithSummary("Who dials the case that one has, and where its call stands");

    internal static async Task<Ok<Response>> Handle(long id, HttpContext context, FieldworkDb db, Switchboard calls, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await OfAsync(id, context.User.PersonId().Value, db, calls, clock, cancel));

    internal static async Task<Response> OfAsync(long id, Guid person, FieldworkDb db, Switchboard calls, TimeProvider clock, CancellationToken cancel)
    {
        var held = await (from h in db.Holds join w in db.Waves on h.WaveId equals w.Id where h.CaseId == id && h.PersonId == person
                          select new { w.Dialling, w.Caller, h.CallId }).AsNoTracking().SingleOrDefaultAsync(cancel);
        var line = held is null or { Dialling: DialMode.Manual } ? LineState.Missing : await calls.LineOfAsync(held.Caller, cancel);
        var mode = line switch
        {
            LineState.Missing => "manual",
            LineState.Closed => "closed",
            LineState.Open => "preview",
        };
        var call = await calls.LiveOfAsync(person, cancel) ?? (held?.CallId is { } last ? await calls.FindAsync(last, cancel) : null);
        return new Response(mode, Word(calls.VoiceOf(person)), call is null ? null : Answer(call, clock.GetUtcNow()));
    }

    private static CallAnswer Answer(CallNow call, DateTimeOffset now)
    {
        var since = call.Stage switch
        {
            CallStage.Answered => now - (call.AnsweredAt ?? now),
            CallStage.Ringing or CallStage.Announced => now - (call.RingingAt ?? now),
            CallStage.Ended => call.Spoken ?? TimeSpan.Zero,
            CallStage.Placed or CallStage.Trying => now - call.AskedAt,
        };
        return new CallAnswer(
            call.Id, CaseSubject.Read(call.Subject), Word(call.Stage), Math.Round(since.TotalSeconds, 1), call.Outcome is { } outcome ? Word(outcome) : null, ProposedOutcome.Of(call),
            call.ByCallee, call.Restarted);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
