namespace Relais.Gateway.Protocols.Rdp;

/// <summary>What the gateway changes in a client's connection start-up.</summary>
/// <param name="Channels">Which static channels reach the target.</param>
/// <param name="Credentials">Account to sign in with instead of the client's; null leaves the client's.</param>
/// <param name="KeyboardLayout">Input locale to announce, such as 0x040C; null leaves the client's.</param>
/// <param name="AskFor32Bits">See <see cref="ClientCore.AskFor32Bits"/>.</param>
/// <param name="Selected">What the target selected, when the client was told something else; null leaves what the client writes.</param>
/// <param name="Narrow">
/// Leaves out what a replay could not show again: the graphics pipeline and bulk compression. For the rest see <see cref="RdpNarrowing"/>.
/// </param>
public sealed record RdpConnectPlan(
    ChannelPolicy Channels, RdpCredentials? Credentials = null, uint? KeyboardLayout = null, bool AskFor32Bits = true,
    SecurityProtocols? Selected = null, bool Narrow = false)
{
    /// <summary>What the client's clipboard messages go through after the start-up; null leaves them as they are.</summary>
    public ClipboardGate? Clipboard { get; init; }
}

/// <summary>Why a client's start-up was refused.</summary>
public enum RdpConnectFault
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>Bytes that are neither a TPKT frame nor, before the first of them, CredSSP.</summary>
    NotAFrame,

    /// <summary>The first PDU is no MCS Connect Initial of the known shape.</summary>
    BadConnectInitial,

    /// <summary>The list of channels is malformed.</summary>
    BadChannels,

    /// <summary>A PDU that has no place before Client Info.</summary>
    UnexpectedPdu,

    /// <summary>Client Info is malformed or grew too long.</summary>
    BadClientInfo,

    /// <summary>More PDUs than any start-up has.</summary>
    TooManyPdus,
}
