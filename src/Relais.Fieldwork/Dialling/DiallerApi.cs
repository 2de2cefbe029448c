using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Dialling;

/// <summary>What supervisors see of a wave's dialler and do to it: /api/fieldwork/waves/{id}/dialler.</summary>
internal static class DiallerApi
{
    /// <param name="Mode">"manual", "preview", "progressive" or "predictive".</param>
    /// <param name="Answered">Of the last 24 h.</param>
    /// <param name="Abandoned">Of the last 24 h.</param>
    /// <param name="Share">The higher of the shares of the last 24 h and of the day.</param>
    /// <param name="Allowance">How many more calls may be abandoned, whatever happens to all others.</param>
    /// <param name="Holding">"": nothing holds it back; else "paused", "nobody", "limit", "no-case", "closed-hours", "no-line", "lines-busy", "not-recordable", "no-speech" or "wave".</param>
    public sealed record Response(
        string Mode, bool Paused, int Ready, int Unplugged, int Ringing, int Waiting, int Talking, double Limit, int Answered, int Abandoned, int AnsweredToday, int AbandonedToday, double Share,
        int Allowance, string Holding);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/waves/{id:int}/dialler", Handle).WithName("GetDialler").WithSummary("What the dialler of a wave does now");
        routes.MapPost("/waves/{id:int}/dialler/pause", Pause).WithName("PauseDialler").WithSummary("Place no more calls in a wave; those under way go on");
        routes.MapPost("/waves/{id:int}/dialler/resume", Resume).WithName("ResumeDialler").WithSummary("Let the dialler of a wave go on");
        routes.MapGet("/waves/{id:int}/dialler/view", View).ExcludeFromDescription();
    }

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(int id, FieldworkDb db, TimeProvider clock, CancellationToken cancel) =>
        await DiallerState.ReadAsync(db, id, clock.GetUtcNow(), cancel) is { } now
            ? TypedResults.Ok(new Response(
                now.Mode.ToString().ToLowerInvariant(), now.Paused, now.Ready, now.Unplugged, now.Ringing, now.Waiting, now.Talking, now.Limit, now.Counted.Answered, now.Counted.Abandoned,
                now.Counted.AnsweredToday, now.Counted.AbandonedToday, now.Counted.Share, now.Counted.Allowance, now.Holding))
            : Problems.Missing("wave-missing");

    internal static Task<Results<NoContent, ProblemHttpResult>> Pause(int id, HttpContext context, SteerDialler steer, CancellationToken cancel) => SteerAsync(id, true, context, steer, cancel);

    internal static Task<Results<NoContent, ProblemHttpResult>> Resume(int id, HttpContext context, SteerDialler steer, CancellationToken cancel) => SteerAsync(id, false, context, steer, cancel);

    // The moving part of the page, which its script asks for each second.
    internal static async Task<Results<RazorComponentResult<DiallerView>, ProblemHttpResult>> View(int id, HttpContext context, FieldworkDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await DiallerState.ReadAsync(db, id, clock.GetUtcNow(), cancel) is not { } now)
            return Problems.Missing("wave-missing");
        context.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<DiallerView>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(DiallerView.Shown)] = new DiallerView.Picture(now) });
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SteerAsync(int id, bool paused, HttpContext context, SteerDialler steer, CancellationToken cancel) =>
        await steer.PauseAsync(id, paused, Actor.Of(context), cancel) ? TypedResults.NoContent() : Problems.Conflict("not-automatic");
}
