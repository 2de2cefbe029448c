using System.Security.Authentication;
using Relais.Gateway.Protocols.CleanPath;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Relay;

/// <summary>What came of connecting to a target.</summary>
internal abstract record Handshake
{
    private Handshake() { }

    /// <summary>The target is the caller's to dispose. The browser has its answer already.</summary>
    public sealed record Connected(TargetConnection Target) : Handshake;

    /// <summary>Why, by phase and culprit. The browser has been told, if it is there.</summary>
    public sealed record Failed(HandshakeFailure Why) : Handshake;
}

/// <summary>Connects a browser's request to a target: X.224, TLS with a pinned certificate, answer.</summary>
internal static class RdCleanPathHandshake
{
    // The web client refuses an answer whose address it cannot parse, and has no use for it. RFC 5737: an address of nobody.
    private const string NoAddress = "192.0.2.1:3389";

    // A browser that does not even take a refusal is not waited for.
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(2);

    public static async Task<Handshake> ConnectAsync(
        Stream browser, CleanPathRequest request, RdpTarget target, TimeSpan time, TimeProvider clock, CancellationToken cancel)
    {
        if (target.Destination is { } expected && !string.Equals(request.Destination, expected, StringComparison.Ordinal))
            return await FailAsync(browser, HandshakeFailure.DestinationRefused, null, clock, cancel);

        using var limit = new CancellationTokenSource(time, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var attempt = new TargetDial(target, request.Negotiation);
        HandshakeFailure failure;
        try
        {
            var connection = await attempt.ConnectAsync(either.Token);
            if (connection is not null)
                return await AnswerAsync(browser, connection, either.Token);
            failure = attempt.Failure;
        }
        catch (Exception e) when (ConnectionLoss.Explains(e) || e is AuthenticationException)
        {
            failure = cancel.IsCancellationRequested ? HandshakeFailure.Stopped
                : limit.IsCancellationRequested ? HandshakeFailure.TargetTooSlow
                : attempt.Blame(e);
        }

        return await FailAsync(browser, failure, attempt.Confirm, clock, cancel);
    }

    /// <summary>Tells the browser's RDP client that it will not be connected, as when its token is refused.</summary>
    public static Task RefuseAsync(Stream browser, HandshakeFailure why, TimeProvider clock, CancellationToken cancel) =>
        RefuseAsync(browser, why, null, clock, cancel);

    internal static bool Accepts(SecurityProtocols offered, SecurityProtocols selected) =>
        selected is SecurityProtocols.Tls or SecurityProtocols.Hybrid or SecurityProtocols.HybridEx
        && offered.HasFlag(selected);

    private static async Task<Handshake> AnswerAsync(Stream browser, TargetConnection connection, CancellationToken cancel)
    {
        try
        {
            var answer = CleanPathPdu.Answer(connection.Confirm, connection.Certificates, NoAddress);
            await browser.WriteAsync(CleanPathWriter.Write(answer), cancel);
            return new Handshake.Connected(connection);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            await connection.DisposeAsync();
            return new Handshake.Failed(HandshakeFailure.BrowserLeft);
        }
    }

    private static async Task<Handshake> FailAsync(
        Stream browser, HandshakeFailure why, ReadOnlyMemory<byte>? confirm, TimeProvider clock, CancellationToken cancel)
    {
        await RefuseAsync(browser, why, confirm, clock, cancel);
        return new Handshake.Failed(why);
    }

    private static async Task RefuseAsync(
        Stream browser, HandshakeFailure why, ReadOnlyMemory<byte>? confirm, TimeProvider clock, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(RefusalTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            var x224 = why == HandshakeFailure.NegotiationRefused ? confirm : null;
            await browser.WriteAsync(CleanPathWriter.Write(CleanPathPdu.Refusal(why.ToError(), x224)), either.Token);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            // It left before it could be told.
        }
    }
}
