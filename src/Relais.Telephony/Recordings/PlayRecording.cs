using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Telephony.Recordings;

/// <summary>
/// Gives a call's recording as a WAV file, decrypted on the way, any part of it (Range). All of the file is proved before the first byte of an answer; each answer
/// that begins at the beginning is an audit line.
/// </summary>
internal static class PlayRecording
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/telephony/calls/{id:guid}/recording", HandleAsync).WithTags("Telephony").RequireAuthorization(AccessPolicies.ReadCalls)
            .WithName("PlayRecording").WithSummary("The recording of a call as WAV: respondent left, interviewer right");

    private static async Task<IResult> HandleAsync(
        Guid id, bool? download, HttpContext context, TelephonyDb db, CallRecordingFolder folder, IDataProtectionProvider protection, IOptions<TelephonyOptions> options,
        IStringLocalizer<CallTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(r => r.CallId == id, cancel) is not { } row)
            return Problems.Missing("recording-missing", text["Recording.None"]);
        if (row.State is CallRecordingState.Running)
            return Problems.Conflict("recording-running", text["Recording.Running"]);
        if (!row.Playable)
            return Problems.Missing("recording-gone", text["Recording.Gone"]);
        if (row.Node != options.Value.Node)
            return Problems.Unavailable("recording-elsewhere", text["Recording.Elsewhere", row.Node]);
        if (folder.Find(row) is not { } path)
            return Problems.Missing("recording-missing", text["Recording.Lost"]);

        var file = await CallRecordingFile.OpenAsync(path, CallRecordingFacts.Protector(protection), cancel);
        try
        {
            if (file is null || !await IsAsWrittenAsync(file, row, cancel))
            {
                db.Audit(clock, Actor.System, "call-recording.altered", $"call:{id}", "");
                await db.SaveChangesAsync(cancel);
                return Problems.Unavailable("recording-altered", text["Recording.Altered"]);
            }

            if (IsFromTheBeginning(context.Request))
            {
                var person = await db.Calls.Where(c => c.Id == id).Select(c => c.PersonId).SingleAsync(cancel);
                db.Audit(clock, Actor.Of(context), download == true ? "call-recording.downloaded" : "call-recording.played", $"call:{id}", "", new { person });
                await db.SaveChangesAsync(cancel);
            }

            var wave = new CallWave(file, (long)row.DurationMs * Protocols.Audio.Resampling.TelephoneRate / 1000);
            file = null;
            var name = download == true ? FormattableString.Invariant($"appel-{row.StartedAt:yyyyMMdd-HHmmss}.wav") : null;
            return TypedResults.Stream(wave, "audio/wav", name, row.StartedAt, enableRangeProcessing: true);
        }
        finally
        {
            file?.Dispose();
        }
    }

    // A chunk that was changed is seen by its tag, one that was cut off by the length that the row knows.
    private static async Task<bool> IsAsWrittenAsync(CallRecordingFile file, CallRecording row, CancellationToken cancel)
    {
        if (file.Facts.Call != row.CallId || file.LengthBytes != row.LengthBytes)
            return false;
        var contents = await file.VerifyAsync(cancel);
        return contents.DurationMs >= row.DurationMs && (contents.IsWhole || row.State is not CallRecordingState.Whole);
    }

    private static bool IsFromTheBeginning(HttpRequest request) =>
        request.GetTypedHeaders().Range is not { Ranges: { Count: > 0 } ranges } || ranges.Any(r => r.From is null or 0);
}
