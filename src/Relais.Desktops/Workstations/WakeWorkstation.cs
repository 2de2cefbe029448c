using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Relais.Desktops.Workstations;

/// <summary>Sends the magic packet to every broadcast address that the operator named.</summary>
internal sealed class WakeWorkstation(IOptions<WorkstationOptions> options, ILogger<WakeWorkstation> log)
{
    public async Task SendAsync(string mac, CancellationToken cancel)
    {
        var packet = MagicPacket.For(MacAddress.Parse(mac));
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
