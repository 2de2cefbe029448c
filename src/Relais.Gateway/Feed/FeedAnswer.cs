using Microsoft.AspNetCore.Http;

namespace Relais.Gateway.Feed;

internal static class FeedAnswer
{
    /// <summary>A refusal with a body, so that the portal puts no page of its own in its place: it is a program that reads this.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string text, CancellationToken cancel)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text, cancel);
    }
}
