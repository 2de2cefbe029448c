using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Apps;

/// <summary>Stands before the portal, and takes the requests that are for another host name than the portal's.</summary>
internal sealed class AppDoor(
    GatewayDb db, AppHosts hosts, FindVisit find, EnterApp enter, ForwardToApp forward, AppScreen screen, ILogger<AppDoor> log)
{
    public const string EnterPath = $"{ReturnPath.Own}/enter";

    public static void Use(WebApplication app)
    {
        var hosts = app.Services.GetRequiredService<AppHosts>();
        app.Use((context, next) => hosts.Read(context.Request.Host.Host) switch
        {
            HostMeaning.Portal => next(context),
            HostMeaning.App asked => Door(context).HandleAsync(context, asked.Label),
            _ => Door(context).RefuseHostAsync(context),
        });
    }

    private static AppDoor Door(HttpContext context) => context.RequestServices.GetRequiredService<AppDoor>();

    private Task RefuseHostAsync(HttpContext context)
    {
        CultureInfo.CurrentUICulture = AppScreen.LanguageOf(context.Request, null);
        return screen.WriteAsync(
            context, StatusCodes.Status421MisdirectedRequest, "Foreign", context.Request.Host.Host, hosts.PortalOrigin(context.Request), again: false, context.RequestAborted);
    }

    private async Task HandleAsync(HttpContext context, string label)
    {
        CultureInfo.CurrentUICulture = AppScreen.LanguageOf(context.Request, null);
        try
        {
            var app = await db.WebApps.AsNoTracking().Include(a => a.Groups).SingleOrDefaultAsync(a => a.Label == label, context.RequestAborted);
            if (app is not { Enabled: true })
                await SayAsync(context, StatusCodes.Status404NotFound, app is null ? "Missing" : "Shut", app?.Name ?? hosts.HostOf(label));
            else if (!context.Request.Path.StartsWithSegments(ReturnPath.Own, StringComparison.OrdinalIgnoreCase))
                await ServeAsync(context, app);
            else if (HttpMethods.IsGet(context.Request.Method) && string.Equals(context.Request.Path.Value, EnterPath, StringComparison.Ordinal))
                await EnterAsync(context, app);
            else
                await SayAsync(context, StatusCodes.Status404NotFound, "NoPage", app.Name);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            GatewayLog.AppFailed(log, label, e);
            await SayAsync(context, StatusCodes.Status503ServiceUnavailable, "Failed", hosts.HostOf(label), again: true);
        }
    }

    private async Task ServeAsync(HttpContext context, WebApp app)
    {
        var request = context.Request;
        if (HttpMethods.IsTrace(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        switch (await find.HandleAsync(app, AppCookies.ReadVisit(context), context.Connection.RemoteIpAddress, context.RequestAborted))
        {
            case VisitState.Unknown when RequestIsolation.IsNavigation(request):
                Redirect(context, QueryHelpers.AddQueryString($"{hosts.PortalOrigin(request)}/apps/open", new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["app"] = app.Label, ["to"] = ReturnPath.Of(request), ["step"] = AppCookies.MarkStep(context),
                }));
                break;
            case VisitState.Unknown:
                await SayAsync(context, StatusCodes.Status401Unauthorized, "SignedOut", app.Name, again: true);
                break;
            case VisitState.Withdrawn withdrawn:
                CultureInfo.CurrentUICulture = AppScreen.LanguageOf(request, withdrawn.Language);
                await SayAsync(context, StatusCodes.Status403Forbidden, "Withdrawn", app.Name);
                break;
            case VisitState.Open open:
                CultureInfo.CurrentUICulture = AppScreen.LanguageOf(request, open.Person.Language);
                await ForwardAsync(context, app, open);
                break;
        }
    }

    private async Task ForwardAsync(HttpContext context, WebApp app, VisitState.Open open)
    {
        if (RequestIsolation.IsForeign(context.Request, hosts.OriginOf(app.Label, context.Request)))
        {
            GatewayLog.Refused(log, Actor.Of(context).Address, "foreign or absent origin");
            await SayAsync(context, StatusCodes.Status403Forbidden, "ForeignOrigin", app.Name);
            return;
        }

        var end = await forward.HandleAsync(context, app, open);
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return;
        switch (end)
        {
            case ForwardEnd.Answered:
                break;
            case ForwardEnd.Withdrawn:
                await SayAsync(context, StatusCodes.Status403Forbidden, "Withdrawn", app.Name);
                break;
            case ForwardEnd.BadRequest:
                await SayAsync(context, StatusCodes.Status400BadRequest, "BadRequest", app.Name);
                break;
            case ForwardEnd.TooSlow:
                await SayAsync(context, StatusCodes.Status504GatewayTimeout, "TooSlow", app.Name, again: true);
                break;
            case ForwardEnd.AddressRefused:
                await SayAsync(context, StatusCodes.Status502BadGateway, "AddressRefused", app.Name);
                break;
            case ForwardEnd.Down:
                await SayAsync(context, StatusCodes.Status502BadGateway, "Down", app.Name, again: true);
                break;
        }
    }

    private async Task EnterAsync(HttpContext context, WebApp app)
    {
        var query = context.Request.Query;
        var back = ReturnPath.OrHome(query["to"] is [{ } to] ? to : null);
        var step = AppCookies.ReadStep(context);
        var token = await enter.RedeemAsync(app, query["code"] is [{ } code] ? code : null, step, Actor.Of(context).Address, context.RequestAborted);
        if (token is not null)
        {
            AppCookies.WriteVisit(context, token);
            AppCookies.ForgetStep(context);
            Redirect(context, back);
        }
        else if (await find.HandleAsync(app, AppCookies.ReadVisit(context), context.Connection.RemoteIpAddress, context.RequestAborted) is VisitState.Open)
        {
            // A page that was opened beside this one was faster, or the person went back in the history: they are in already.
            Redirect(context, back);
        }
        else
        {
            await SayAsync(context, StatusCodes.Status403Forbidden, "CodeRefused", app.Name);
        }
    }

    private static void Redirect(HttpContext context, string to)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Redirect(to);
    }

    private Task SayAsync(HttpContext context, int status, string kind, string app, bool again = false) =>
        screen.WriteAsync(context, status, kind, app, hosts.PortalOrigin(context.Request), again, context.RequestAborted);
}
