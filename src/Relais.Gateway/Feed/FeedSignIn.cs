using System.Globalization;
using Microsoft.AspNetCore.Http;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Feeds;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Feed;

/// <summary>A client that showed who it is.</summary>
/// <param name="Client">Which one.</param>
/// <param name="Key">What the tokens of its files are made from.</param>
/// <param name="Caller">The same, as other modules ask for it.</param>
internal sealed record FeedClient(NativeClientCard Client, byte[] Key, NativeCaller Caller);

/// <summary>Which client asks for the feed: by HTTP Basic, which is its own password over TLS, or by the cookie that it got for that.</summary>
internal sealed class FeedSignIn(NativeClientDoor clients, AccessConditions conditions, FeedTicket tickets)
{
    private const string Challenge = "Basic realm=\"Relais\", charset=\"UTF-8\"";

    /// <returns>Null after having answered.</returns>
    /// <param name="context">The request.</param>
    /// <param name="challenge">Whether a client that shows nothing is asked for its password here; otherwise it is led to where it is.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<FeedClient?> WhoAsync(HttpContext context, bool challenge, CancellationToken cancel)
    {
        var anonymous = Actor.Of(context) with { Id = "anonymous", Name = "" };
        if (BasicCredentials.TryRead(context.Request.Headers.Authorization, out var shown))
        {
            switch (await clients.ProveAsync(shown.Name, shown.Password, context.Connection.RemoteIpAddress, anonymous, cancel))
            {
                case NativeClientProof.Given given:
                    return await AdmitAsync(context, given.Client, given.Key, cancel);
                case NativeClientProof.Wait wait:
                    context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.Time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                    await FeedAnswer.RefuseAsync(context, StatusCodes.Status429TooManyRequests, "Too many attempts: try again later.", cancel);
                    return null;
                default:
                    await AskAsync(context, cancel);
                    return null;
            }
        }

        if (tickets.Read(context.Request.Cookies[FeedTicket.Cookie]) is var (id, key) && await clients.FindAsync(id, cancel) is { } found)
            return await AdmitAsync(context, found, key, cancel);
        if (challenge || context.Request.Headers.Authorization.Count > 0)
            await AskAsync(context, cancel);
        else
            context.Response.Redirect(FeedDoor.SignInPath);
        return null;
    }

    private async Task<FeedClient?> AdmitAsync(HttpContext context, NativeClientCard client, byte[] key, CancellationToken cancel)
    {
        var actor = ActorOf(client, Actor.Of(context).Address);
        var asked = new AccessAsked(client.Person.Id, client.Id, AccessTarget.NativeClient, context.Connection.RemoteIpAddress);
        switch (await conditions.AskAsync(asked, actor, cancel))
        {
            case AccessAnswer.Refused refused:
                await FeedAnswer.RefuseAsync(context, StatusCodes.Status403Forbidden, refused.Words, cancel);
                return null;
            case AccessAnswer.SecondFactorWanted wanted:
                await FeedAnswer.RefuseAsync(context, StatusCodes.Status403Forbidden, wanted.Words, cancel);
                return null;
            default:
                break;
        }

        await clients.UsedAsync(client, context.Request.Headers.UserAgent.ToString(), actor, cancel);
        return new FeedClient(client, key, new NativeCaller(client.Person, client.Id, actor, context.Connection.RemoteIpAddress));
    }

    public static Actor ActorOf(NativeClientCard client, string? address) => new($"person:{client.Person.Id}", client.Person.UserName, address);

    private static Task AskAsync(HttpContext context, CancellationToken cancel)
    {
        context.Response.Headers.WWWAuthenticate = Challenge;
        return FeedAnswer.RefuseAsync(context, StatusCodes.Status401Unauthorized, "Not a client that may sign in.", cancel);
    }
}
