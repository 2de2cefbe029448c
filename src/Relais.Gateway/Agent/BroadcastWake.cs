using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Relais.Gateway.Contracts;

namespace Relais.Gateway.Agent;

/// <summary>Broadcasts the magic packet in every network that this machine is in.</summary>
internal static class BroadcastWake
{
    /// <returns>Whether it went out anywhere.</returns>
    public static async Task<bool> SendAsync(byte[] hardwareAddress, CancellationToken cancel)
    {
        var packet = MagicPacket.For(hardwareAddress);
        var sent = false;
        foreach (var (from, to) in Networks())
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
            try
            {
                // From the network's own address, so that it leaves by that network's card.
                socket.Bind(new IPEndPoint(from, 0));
                await socket.SendToAsync(packet, new IPEndPoint(to, MagicPacket.Port), cancel);
                sent = true;
            }
            catch (SocketException)
            {
                // A network that went away in this moment; the others still get it.
            }
        }

        return sent;
    }

    private static IEnumerable<(IPAddress From, IPAddress To)> Networks() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.NetworkInterfaceType != NetworkInterfaceType.Loopback && card.OperationalStatus == OperationalStatus.Up)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Where(own => own.Address.AddressFamily == AddressFamily.InterNetwork && own.PrefixLength is > 0 and < 31)
            .Select(own => (own.Address, Broadcast(own.Address, own.PrefixLength)));

    private static IPAddress Broadcast(IPAddress address, int prefixLength)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefixLength; bit < 8 * bytes.Length; bit++)
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return new IPAddress(bytes);
    }
}
