using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Recordings;

/// <summary>
/// Gives a recording to the portal's player, in clear: the same format, without encryption. Each time is in the audit trail, before the
/// first byte.
/// </summary>
internal static class ReplayRecording
{
    public const string MediaType = "application/vnd.relais.recording";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/gateway/recordings/{id:guid}/content", HandleAsync)
            .RequireAuthorization(AccessPolicies.Audit).WithName("ReplayRecording").WithSummary("What a session showed, in the format of docs/recording-format.md");

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext context, GatewayDb db, RecordingFolder folder, IDataProtectionProvider protection,
        IStringLocalizer<GatewayTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } row)
            return Problems.Missing("recording-missing", text["Recording.Unknown"]);
        if (row.Node != RecordingFolder.Node)
            return Problems.Unavailable("recording-elsewhere", text["Recording.Elsewhere", row.Node]);
        if (folder.Find(row) is not { } path)
            return Problems.Missing("recording-missing", text["Recording.Gone"]);

        var reading = await RecordingFile.OpenAsync(path, RecordingFacts.Protector(protection), cancel);
        if (reading is null || reading.Facts.Recording != id)
        {
            if (reading is not null)
                await reading.DisposeAsync();
            return Problems.Unavailable("recording-unreadable", text["Recording.Unreadable"]);
        }

        db.Audit(
            clock, Actor.Of(context), "recording.replayed", $"{row.TargetKind}:{row.TargetId}", row.TargetName,
            new { recording = id, session = row.SessionId, person = row.PersonId });
        await db.SaveChangesAsync(cancel);
        return TypedResults.Stream(async output =>
        {
            await using (reading)
                await reading.WriteClearAsync(output, cancel);
        }, MediaType);
    }
}
