using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;
using Relais.Traffic.Live;

namespace Relais.Traffic.Demo;

/// <summary>The button of the demo, and how far the speech is. Where the demo is off there is neither.</summary>
internal static class PlaySpeech
{
    public const string Path = "/traffic/demo/speech";

    /// <summary>Who may have the President speak.</summary>
    public static bool IsFor(HttpContext context) => context.User.IsInRole(Roles.Researcher) || context.User.IsInRole(Roles.Administrator);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, Handle).RequireAuthorization(AccessPolicies.SignedIn).ExcludeFromDescription();
        routes.MapGet(Path, State).RequireAuthorization(AccessPolicies.SignedIn).ExcludeFromDescription();
    }

    // A form is bound, so that its token is asked for.
    internal static async Task<Results<RedirectHttpResult, ForbidHttpResult, NotFound>> Handle(
        [FromForm] string? back, HttpContext context, Speech speech, IOptions<DemoOptions> options, TrafficDb db, Notices notices, IStringLocalizer<WallTexts> text, TimeProvider clock,
        CancellationToken cancel)
    {
        if (!options.Value.Enabled)
            return TypedResults.NotFound();
        if (!IsFor(context))
            return TypedResults.Forbid();
        var actor = Actor.Of(context);
        if (speech.TryBegin(text["Speech.Marker"], actor))
        {
            db.Audit(clock, actor, "traffic-speech.played", "traffic-speech", text["Speech.Marker"], new { perSecond = options.Value.SpeechTo, seconds = options.Value.SpeechSeconds });
            await db.SaveChangesAsync(cancel);
        }
        else
        {
            notices.Add(context, text["Speech.Already"]);
        }

        return TypedResults.LocalRedirect(LocalUrl.OrHome(back));
    }

    internal static Results<Ok<SpeechState>, ForbidHttpResult, NotFound> State(HttpContext context, Speech speech, IOptions<DemoOptions> options) =>
        !options.Value.Enabled ? TypedResults.NotFound() : IsFor(context) ? TypedResults.Ok(speech.State) : TypedResults.Forbid();
}
