namespace Relais.Desktops.Workstations;

/// <summary>The frame that wakes a machine up: six bytes FF, then sixteen times its hardware address (AMD white paper 20213).</summary>
internal static class MagicPacket
{
    public const int LengthBytes = MacAddress.LengthBytes * (1 + Repetitions);
    private const int Repetitions = 16;

    public static byte[] For(ReadOnlySpan<byte> address)
    {
        if (address.Length != MacAddress.LengthBytes)
            throw new ArgumentException("No hardware address.", nameof(address));
        var packet = new byte[LengthBytes];
        packet.AsSpan(0, MacAddress.LengthBytes).Fill(0xFF);
        for (var i = 1; i <= Repetitions; i++)
            address.CopyTo(packet.AsSpan(i * MacAddress.LengthBytes));
        return packet;
    }
}
