using System.Net;
using System.Text;
using Relais.Traffic.Measures.Records;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Collector;

/// <summary>Who sends on a connection, as far as records say it. Made out once and not for each beacon: a player's beats come on the same connection, from the same agent.</summary>
internal sealed class KnownSender
{
    private const int LongestAgent = 512;

    private string? _agent;
    private IPAddress? _address;
    private byte[]? _salt;
    private int _site;

    /// <summary>The visitor of the day, without any identifier; 0 while there is no salt.</summary>
    public ulong VisitorOfDay { get; private set; }

    public RecordFlags Robot { get; private set; }

    public DeviceKind Device { get; private set; }

    /// <summary>Looks whether it is still the same: a proxy in front sends for many.</summary>
    public void Meet(KnownSite site, byte[]? salt, IPAddress? address, string agent)
    {
        var same = _agent is not null && string.Equals(_agent, agent, StringComparison.Ordinal);
        if (same && _site == site.Id && ReferenceEquals(_salt, salt) && Equals(_address, address))
            return;
        Span<byte> bytes = stackalloc byte[LongestAgent];
        Encoding.UTF8.TryGetBytes(agent.AsSpan(0, Math.Min(agent.Length, LongestAgent / 2)), bytes, out var length);
        if (!same)
            (Robot, Device) = (UserAgents.IsRobot(bytes[..length]) ? RecordFlags.Bot : RecordFlags.None, UserAgents.DeviceOf(bytes[..length]));
        VisitorOfDay = salt is null ? 0 : VisitorKeys.OfDay(salt, site.Id, address, bytes[..length]);
        (_agent, _address, _salt, _site) = (agent, address, salt, site.Id);
    }
}
