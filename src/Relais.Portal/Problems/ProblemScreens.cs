using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Relais.Portal.Problems;

/// <summary>What a person or a program sees when a request fails: a page, or a problem document for the API.</summary>
internal static class ProblemScreens
{
    public const string Page = "/problem/{0}";
    private static readonly PathString Api = "/api";

    public static void Use(WebApplication app)
    {
        app.UseWhen(IsApi, api =>
        {
            api.UseExceptionHandler();
            api.UseStatusCodePages();
        });
        app.UseWhen(context => !IsApi(context), pages =>
        {
            pages.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/problem/500", CreateScopeForErrors = true });
            pages.UseStatusCodePagesWithReExecute(Page, createScopeForStatusCodePages: true);
        });
    }

    public static void Complete(ProblemDetailsOptions options) =>
        options.CustomizeProblemDetails = context => context.ProblemDetails.Extensions.TryAdd("reference", Reference(context.HttpContext));

    /// <summary>What an administrator searches the logs for.</summary>
    public static string Reference(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments(Api, StringComparison.Ordinal);
}
