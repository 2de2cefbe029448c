using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;
using Relais.Portal.Kit;
using Relais.Portal.Security;

namespace Relais.Desktops.Members;

/// <summary>Emptying machines, for programs and at the command line.</summary>
internal static class DrainsApi
{
    /// <param name="Now">Whether desktops in use move too, with their sessions cut.</param>
    public sealed record Request(bool Now);

    /// <param name="Answers">Whether the machine does; while it does not, nothing moves.</param>
    /// <param name="NoRoom">Ids of desktops that fit nowhere else.</param>
    /// <param name="Stayed">Ids of desktops whose move failed again and again.</param>
    public sealed record DrainAnswer(
        string Member, string By, DateTimeOffset Since, bool Now, bool Answers, int Total, int Moved, int UnderWay, int InUse, IReadOnlyList<Guid> NoRoom, IReadOnlyList<Guid> Stayed);

    public static readonly Verb DrainVerb = new("desktops drain", "empty a machine of the cluster: MEMBER [--now]; alone: how far each is, as JSON", DrainAsync);

    public static readonly Verb UndrainVerb = new("desktops undrain", "let a machine of the cluster take desktops again: MEMBER", UndrainAsync);

    private const int UsageError = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/desktops/members").WithTags("Desktops").RequireFormToken().RequireAuthorization(AccessPolicies.Administer);
        api.MapGet("/drains", List).WithName("ListDrains").WithSummary("Machines that are being emptied, and how far each is");
        api.MapPost("/{member}/drain", Drain).WithName("DrainMember").WithSummary("Empty a machine of the cluster");
        api.MapPost("/{member}/undrain", Undrain).WithName("UndrainMember").WithSummary("Let a machine take desktops again");
        routes.MapPost("/desktops/members/{member}/drain", DrainFormAsync).RequireAuthorization(AccessPolicies.Administer).ExcludeFromDescription();
        routes.MapPost("/desktops/members/{member}/undrain", UndrainFormAsync).RequireAuthorization(AccessPolicies.Administer).ExcludeFromDescription();
    }

    // The page's buttons: back to it, which says what came of it.
    private static async Task<RedirectHttpResult> DrainFormAsync(
        string member, [FromForm] bool? now, HttpContext context, ChangeDrains drains, Notices notices, IStringLocalizer<MemberTexts> text, CancellationToken cancel)
    {
        notices.Add(context, text["Changed." + await drains.DrainAsync(member, now is true, Actor.Of(context), cancel), member]);
        return TypedResults.LocalRedirect("/desktops/capacity");
    }

    private static async Task<RedirectHttpResult> UndrainFormAsync(
        string member, [FromForm] string? done, HttpContext context, ChangeDrains drains, Notices notices, IStringLocalizer<MemberTexts> text, CancellationToken cancel)
    {
        _ = done;
        notices.Add(context, text["Changed." + await drains.UndrainAsync(member, Actor.Of(context), cancel), member]);
        return TypedResults.LocalRedirect("/desktops/capacity");
    }

    internal static async Task<Ok<DrainAnswer[]>> List(ChangeDrains drains, CancellationToken cancel) =>
        TypedResults.Ok((await drains.ReadAsync(cancel)).Select(Answer).ToArray());

    internal static async Task<Results<NoContent, ProblemHttpResult>> Drain(
        string member, Request request, HttpContext context, ChangeDrains drains, IStringLocalizer<MemberTexts> text, CancellationToken cancel) =>
        Result(await drains.DrainAsync(member, request.Now, Actor.Of(context), cancel), text, member);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Undrain(
        string member, HttpContext context, ChangeDrains drains, IStringLocalizer<MemberTexts> text, CancellationToken cancel) =>
        Result(await drains.UndrainAsync(member, Actor.Of(context), cancel), text, member);

    private static Results<NoContent, ProblemHttpResult> Result(DrainChanged changed, IStringLocalizer<MemberTexts> text, string member) => changed switch
    {
        DrainChanged.Noted => TypedResults.NoContent(),
        DrainChanged.UnknownMember => Problems.Missing("member-missing"),
        DrainChanged.NoEngine => Problems.Unavailable("no-engine", text["Changed.NoEngine"]),
        DrainChanged.NowhereElse => Problems.Conflict("nowhere-else", text["Changed.NowhereElse", member]),
        DrainChanged.NotDrained => Problems.Conflict("not-drained", text["Changed.NotDrained", member]),
    };

    private static async Task<int> DrainAsync(VerbCall call, CancellationToken cancel)
    {
        await using var scope = call.Services.CreateAsyncScope();
        var drains = scope.ServiceProvider.GetRequiredService<ChangeDrains>();
        switch (call.Arguments)
        {
            case []:
                await call.Out.WriteLineAsync(JsonSerializer.Serialize((await drains.ReadAsync(cancel)).Select(Answer), Json));
                return 0;
            case [var member] when !member.StartsWith('-'):
                return await SayAsync(call, scope.ServiceProvider, await drains.DrainAsync(member, now: false, Actor.System, cancel), member);
            case [var member, "--now"]:
                return await SayAsync(call, scope.ServiceProvider, await drains.DrainAsync(member, now: true, Actor.System, cancel), member);
            default:
                await call.Error.WriteLineAsync("usage: relais desktops drain [MEMBER [--now]]");
                return UsageError;
        }
    }

    private static async Task<int> UndrainAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var member])
        {
            await call.Error.WriteLineAsync("usage: relais desktops undrain MEMBER");
            return UsageError;
        }

        await using var scope = call.Services.CreateAsyncScope();
        return await SayAsync(
            call, scope.ServiceProvider, await scope.ServiceProvider.GetRequiredService<ChangeDrains>().UndrainAsync(member, Actor.System, cancel), member);
    }

    private static async Task<int> SayAsync(VerbCall call, IServiceProvider services, DrainChanged changed, string member)
    {
        if (changed == DrainChanged.Noted)
            return 0;
        await call.Error.WriteLineAsync($"relais: {services.GetRequiredService<IStringLocalizer<MemberTexts>>()["Changed." + changed, member]}");
        return 1;
    }

    private static DrainAnswer Answer(DrainView view) => new(
        view.Drain.Member, view.Drain.ActorName, view.Drain.AskedAt, view.Drain.Now, view.Answers, view.Total, view.Drain.Moved,
        view.Count(DrainFate.UnderWay), view.Count(DrainFate.InUse),
        [.. view.Fates.Where(f => f.Fate == DrainFate.NoRoom).Select(f => f.Desktop)], [.. view.Fates.Where(f => f.Fate == DrainFate.Stayed).Select(f => f.Desktop)]);
}
