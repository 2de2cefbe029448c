using System.Net.WebSockets;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Browser;

/// <summary>How the page's WebSocket is told why it ends (RFC 6455, 7.4.2: private codes).</summary>
internal static class CloseCodes
{
    /// <summary>The page's own: it gives up this connection and comes back at once, for another size or another network.</summary>
    private const WebSocketCloseStatus Resuming = (WebSocketCloseStatus)4100;

    /// <summary>What the end of a relay means, once it is known how the page closed.</summary>
    public static RelayEnd Meant(RelayEnd end, WebSocket socket) =>
        end == RelayEnd.BrowserLeft && socket.CloseStatus == Resuming ? RelayEnd.BrowserLost : end;

    /// <summary>The browser's side of a relay, closed with the code of the reason.</summary>
    /// <param name="asked">Looks up whether the session was asked to end, when it did not end from here.</param>
    public static RelaySide BrowserSide(WebSocket socket, Stream stream, LiveSession held, Func<CancellationToken, Task<SessionEnd?>> asked) =>
        new(
            stream,
            async (end, cancel) =>
            {
                // A desktop that is taken over elsewhere drops this connection before the next look at the row.
                var reason = held.Reason ?? (end is RelayEnd.TargetLeft or RelayEnd.TargetLost ? await asked(cancel) : null);
                var (code, words) = Of(reason, end);
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync(code, words, cancel);
            },
            HalfCloses: false);

    internal static (WebSocketCloseStatus Code, string Reason) Of(SessionEnd? reason, RelayEnd end) => (reason, end) switch
    {
        (SessionEnd.Moved, _) => ((WebSocketCloseStatus)4001, ""),
        (SessionEnd.EndedByAdministrator, _) => ((WebSocketCloseStatus)4002, ""),
        (SessionEnd.AccessWithdrawn, _) => ((WebSocketCloseStatus)4003, ""),
        (SessionEnd.Idle, _) or (_, RelayEnd.Idle) => ((WebSocketCloseStatus)4004, ""),
        (SessionEnd.TargetGone, _) => ((WebSocketCloseStatus)4005, ""),

        // A desktop that broke off, or a server that stops: the page resumes by itself.
        (_, RelayEnd.TargetLost) => (WebSocketCloseStatus.InternalServerError, ""),
        (_, RelayEnd.Stopped) => (WebSocketCloseStatus.EndpointUnavailable, ""),
        (_, RelayEnd.BrowserBrokeProtocol) => (WebSocketCloseStatus.ProtocolError, ""),
        _ => (WebSocketCloseStatus.NormalClosure, ""),
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
