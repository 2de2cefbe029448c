using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;
using Relais.Telephony.Calls;

namespace Relais.Telephony.Rooms;

/// <summary>Supervisors listen to calls, whisper to interviewers and take part: /api/telephony/supervision. Each step is audited.</summary>
internal static class SupervisionApi
{
    /// <param name="Sdp">The supervisor's browser's WebRTC offer, its candidates in it.</param>
    public sealed record Wish(Guid Call, [Required, StringLength(20_000)] string? Sdp);

    public sealed record Answer(string Sdp);

    /// <param name="Mode">"listen", "whisper" or "barge".</param>
    public sealed record Change([Required, StringLength(10)] string? Mode);

    /// <param name="Words">Where the call stands.</param>
    /// <param name="CanListen">Whether its voices are in a room of this node.</param>
    /// <param name="Mine">Whether the asker listens to it.</param>
    public sealed record Row(Guid Call, string Interviewer, string Words, DateTimeOffset Since, bool CanListen, bool Mine);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/telephony/supervision").WithTags("Telephony").RequireFormToken().RequireAuthorization(AccessPolicies.Supervise);
        api.MapGet("", List).WithName("ListCallsUnderWay").WithSummary("Calls under way, without their numbers");
        api.MapPost("", Listen).WithName("ListenToCall").WithSummary("Listen to a call, unheard");
        api.MapPost("/mode", SetMode).WithName("ChangeListening").WithSummary("Listen only, whisper to the interviewer, or speak to both");
        api.MapPost("/stop", Stop).WithName("StopListening").WithSummary("Leave the call");
        api.MapGet("/ice", (HttpContext context, IOptions<TelephonyOptions> options, TimeProvider clock) =>
                TypedResults.Ok(IceServers.For(context.User.PersonId().Value, options.Value.Turn, clock.GetUtcNow())))
            .WithName("GetSupervisorsRoutes").WithSummary("Relays for one's voice, with credentials that soon expire");
    }

    internal static async Task<Ok<IReadOnlyList<Row>>> List(
        HttpContext context, TelephonyDb db, Phones phones, People people, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel)
    {
        var me = context.User.PersonId().Value;
        var calls = await db.Calls.AsNoTracking().Where(c => c.State != CallState.Ended).OrderBy(c => c.AskedAt).Take(500).ToListAsync(cancel);
        var names = await people.FindManyAsync([.. calls.Select(c => new PersonId(c.PersonId))], cancel);
        var heard = phones.HeardBy(me);
        return TypedResults.Ok<IReadOnlyList<Row>>([.. calls.Select(call => new Row(
            call.Id, names.GetValueOrDefault(new PersonId(call.PersonId))?.DisplayName ?? "?", CallsApi.Words(call, text), call.AnsweredAt ?? call.AskedAt,
            phones.WithCall(call.Id) is not null, heard == call.Id))]);
    }

    internal static async Task<Results<Ok<Answer>, ProblemHttpResult>> Listen(
        Wish wish, HttpContext context, TelephonyDb db, Phones phones, People people, TimeProvider clock, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel)
    {
        if (await db.Calls.AsNoTracking().SingleOrDefaultAsync(c => c.Id == wish.Call && c.State != CallState.Ended, cancel) is not { } call)
            return Problems.Missing("call-missing", text["Supervision.Over"]);
        // Before a word is heard.
        await AuditAsync("supervision.listened", call.Id, call.PersonId, context, db, people, clock, cancel);
        try
        {
            return await phones.ListenAsync(context.User.PersonId().Value, wish.Call, wish.Sdp ?? "", cancel) is { } answer
                ? TypedResults.Ok(new Answer(answer))
                : Problems.Conflict("call-without-room", text["Supervision.NoRoom"]);
        }
        catch (JanusException)
        {
            return Problems.Unavailable("rooms-silent", text["Phone.RoomsSilent"]);
        }
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> SetMode(
        Change change, HttpContext context, TelephonyDb db, Phones phones, People people, TimeProvider clock, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel)
    {
        var me = context.User.PersonId().Value;
        if (!Enum.TryParse<ListenMode>(change.Mode, ignoreCase: true, out var mode) || !Enum.IsDefined(mode))
            return Problems.Invalid("mode-unknown");
        if (phones.HeardBy(me) is not { } heard || await db.Calls.AsNoTracking().SingleOrDefaultAsync(c => c.Id == heard, cancel) is not { } call)
            return Problems.Conflict("not-listening", text["Supervision.Over"]);
        var action = mode switch
        {
            ListenMode.Whisper => "supervision.whispered",
            ListenMode.Barge => "supervision.barged",
            ListenMode.Listen => "supervision.hushed",
        };
        await AuditAsync(action, call.Id, call.PersonId, context, db, people, clock, cancel);
        try
        {
            var done = mode switch
            {
                ListenMode.Whisper => await phones.WhisperAsync(me, cancel),
                ListenMode.Barge => await phones.BargeAsync(me, cancel),
                ListenMode.Listen => await phones.HushAsync(me, cancel),
            };
            return done ? TypedResults.NoContent() : Problems.Conflict("not-listening", text["Supervision.Over"]);
        }
        catch (JanusException)
        {
            return Problems.Unavailable("rooms-silent", text["Phone.RoomsSilent"]);
        }
    }

    internal static async Task<NoContent> Stop(HttpContext context, TelephonyDb db, Phones phones, People people, TimeProvider clock, CancellationToken cancel)
    {
        var me = context.User.PersonId().Value;
        if (phones.HeardBy(me) is { } heard && await db.Calls.AsNoTracking().SingleOrDefaultAsync(c => c.Id == heard, cancel) is { } call)
            await AuditAsync("supervision.stopped", call.Id, call.PersonId, context, db, people, clock, cancel);
        await phones.StopListeningAsync(me);
        return TypedResults.NoContent();
    }

    private static async Task AuditAsync(
        string action, Guid call, Guid interviewer, HttpContext context, TelephonyDb db, People people, TimeProvider clock, CancellationToken cancel)
    {
        var name = (await people.FindAsync(new PersonId(interviewer), cancel))?.DisplayName ?? "";
        db.Audit(clock, Actor.Of(context), action, $"person:{interviewer}", name, new { call });
        await db.SaveChangesAsync(cancel);
    }
}
