using System.Net;
using System.Text.Json;

namespace Relais.Desktops.Engine;

/// <summary>What the launcher says of the engine that it started.</summary>
/// <param name="Socket">Path of the daemon's unix socket.</param>
/// <param name="Bridge">Name of the network bridge to create or use.</param>
/// <param name="Subnet">The desktops' network, such as "10.91.16.0/22"; its first address is the host's.</param>
/// <param name="Pool">Name of the storage pool to create or use.</param>
/// <param name="Sockets">Those of all members of a cluster that this machine reaches: the first one that answers is asked.</param>
/// <param name="Uplink">In a cluster, each member's interface to the network that the desktops of all members share.</param>
internal sealed record EngineDescription(
    string Socket, string Bridge, string Subnet, string Pool, IReadOnlyList<string>? Sockets = null, string? Uplink = null)
{
    // The host's own address, and a few kept free for later.
    private const int FirstSlot = 10;

    /// <summary>The sockets to try, in their order.</summary>
    public IReadOnlyList<string> Doors => Sockets is { Count: > 0 } ? Sockets : [Socket];

    public IPNetwork Network => IPNetwork.Parse(Subnet);

    /// <summary>The host's address on the bridge.</summary>
    public IPAddress Host => Plus(1);

    /// <summary>Desktops that the network has room for.</summary>
    public int Slots => (1 << (32 - Network.PrefixLength)) - FirstSlot - 1;

    public IPAddress AddressOf(int slot) => Plus(FirstSlot + slot);

    public static EngineDescription? Find(string? file)
    {
        if (file is not { Length: > 0 } || !File.Exists(file))
            return null;
        using var stream = File.OpenRead(file);
        return JsonSerializer.Deserialize<EngineDescription>(stream, JsonSerializerOptions.Web);
    }

    private IPAddress Plus(int offset)
    {
        var bytes = Network.BaseAddress.GetAddressBytes();
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) + (uint)offset;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }
}
