using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Access.Invitations;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;
using Relais.Portal.Security;

namespace Relais.Access.Board;

/// <summary>What is done to all whom the board shows: invite them by mail, or print their links. And the board itself, for its page and for programs.</summary>
internal static class BoardActions
{
    public const string Page = "/people/board";
    public const string Part = "/api/access/board/part";

    internal sealed record Filter(string? Q, string? Group, string? Site, string? State)
    {
        public BoardQuery Query => BoardQuery.Of(Q, Group, Site, State, page: null);
    }

    internal sealed record Counts(string? Key, string Name, int People, int Invited, int SignedIn, int SecondFactor, int Desktop, int Working, int Blocked);

    internal sealed record Somebody(Guid Id, string UserName, string Name, string? Site, string Step, string? Blocked, string? BlockedDetail);

    internal sealed record Board(DateTimeOffset At, Counts All, IReadOnlyList<Counts> Sites, IReadOnlyList<Counts> Groups, IReadOnlyList<Somebody> People, int MailsWaiting);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup(Page).RequireAuthorization(AccessPolicies.Administer).RequireFormToken().ExcludeFromDescription();
        forms.MapPost("/invite", InviteFromPageAsync);
        forms.MapPost("/sheet", PrintAsync);

        var api = routes.MapGroup("/api/access/board").RequireAuthorization(AccessPolicies.Administer).WithTags("Access");
        api.MapGet("/part", PartAsync).ExcludeFromDescription();
        api.MapGet("", List).WithName("ListArrivals").WithSummary("How far people are on their way to work, by call centre and group");
        api.MapPost("/invite", Invite).RequireFormToken().WithName("InvitePeople").WithSummary("Invite by mail those of the board's filter who have no password yet");
    }

    internal static async Task<Ok<Board>> List([AsParameters] Filter filter, ReadBoard board, CancellationToken cancel)
    {
        var picture = await board.HandleAsync(filter.Query, cancel);
        return TypedResults.Ok(new Board(
            picture.At, Of(picture.All), [.. picture.Sites.Select(Of)], [.. picture.Groups.Select(Of)],
            [.. picture.Found.Select(p => new Somebody(p.Id, p.UserName, p.Name, p.Site, p.Step, p.Blocked, p.BlockedDetail))], picture.Queued));

        static Counts Of(Tally tally) =>
            new(tally.Key, tally.Name, tally.People, tally.Invited, tally.SignedIn, tally.SecondFactor, tally.Desktop, tally.Working, tally.Blocked);
    }

    internal static async Task<Ok<InvitedPeople>> Invite([AsParameters] Filter filter, HttpContext context, ReadBoard board, InvitePeople invite, CancellationToken cancel) =>
        TypedResults.Ok(await InviteAsync(filter.Query, InvitationWay.Mail, context, board, invite, cancel));

    // The same component as on the page, asked for again while somebody looks at it.
    private static async Task<RazorComponentResult<BoardView>> PartAsync(
        string? q, string? group, string? site, string? state, int? page, ReadBoard board, CancellationToken cancel) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(BoardView.Picture)] = await board.HandleAsync(BoardQuery.Of(q, group, site, state, page), cancel) });

    private static async Task<RedirectHttpResult> InviteFromPageAsync(
        [FromForm] string? q, [FromForm] string? group, [FromForm] string? site, [FromForm] string? state, HttpContext context, ReadBoard board, InvitePeople invite,
        Notices notices, IStringLocalizer<PeopleTexts> text, CancellationToken cancel)
    {
        var query = BoardQuery.Of(q, group, site, state, page: null);
        var done = await InviteAsync(query, InvitationWay.Mail, context, board, invite, cancel);
        notices.Add(context, text["Board.Invited", done.Invited, done.HavePassword, done.NoMail, done.ShutOut]);
        return TypedResults.LocalRedirect(query.At(Page));
    }

    private static async Task<RedirectHttpResult> PrintAsync(
        [FromForm] string? q, [FromForm] string? group, [FromForm] string? site, [FromForm] string? state, HttpContext context, ReadBoard board, InvitePeople invite,
        Notices notices, IStringLocalizer<PeopleTexts> text, CancellationToken cancel)
    {
        var query = BoardQuery.Of(q, group, site, state, page: null);
        var done = await InviteAsync(query, InvitationWay.Sheet, context, board, invite, cancel);
        if (done.Invited > 0)
            return TypedResults.LocalRedirect($"/people/sheet/{done.Batch}");
        notices.Add(context, text["Board.NobodyToPrint"]);
        return TypedResults.LocalRedirect(query.At(Page));
    }

    private static async Task<InvitedPeople> InviteAsync(
        BoardQuery query, InvitationWay way, HttpContext context, ReadBoard board, InvitePeople invite, CancellationToken cancel)
    {
        var picture = await board.HandleAsync(query, cancel);
        return await invite.HandleAsync([.. picture.Found.Select(p => p.Id)], way, PortalOf(context), Actor.Of(context), cancel);
    }

    /// <summary>The portal as this request reached it. Foreign names were turned away before (AppDoor).</summary>
    internal static string PortalOf(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";
}
