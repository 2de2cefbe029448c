using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Feeds;

namespace Relais.Gateway.Feed;

/// <summary>
/// The web feed of RemoteApp and Desktop Connections ([MS-TSWP]): the list, its files and pictures, and the sign-in that clients are led to.
/// At the addresses where Microsoft's own server has them, because some clients complete what a person typed with these.
/// </summary>
internal static class FeedDoor
{
    public const string SignInPath = "/rdweb/feedlogin/webfeedlogin.aspx";
    public const string FilesPath = "/rdweb/feed/files";
    public const string IconsPath = "/rdweb/feed/icons";

    private const string TicketType = "application/x-msts-webfeed-login; charset=utf-8";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var feed = routes.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        feed.MapMethods("/feed", Reading, () => TypedResults.LocalRedirect(NativeClientDoor.FeedPath));
        feed.MapMethods(NativeClientDoor.FeedPath, Reading, ListAsync);
        feed.MapMethods(SignInPath, Reading, SignInAsync);
        feed.MapMethods($"{FilesPath}/{{kind}}/{{id:guid}}.rdp", Reading, FileAsync);
        feed.MapMethods($"{IconsPath}/{{name}}", Reading, Icon);
    }

    private static async Task<IResult> ListAsync(HttpContext context, FeedSignIn signIn, ListFeed list, CancellationToken cancel)
    {
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.Vary = "Accept, Authorization, Cookie";
        if (await signIn.WhoAsync(context, challenge: false, cancel) is not { } client)
            return TypedResults.Empty;
        var version = FeedVersion.Negotiate(context.Request.Headers.Accept.ToString(), context.Request.Query["radc_schema_version"]);
        var (resources, _) = await list.HandleAsync(client, context.Request.Host, cancel);
        var document = resources.Write(version);
        return TypedResults.Bytes(document, version.MediaType, lastModified: resources.LastUpdated, entityTag: TagOf(document, isWeak: false));
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, FeedSignIn signIn, FeedTicket tickets, IOptions<GatewayOptions> options, CancellationToken cancel)
    {
        context.Response.Headers.CacheControl = "no-store";
        return await signIn.WhoAsync(context, challenge: true, cancel) is { } client
            ? TypedResults.Text(tickets.Write(client.Client.Id, client.Key, options.Value.FeedTicketLife), TicketType)
            : TypedResults.Empty;
    }

    private static async Task<IResult> FileAsync(
        string kind, Guid id, HttpContext context, FeedSignIn signIn, ListFeed list, NativeFile files, CancellationToken cancel)
    {
        context.Response.Headers.CacheControl = "private, no-store";
        if (await signIn.WhoAsync(context, challenge: false, cancel) is not { } client)
            return TypedResults.Empty;
        var (_, entries) = await list.HandleAsync(client, context.Request.Host, cancel);
        if (entries.FirstOrDefault(e => e.Resource.Id == id && string.Equals(e.Resource.Kind, kind, StringComparison.Ordinal)) is not { } entry)
        {
            await FeedAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "Nothing that this client may open.", cancel);
            return TypedResults.Empty;
        }

        // Weak: what differs from one answer to the next is the signature's chance only.
        return TypedResults.Bytes(
            files.Sign(entry.File), NativeFile.MediaType, $"{kind}.rdp", lastModified: entry.ChangedAt, entityTag: TagOf(entry.Fingerprint, isWeak: true));
    }

    private static async Task<IResult> Icon(string name, HttpContext context, CancellationToken cancel)
    {
        if (!FeedIcons.All.TryGetValue(name, out var icon))
        {
            await FeedAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "No such picture.", cancel);
            return TypedResults.Empty;
        }

        context.Response.Headers.CacheControl = "public, max-age=86400";
        return TypedResults.Bytes(icon.Bytes, icon.MediaType, entityTag: new EntityTagHeaderValue(icon.Tag));
    }

    private static EntityTagHeaderValue TagOf(byte[] content, bool isWeak) =>
        new($"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content).AsSpan(0, 16))}\"", isWeak);
}
