using System.Net.WebSockets;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Browser;

/// <summary>How the page's WebSocket is told why it ends (RFC 6455, 7.4.2: private codes).</summary>
internal static class CloseCodes
{
    /// <summary>The page's own: it gives up this connection and comes back at once, for another size or another network.</summary>
    private const WebSocketCloseStatus Resuming = (WebSocketCloseStatus)4100;

    /// <summary>The agent of the target's office is away, does not go there or cannot carry it.</summary>
    public const WebSocketCloseStatus SiteAway = (WebSocketCloseStatus)4016;

    /// <summary>What the end of a relay means, once it is known how the page closed.</summary>
    public static RelayEnd Meant(RelayEnd end, WebSocket socket) =>
        end == RelayEnd.BrowserLeft && socket.CloseStatus == Resuming ? RelayEnd.BrowserLost : end;

    // For the page to answer, after which the code has arrived for sure.
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    /// <summary>The browser's side of a relay, closed with the code of the reason.</summary>
    /// <param name="page">Whose bytes they are.</param>
    /// <param name="stream">Those bytes as they are to be relayed.</param>
    public static RelaySide BrowserSide(PageSocket page, Stream stream, LiveSession held) =>
        new(
            stream,
            async (end, cancel) => await page.CloseOutputAsync(Of(await held.ReasonOfAsync(end, cancel), end), cancel),
            HalfCloses: false) { Socket = page.Carrier };

    /// <summary>Closes a socket that carries no relay. One that is dropped at once takes its code with it: the page answers first.</summary>
    public static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus code, TimeProvider clock, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(FarewellTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            if (IsOpen(socket))
                await socket.CloseOutputAsync(code, "", either.Token);
            var late = new byte[256];
            while (socket.State == WebSocketState.CloseSent)
                await socket.ReceiveAsync(late, either.Token);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            // It left before it could be told, or does not answer.
        }
    }

    internal static bool IsOpen(WebSocket socket) => socket.State is WebSocketState.Open or WebSocketState.CloseReceived;

    internal static WebSocketCloseStatus Of(SessionEnd? reason, RelayEnd end) => (reason, end) switch
    {
        (SessionEnd.Moved, _) => (WebSocketCloseStatus)4001,
        (SessionEnd.EndedByAdministrator, _) => (WebSocketCloseStatus)4002,
        (SessionEnd.AccessWithdrawn, _) => (WebSocketCloseStatus)4003,
        (SessionEnd.Idle, _) or (_, RelayEnd.Idle) => (WebSocketCloseStatus)4004,
        (SessionEnd.TargetGone, _) => (WebSocketCloseStatus)4005,
        (SessionEnd.TimeLimit, _) => (WebSocketCloseStatus)4006,
        (SessionEnd.Barred, _) => (WebSocketCloseStatus)4020,
        (SessionEnd.NotRecorded, _) => (WebSocketCloseStatus)4007,
        (SessionEnd.NodeFull, _) => (WebSocketCloseStatus)4008,
        (SessionEnd.TakenOver, _) => (WebSocketCloseStatus)4009,

        // A desktop that broke off, or a server that stops: the page resumes by itself.
        (_, RelayEnd.TargetLost) => WebSocketCloseStatus.InternalServerError,
        (_, RelayEnd.Stopped) => WebSocketCloseStatus.EndpointUnavailable,
        (_, RelayEnd.BrowserBrokeProtocol) => WebSocketCloseStatus.ProtocolError,
        _ => WebSocketCloseStatus.NormalClosure,
    };

    /// <summary>
    /// The code for a target that was not entered, when another try would end the same way or, with a wrong password, lock the account;
    /// null when the page may well try again.
    /// </summary>
    internal static WebSocketCloseStatus? Of(HandshakeFailure failure) => failure switch
    {
        HandshakeFailure.CredentialsRefused => (WebSocketCloseStatus)4010,
        HandshakeFailure.AccountLocked => (WebSocketCloseStatus)4011,
        HandshakeFailure.PasswordExpired => (WebSocketCloseStatus)4012,
        HandshakeFailure.AccountBarred => (WebSocketCloseStatus)4013,
        HandshakeFailure.CertificateChanged or HandshakeFailure.KeyNotProven => (WebSocketCloseStatus)4014,
        HandshakeFailure.SecurityTooWeak or HandshakeFailure.NegotiationRefused or HandshakeFailure.SignInFailed => (WebSocketCloseStatus)4015,
        _ => null,
    };
}
