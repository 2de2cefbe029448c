using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Relais.Gateway.Apps;

/// <summary>How carrying a request to an app ended.</summary>
internal enum ForwardEnd
{
    /// <summary>The app answered, whatever it said.</summary>
    Answered,

    /// <summary>It did not accept the connection, or broke it.</summary>
    Down,

    TooSlow,

    /// <summary>It is where the gateway does not go.</summary>
    AddressRefused,

    /// <summary>The person may not go on.</summary>
    Withdrawn,

    /// <summary>What the browser sent could not be read.</summary>
    BadRequest,
}

/// <summary>Carries one request to its app and the answer back, with the person's identity.</summary>
internal sealed class ForwardToApp(
    IHttpForwarder forwarder, UpstreamConnections connections, LiveVisits live, IdentityKeys keys, AppHosts hosts, IOptions<AppOptions> options,
    TimeProvider clock, ILogger<ForwardToApp> log)
{
    public async Task<ForwardEnd> HandleAsync(HttpContext context, WebApp app, VisitState.Open open)
    {
        // How much an app takes is the app's own business.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        using var held = live.Hold(open.Visit, context.Connection.RemoteIpAddress);
        var identity = IdentityToken.Sign(ClaimsOf(context, app, open), await keys.SigningAsync(context.RequestAborted));
        var transform = new AppTransform(app, open.Person.UserName, identity, hosts.OriginOf(app.Label, context.Request));
        var config = new ForwarderRequestConfig { ActivityTimeout = MayBeSilent(context.Request) ? options.Value.SilenceTime : options.Value.AnswerTime };
        var error = await forwarder.SendAsync(context, app.Upstream, connections.Invoker, config, transform, held.Stopped);
        if (error == ForwarderError.None)
            return ForwardEnd.Answered;
        if (held.Stopped.IsCancellationRequested)
            return ForwardEnd.Withdrawn;
        var failure = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (!context.RequestAborted.IsCancellationRequested)
            GatewayLog.AppUnreachable(log, app.Label, error.ToString(), Causes(failure).LastOrDefault()?.Message);
        return EndOf(error, failure);
    }

    private static ForwardEnd EndOf(ForwarderError error, Exception? failure)
    {
        if (Causes(failure).Any(cause => cause is AddressRefusedException))
            return ForwardEnd.AddressRefused;
        return error switch
        {
            ForwarderError.RequestTimedOut or ForwarderError.UpgradeActivityTimeout => ForwardEnd.TooSlow,
            ForwarderError.RequestBodyClient or ForwarderError.UpgradeRequestClient => ForwardEnd.BadRequest,
            _ => ForwardEnd.Down,
        };
    }

    private static IEnumerable<Exception> Causes(Exception? failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    private IdentityToken.Claims ClaimsOf(HttpContext context, WebApp app, VisitState.Open open)
    {
        var now = clock.GetUtcNow();
        var (person, host) = (open.Person, hosts.HostOf(app.Label));
        return new IdentityToken.Claims(
            hosts.PortalOrigin(context.Request), host, person.Id.ToString(), person.UserName, person.DisplayName, person.Language, open.Groups,
            now.ToUnixTimeSeconds(), (now + options.Value.IdentityLife).ToUnixTimeSeconds());
    }

    private static bool MayBeSilent(HttpRequest request) =>
        RequestIsolation.IsUpgrade(request) || request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
