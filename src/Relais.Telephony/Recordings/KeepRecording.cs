using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;
using Relais.Portal.Security;

namespace Relais.Telephony.Recordings;

/// <summary>A supervisor keeps a recording beyond its time, lets it go again, or deletes it and says why.</summary>
internal static class KeepRecording
{
    internal enum Result
    {
        Done,
        Missing,

        /// <summary>Held recordings are not deleted: somebody needs them.</summary>
        Held,

        /// <summary>The call goes on.</summary>
        Running,

        /// <summary>Its file lies on another node.</summary>
        Elsewhere,
    }

    public sealed record Request(bool Held);

    /// <param name="Reason">At most 500 characters: it stays, with who said it.</param>
    public sealed record DeleteRequest([Required, StringLength(500, MinimumLength = 3)] string Reason);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/telephony/calls/{id:guid}/recording").WithTags("Telephony").RequireFormToken().RequireAuthorization(AccessPolicies.Supervise);
        api.MapPost("/hold", async (Guid id, Request request, HttpContext context, RecordingKeeper keeper, IStringLocalizer<CallTexts> text, CancellationToken cancel) =>
            Answer(await keeper.HoldAsync(id, request.Held, Actor.Of(context), cancel), text)).WithName("HoldCallRecording").WithSummary("Keep a recording beyond its time, or not any more");
        api.MapPost("/delete", async (Guid id, DeleteRequest request, HttpContext context, RecordingKeeper keeper, IStringLocalizer<CallTexts> text, CancellationToken cancel) =>
            Answer(await keeper.DeleteAsync(id, request.Reason, Actor.Of(context), cancel), text)).WithName("DeleteCallRecording").WithSummary("Delete a recording, with the reason");

        // The page's buttons.
        var pages = routes.MapGroup("/calls/{id:guid}").RequireFormToken().RequireAuthorization(AccessPolicies.Supervise).ExcludeFromDescription();
        pages.MapPost("/hold", async (
            Guid id, [FromForm] string held, HttpContext context, RecordingKeeper keeper, Notices notices, IStringLocalizer<CallTexts> text, CancellationToken cancel) =>
        {
            var result = await keeper.HoldAsync(id, held == "true", Actor.Of(context), cancel);
            notices.Add(context, result is Result.Done ? text[held == "true" ? "Recording.NowHeld" : "Recording.Released"] : text[$"Recording.Not.{result}"]);
            return TypedResults.LocalRedirect($"/calls/{id}");
        });
        pages.MapPost("/delete", async (
            Guid id, [FromForm] string? reason, HttpContext context, RecordingKeeper keeper, Notices notices, IStringLocalizer<CallTexts> text, CancellationToken cancel) =>
        {
            var said = reason?.Trim() ?? "";
            notices.Add(context, said.Length is < 3 or > 500
                ? text["Recording.ReasonMissing"]
                : await keeper.DeleteAsync(id, said, Actor.Of(context), cancel) is var result && result is Result.Done ? text["Recording.NowDeleted"] : text[$"Recording.Not.{result}"]);
            return TypedResults.LocalRedirect($"/calls/{id}");
        });
    }

    private static IResult Answer(Result result, IStringLocalizer text) => result switch
    {
        Result.Done => TypedResults.NoContent(),
        Result.Missing => Problems.Missing("recording-missing", text["Recording.None"]),
        Result.Held => Problems.Conflict("recording-held", text["Recording.Not.Held"]),
        Result.Running => Problems.Conflict("recording-running", text["Recording.Not.Running"]),
        Result.Elsewhere => Problems.Unavailable("recording-elsewhere", text["Recording.Not.Elsewhere"]),
    };
}

/// <summary>Holds and deletes recordings.</summary>
internal sealed class RecordingKeeper(TelephonyDb db, CallRecordingFolder folder, IOptions<TelephonyOptions> options, TimeProvider clock)
{
    public async Task<KeepRecording.Result> HoldAsync(Guid call, bool held, Actor actor, CancellationToken cancel)
    {
        if (await db.Recordings.SingleOrDefaultAsync(r => r.CallId == call, cancel) is not { Gone: false } row)
            return KeepRecording.Result.Missing;
        if (row.HeldAt is not null == held)
            return KeepRecording.Result.Done;
        row.HeldAt = held ? clock.GetUtcNow() : null;
        db.Audit(clock, actor, held ? "call-recording.held" : "call-recording.released", $"call:{call}", "");
        await db.SaveChangesAsync(cancel);
        return KeepRecording.Result.Done;
    }

    // First the file and then the row: what is stopped between the two is found missing at the next look, and never stays behind unseen.
    public async Task<KeepRecording.Result> DeleteAsync(Guid call, string reason, Actor actor, CancellationToken cancel)
    {
        if (await db.Recordings.SingleOrDefaultAsync(r => r.CallId == call, cancel) is not { Gone: false } row)
            return KeepRecording.Result.Missing;
        if (row.HeldAt is not null)
            return KeepRecording.Result.Held;
        if (row.State is CallRecordingState.Running)
            return KeepRecording.Result.Running;
        if (row.Node != options.Value.Node)
            return KeepRecording.Result.Elsewhere;
        row.Forget(CallRecordingState.Deleted, clock.GetUtcNow(), reason);
        db.Audit(clock, actor, "call-recording.deleted", $"call:{call}", "", new { reason });
        if (folder.Find(row) is { } path)
            File.Delete(path);
        await db.SaveChangesAsync(cancel);
        return KeepRecording.Result.Done;
    }
}
