using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Portal.Security;
using Relais.Telephony.Calls;
using Relais.Telephony.Quality;

namespace Relais.Telephony.Rooms;

/// <summary>The softphone's door: /api/telephony/phone.</summary>
internal static class PhoneApi
{
    private const int ProbeBytes = 200_000;

    /// <param name="Page">The name that the page gave itself.</param>
    /// <param name="Sdp">The browser's WebRTC offer, its candidates in it.</param>
    public sealed record Offer([StringLength(40)] string? Page, [Required, StringLength(20_000)] string? Sdp);

    public sealed record Answer(string Sdp);

    /// <param name="Connected">Whether this page's voice is in the room, or about to be.</param>
    /// <param name="Elsewhere">Whether another page's is.</param>
    /// <param name="State">Of the call: "asked", "trying", "ringing", "earlymedia", "answered" or "ended".</param>
    /// <param name="Words">The same for a person.</param>
    /// <param name="Held">Whether the respondent is on hold.</param>
    /// <param name="Listening">Who takes part, for a person; null for nobody, or where it is not told.</param>
    public sealed record Now(bool Connected, bool Elsewhere, Guid? Call, string? State, string? Words, bool Held, string? Listening);

    /// <param name="Route">"udp", "tcp" or "relay".</param>
    public sealed record Sample(
        [Range(0, 60_000)] double? RttMs, [Range(0, 100)] double? LossPercent, [Range(0, 60_000)] double? JitterMs, [Range(0, 100)] double? LossPercentIn,
        [Range(0, 60_000)] double? JitterMsIn, [Range(0, 100)] double? StarvedPercent, [Range(0, 1)] double? Level, [StringLength(10)] string? Route);

    /// <param name="Verdict">"good", "silent", "soft", "loud" or "broken".</param>
    /// <param name="Words">What it means and what to do.</param>
    public sealed record Echo(string Verdict, string Words);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/telephony/phone").WithTags("Telephony").RequireFormToken().RequireAuthorization(AccessPolicies.Interview);
        api.MapGet("", Look).WithName("GetPhone").WithSummary("Whether one's own voice is connected, and where one's call stands");
        api.MapPost("", Enter).WithName("ConnectPhone").WithSummary("Connect one's own browser's voice");
        api.MapPost("/leave", Leave).WithName("DisconnectPhone").WithSummary("Disconnect it");
        api.MapGet("/ice", Ice).WithName("GetPhoneRoutes").WithSummary("Relays for one's voice, with credentials that soon expire");
        api.MapPost("/stats", Report).WithName("ReportPhone").WithSummary("How one's voice does between home and the voice server");
        api.MapPost("/echo", TryEcho).WithName("TryPhone").WithSummary("Say back what is heard of one for five seconds");
        api.MapGet("/probe", Probe).WithName("ProbePhoneDown").WithSummary("Bytes to measure how many come in a second");
        api.MapPost("/probe", TakeProbe).WithName("ProbePhoneUp").WithSummary("The same the other way");
    }

    /// <param name="call">Told of even when it has ended, where no other one is under way.</param>
    internal static async Task<Ok<Now>> Look(
        string? page, Guid? call, HttpContext context, Phones phones, TelephonyDb db, IOptions<TelephonyOptions> options, IStringLocalizer<TelephonyTexts> text,
        CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        var found = await db.Calls.AsNoTracking().Where(c => c.PersonId == person && (c.State != CallState.Ended || c.Id == call)).OrderBy(c => c.State == CallState.Ended)
            .FirstOrDefaultAsync(cancel);
        var phone = phones.Of(person);
        var here = phone?.Page ?? "";
        // Who speaks is heard: that is never kept from the person.
        var listening = phone?.Listeners.Where(mode => mode is not ListenMode.Listen || options.Value.TellOfListening).Select(mode => (ListenMode?)mode).Max();
        return TypedResults.Ok(new Now(
            here.Length > 0 && here == page, here.Length > 0 && here != page, found?.Id, found?.State.ToString().ToLowerInvariant(), found is null ? null : CallsApi.Words(found, text),
            phone?.Seat is { Held: true } seat && seat.Call == found?.Id, listening is null ? null : text[$"Listening.{listening}"].Value));
    }

    internal static async Task<Results<Ok<Answer>, ProblemHttpResult>> Enter(
        Offer offer, HttpContext context, Phones phones, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel)
    {
        if (!phones.IsSet)
            return Problems.Unavailable("no-rooms", text["Phone.NoRooms"]);
        try
        {
            return TypedResults.Ok(new Answer(await phones.EnterAsync(context.User.PersonId().Value, offer.Page is { Length: > 0 } page ? page : "?", offer.Sdp ?? "", cancel)));
        }
        catch (JanusException)
        {
            return Problems.Unavailable("rooms-silent", text["Phone.RoomsSilent"]);
        }
    }

    internal static async Task<NoContent> Leave(HttpContext context, Phones phones)
    {
        await phones.LeaveAsync(context.User.PersonId().Value);
        return TypedResults.NoContent();
    }

    internal static Ok<IceServers> Ice(HttpContext context, IOptions<TelephonyOptions> options, TimeProvider clock) =>
        TypedResults.Ok(IceServers.For(context.User.PersonId().Value, options.Value.Turn, clock.GetUtcNow()));

    internal static NoContent Report(Sample sample, HttpContext context, Phones phones, HomeLegs homes)
    {
        var person = context.User.PersonId().Value;
        if (phones.Of(person) is not null)
        {
            homes.Take(person, new HomeLegs.Told(
                Math.Max(sample.LossPercent ?? 0, sample.LossPercentIn ?? 0), Math.Max(sample.JitterMs ?? 0, sample.JitterMsIn ?? 0), sample.RttMs, sample.StarvedPercent ?? 0, sample.Route ?? ""));
        }

        return TypedResults.NoContent();
    }

    internal static async Task<Results<Ok<Echo>, ProblemHttpResult>> TryEcho(HttpContext context, Phones phones, IStringLocalizer<TelephonyTexts> text, CancellationToken cancel)
    {
        try
        {
            if (phones.Of(context.User.PersonId().Value) is not { } phone || await phone.EchoAsync(cancel) is not { } echo)
                return Problems.Conflict("no-echo-now", text["Echo.NotNow"]);
            var verdict = await echo.HearAsync(cancel);
            // The browser hears it while it shows the answer.
            _ = echo.SayAsync();
            return TypedResults.Ok(new Echo(verdict.ToString().ToLowerInvariant(), text[$"Echo.{verdict}"]));
        }
        catch (JanusException)
        {
            return Problems.Unavailable("rooms-silent", text["Phone.RoomsSilent"]);
        }
    }

    internal static async Task<NoContent> TakeProbe(HttpContext context, CancellationToken cancel)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, cancel);
        return TypedResults.NoContent();
    }

    // Chance, so that nothing on the way makes it smaller.
    internal static FileContentHttpResult Probe() => TypedResults.Bytes(RandomNumberGenerator.GetBytes(ProbeBytes), "application/octet-stream");
}
