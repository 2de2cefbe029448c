using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
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
            api.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StatusOf });
            api.UseStatusCodePages();
        });
        app.UseWhen(context => !IsApi(context), pages =>
        {
            pages.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandlingPath = "/problem/500",
                CreateScopeForErrors = true,
                StatusCodeSelector = StatusOf,
            });
            pages.UseStatusCodePagesWithReExecute(Page, createScopeForStatusCodePages: true);

            // The page that explains a refused form is read, not sent the form: it would be refused as well.
            pages.Use((context, next) =>
            {
                if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
                    context.Request.Method = HttpMethods.Get;
                return next(context);
            });
        });
    }

    public static void Complete(ProblemDetailsOptions options) =>
        options.CustomizeProblemDetails = context => context.ProblemDetails.Extensions.TryAdd("reference", Reference(context.HttpContext));

    /// <summary>What an administrator searches the logs for.</summary>
    public static string Reference(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    // A request that cannot be read, such as a form without its token, is not a failure of the server.
    private static int StatusOf(Exception failure) =>
        failure is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments(Api, StringComparison.Ordinal);
}
