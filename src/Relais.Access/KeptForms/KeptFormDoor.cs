using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;

namespace Relais.Access.KeptForms;

/// <summary>
/// Where somebody sends a form and is asked first who they are, the form is kept, and the question leads back to it. Before everything that may ask.
/// </summary>
internal static class KeptFormDoor
{
    private const long Largest = 256 * 1024;
    private static readonly object Asked = new();

    /// <summary>Said by whoever sends the browser away to prove who the person is; for other requests than forms it does nothing.</summary>
    public static void Ask(HttpContext context) => context.Items[Asked] = true;

    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (IsForm(context.Request))
            context.Response.OnStarting(() => LeaveAsync(context));
        return next(context);
    });

    // Files are not kept: whoever uploads one chooses it again.
    private static bool IsForm(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.ContentLength <= Largest
        && request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true
        // A browser says when another site sent it.
        && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin";

    private static async Task LeaveAsync(HttpContext context)
    {
        var asked = context.Items.ContainsKey(Asked) && context.Response.Headers.Location.ToString() is { Length: > 0 };
        if ((!asked && context.Request.Cookies[KeepForm.Cookie] is null) || await ReadAsync(context) is not { } form)
            return;

        // The request's own database context may be in the middle of something.
        await using var scope = context.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        var keep = scope.ServiceProvider.GetRequiredService<KeepForm>();
        if (Guid.TryParse(form[KeepForm.Field], out var before))
            await keep.ForgetAsync(context, before, context.RequestAborted);
        var person = context.User.Identity is { IsAuthenticated: true } ? context.User.PersonId().Value : (Guid?)null;
        if (asked && await keep.HandleAsync(context, person, context.Request.Path + context.Request.QueryString, form, context.RequestAborted) is { } kept)
            context.Response.Headers.Location = Back(context, $"{KeptFormPage.Path}/{kept}");
    }

    private static async Task<IFormCollection?> ReadAsync(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static string Back(HttpContext context, string kept)
    {
        var asking = new Uri(new Uri($"{context.Request.Scheme}://{context.Request.Host}"), context.Response.Headers.Location.ToString());
        var query = QueryHelpers.ParseQuery(asking.Query);
        query["returnUrl"] = kept;
        return QueryHelpers.AddQueryString(asking.AbsolutePath, query);
    }
}
