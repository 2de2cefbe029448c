namespace Relais.Gateway.Relay;

/// <summary>Who or what ended a relay.</summary>
internal enum RelayEnd
{
    /// <summary>The browser closed in good order.</summary>
    BrowserLeft,

    /// <summary>The connection to the browser broke.</summary>
    BrowserLost,

    /// <summary>The browser's RDP start-up was not one: see the log for the fault.</summary>
    BrowserBrokeProtocol,

    /// <summary>The browser did not finish its RDP start-up in time.</summary>
    BrowserTooSlow,

    /// <summary>The target closed in good order, as when the person signs out of the desktop or another device took it over.</summary>
    TargetLeft,

    /// <summary>The connection to the target broke.</summary>
    TargetLost,

    /// <summary>The target turned the person away, and another try would end the same way.</summary>
    TargetRefused,

    /// <summary>No byte travelled for too long.</summary>
    Idle,

    /// <summary>The gateway was told to stop it.</summary>
    Stopped,
}
