using System.Net.WebSockets;
using Relais.Gateway.Contracts;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Consoles;

/// <summary>Why a VNC or SSH target was not entered.</summary>
internal enum EntryFailure
{
    /// <summary>It refused the connection, or there is no way to it.</summary>
    Unreachable,

    /// <summary>No agent of its site is connected.</summary>
    SiteAway,

    /// <summary>The agent of its site does not go there, or cannot carry it.</summary>
    SiteRefused,

    /// <summary>It did not get ready in time.</summary>
    TooSlow,

    /// <summary>It broke off.</summary>
    Lost,

    /// <summary>Its host key is not the pinned one.</summary>
    KeyChanged,

    /// <summary>It refused the account's password or key.</summary>
    CredentialsRefused,

    /// <summary>It takes no more attempts for a while.</summary>
    TooManyAttempts,

    /// <summary>It does not speak the protocol, or no security that this gateway knows.</summary>
    NotSpoken,

    /// <summary>The gateway was told to stop, or the person's access ended.</summary>
    Stopped,
}

internal static class EntryFailures
{
    /// <summary>What the page is told: docs/remote-screen.md. The first kinds are worth another try, the others are not.</summary>
    public static WebSocketCloseStatus Code(this EntryFailure failure) => failure switch
    {
        EntryFailure.Unreachable or EntryFailure.SiteAway or EntryFailure.SiteRefused or EntryFailure.TooSlow or EntryFailure.Lost => WebSocketCloseStatus.InternalServerError,
        EntryFailure.Stopped => WebSocketCloseStatus.EndpointUnavailable,
        EntryFailure.CredentialsRefused => (WebSocketCloseStatus)4010,
        EntryFailure.TooManyAttempts => (WebSocketCloseStatus)4011,
        EntryFailure.KeyChanged => (WebSocketCloseStatus)4014,
        EntryFailure.NotSpoken => (WebSocketCloseStatus)4015,
    };

    /// <summary>Whether another try would end the same way.</summary>
    public static bool IsFinal(this EntryFailure failure) =>
        failure is EntryFailure.CredentialsRefused or EntryFailure.TooManyAttempts or EntryFailure.KeyChanged or EntryFailure.NotSpoken;

    public static EntryFailure Of(SiteException failure) => failure.Fault == SiteFault.Away ? EntryFailure.SiteAway : EntryFailure.SiteRefused;
}
