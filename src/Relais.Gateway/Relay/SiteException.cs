using Relais.Gateway.Contracts;

namespace Relais.Gateway.Relay;

/// <summary>A target was not reached because of its site's agent, and not because of the target.</summary>
internal sealed class SiteException(SiteFault fault) : IOException($"The site's agent did not reach the target: {fault}")
{
    public SiteFault Fault { get; } = fault;
}
