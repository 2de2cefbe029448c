namespace Relais.Gateway.Relay;

/// <summary>The times that bound a relay.</summary>
/// <param name="StartUp">From the start of the relay to the end of the client's RDP start-up.</param>
/// <param name="Idle">Without a byte either way.</param>
/// <param name="Drain">For the other direction once one has ended; infinite where half-closed connections are the custom, as with SSH.</param>
internal sealed record RelayLimits(TimeSpan StartUp, TimeSpan Idle, TimeSpan Drain)
{
    /// <summary>For RDP, where a closed direction means the end: what is under way may still arrive.</summary>
    public static readonly TimeSpan RdpDrain = TimeSpan.FromSeconds(2);
}
