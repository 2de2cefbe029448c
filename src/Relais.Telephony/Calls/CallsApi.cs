using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Security;
using Relais.Telephony.Contracts;
using Relais.Telephony.Lines;
using Relais.Telephony.Rooms;

namespace Relais.Telephony.Calls;

/// <summary>An interviewer's own calls: /api/telephony/calls.</summary>
internal static class CallsApi
{
    /// <param name="Number">As people write it: 01 23 45 67 89, +33 1 23 45 67 89.</param>
    public sealed record Wish(string? Number);

    public sealed record Placed(Guid Id);

    /// <param name="State">"asked", "trying", "ringing", "earlymedia", "answered" or "ended".</param>
    /// <param name="Words">The same for a person.</param>
    /// <param name="Cause">Q.850.</param>
    /// <param name="Score">1 to 4.5: how good the operator's leg was.</param>
    public sealed record CallAnswer(
        Guid Id, string State, string Words, DateTimeOffset AskedAt, DateTimeOffset? RingingAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt, string? Outcome, string? End,
        int? SipStatus, int? Cause, string Trunk, IReadOnlyList<string> Tried, long Received, long Lost, double JitterMs, double? Score);

    /// <param name="Keys">0 to 9, star and hash.</param>
    public sealed record Pressed([Required, StringLength(PressedKeys.MostKeys)] string? Keys);

    public sealed record HoldWish(bool Held);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/telephony/calls").WithTags("Telephony").RequireFormToken().RequireAuthorization(AccessPolicies.Interview);
        api.MapPost("", Place).WithName("PlaceCall").WithSummary("Call a number");
        api.MapGet("/{id:guid}", Find).WithName("GetCall").WithSummary("Where one of one's own calls stands");
        api.MapPost("/{id:guid}/keys", Press).WithName("PressKeys").WithSummary("Press keys in one's own call");
        api.MapPost("/{id:guid}/hold", Hold).WithName("HoldCall").WithSummary("Put the respondent on hold, or take them back");
        api.MapPost("/{id:guid}/hang-up", HangUp).WithName("HangUpCall").WithSummary("Hang up, or give up before the answer");
    }

    internal static async Task<Results<Accepted<Placed>, ProblemHttpResult>> Place(
        Wish wish, HttpContext context, PlaceCall place, Phones phones, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        var result = await place.HandleAsync(new CallOrder(person, wish.Number ?? ""), Actor.Of(context), cancel);
        // At once, so that the operator's ringing tone or announcement is heard; without a browser in its room the call has no voice of ours.
        if (result is PlaceResult.Placed { Call: var call })
            await phones.BridgeAsync(person, call, cancel);
        return result switch
        {
            PlaceResult.Placed placed => TypedResults.Accepted($"/api/telephony/calls/{placed.Call}", new Placed(placed.Call)),
            PlaceResult.Refused refused => Problems.Invalid($"number-{refused.Why.ToString().ToLowerInvariant()}", text[$"Number.{refused.Why}"]),
            PlaceResult.Calling => Problems.Conflict("already-calling", text["Call.Already"]),
            PlaceResult.Full => Problems.Unavailable("lines-busy", text["Call.Full"]),
            PlaceResult.NotRecordable => Problems.Unavailable("not-recordable", text["Call.NotRecordable"]),
            _ => Problems.Unavailable("no-line", text["Call.NoTrunk"]),
        };
    }

    internal static async Task<Results<Ok<CallAnswer>, ProblemHttpResult>> Find(
        Guid id, HttpContext context, TelephonyDb db, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel) =>
        await OwnAsync(id, context, db, cancel) is { } call ? TypedResults.Ok(Answer(call, text)) : Problems.Missing("call-missing");

    internal static async Task<Results<NoContent, ProblemHttpResult>> Press(
        Guid id, Pressed pressed, HttpContext context, TelephonyDb db, TrunkLines lines, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel)
    {
        if (await OwnAsync(id, context, db, cancel) is null)
            return Problems.Missing("call-missing");
        return lines.VoiceOf(id)?.Press(pressed.Keys ?? "") == true ? TypedResults.NoContent() : Problems.Conflict("keys-not-taken", text["Keys.NotTaken"]);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Hold(
        Guid id, HoldWish wish, HttpContext context, TelephonyDb db, Phones phones, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel)
    {
        if (await OwnAsync(id, context, db, cancel) is null)
            return Problems.Missing("call-missing");
        return phones.Hold(id, wish.Held) ? TypedResults.NoContent() : Problems.Conflict("call-without-room", text["Supervision.NoRoom"]);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> HangUp(Guid id, HttpContext context, TelephonyDb db, TrunkLines lines, CancellationToken cancel)
    {
        if (await OwnAsync(id, context, db, cancel) is null)
            return Problems.Missing("call-missing");
        // First the wish, so that no other trunk is tried meanwhile.
        await db.Calls.Where(c => c.Id == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Wanted, false), cancel);
        lines.End(id);
        return TypedResults.NoContent();
    }

    /// <summary>What became of it, in words.</summary>
    internal static string Words(Call call, IStringLocalizer text) =>
        call.State is CallState.Ended ? text[call.End is CallEnd.Restarted or CallEnd.VoiceLost ? $"End.{call.End}" : $"Outcome.{call.Outcome}"] : text[$"State.{call.State}"];

    private static Task<Call?> OwnAsync(Guid id, HttpContext context, TelephonyDb db, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        return db.Calls.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id && c.PersonId == person, cancel);
    }

    private static CallAnswer Answer(Call call, IStringLocalizer text) => new(
        call.Id, Word(call.State.ToString()), Words(call, text), call.AskedAt, call.RingingAt, call.AnsweredAt, call.EndedAt, Word(call.Outcome?.ToString()), Word(call.End?.ToString()),
        call.SipStatus, call.Cause, call.TrunkName, call.Tried, call.Received, call.Lost, call.JitterMs, call.Score);

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(name))]
    private static string? Word(string? name) => name?.ToLowerInvariant();
}
