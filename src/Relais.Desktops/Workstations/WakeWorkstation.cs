using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Workstations;

/// <summary>Sends the magic packet to every broadcast address that the operator named; in a site, its agent broadcasts it there.</summary>
internal sealed class WakeWorkstation(OfficeSites sites, IOptions<WorkstationOptions> options, ILogger<WakeWorkstation> log)
{
    public async Task SendAsync(string mac, string? site, CancellationToken cancel)
    {
        var hardware = MacAddress.Parse(mac);
        if (site is not null)
        {
            if (!await sites.WakeAsync(site, hardware, cancel))
                DesktopsLog.SiteWakeFailed(log, site);
            return;
        }

        var packet = MagicPacket.For(hardware);
        foreach (var address in options.Value.WakeEndPoints)
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            if (address.AddressFamily == AddressFamily.InterNetwork)
                socket.EnableBroadcast = true;
            try
            {
                await socket.SendToAsync(packet, address, cancel);
            }
            catch (SocketException e)
            {
                // A network that is not there (any more) must not keep the others asleep.
                DesktopsLog.WakeFailed(log, address.ToString(), e);
            }
        }
    }
}
