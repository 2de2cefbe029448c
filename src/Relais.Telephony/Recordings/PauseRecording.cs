using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Portal.Security;
using Relais.Telephony.Quality;

namespace Relais.Telephony.Recordings;

/// <summary>An interviewer stops recording their own call for a sensitive question, and goes on after it.</summary>
internal static class PauseRecording
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/telephony/calls/{id:guid}/recording").WithTags("Telephony").RequireFormToken().RequireAuthorization(AccessPolicies.Interview);
        api.MapPost("/pause", (Guid id, HttpContext context, RecordingPauses pauses, IStringLocalizer<CallTexts> text, CancellationToken cancel) =>
            HandleAsync(id, pause: true, context, pauses, text, cancel)).WithName("PauseRecording").WithSummary("Record silence from now on");
        api.MapPost("/resume", (Guid id, HttpContext context, RecordingPauses pauses, IStringLocalizer<CallTexts> text, CancellationToken cancel) =>
            HandleAsync(id, pause: false, context, pauses, text, cancel)).WithName("ResumeRecording").WithSummary("Record what is said again");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, bool pause, HttpContext context, RecordingPauses pauses, IStringLocalizer<CallTexts> text, CancellationToken cancel) =>
        await pauses.SetAsync(id, context.User.PersonId().Value, pause, cancel) ? TypedResults.NoContent() : Problems.Conflict("not-recorded", text["Recording.NotNow"]);
}

/// <summary>Pauses of recordings that this node writes.</summary>
internal sealed class RecordingPauses(TelephonyDb db, WatchedCalls watched)
{
    /// <summary>Pauses or goes on; said twice is said once.</summary>
    /// <returns>False where the call is not this person's, not under way here, or not recorded.</returns>
    public async Task<bool> SetAsync(Guid call, Guid person, bool pause, CancellationToken cancel)
    {
        if (watched.Find(call) is not { Recorder: { Failed: false } recorder } found || found.Person != person)
            return false;
        if (recorder.Pause(pause) is not { } moments)
            return recorder.Paused == pause;
        var pauses = moments.ToList();
        await db.Recordings.Where(r => r.CallId == call).ExecuteUpdateAsync(set => set.SetProperty(r => r.Pauses, pauses), cancel);
        return true;
    }
}
