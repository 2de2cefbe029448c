namespace Relais.Gateway.Contracts;

/// <summary>The frame that wakes a machine up: six bytes FF, then sixteen times its hardware address (AMD white paper 20213).</summary>
public static class MagicPacket
{
    /// <summary>Bytes of a hardware address (EUI-48).</summary>
    public const int AddressLengthBytes = 6;

    /// <summary>Bytes of the whole packet.</summary>
    public const int LengthBytes = AddressLengthBytes * (1 + Repetitions);

    /// <summary>The UDP port that it is sent to. Network cards look at the bytes, whatever the port.</summary>
    public const int Port = 9;

    private const int Repetitions = 16;

    /// <summary>Makes the packet.</summary>
    /// <exception cref="ArgumentException">It is no hardware address.</exception>
    public static byte[] For(ReadOnlySpan<byte> address)
    {
        if (address.Length != AddressLengthBytes)
            throw new ArgumentException("No hardware address.", nameof(address));
        var packet = new byte[LengthBytes];
        packet.AsSpan(0, AddressLengthBytes).Fill(0xFF);
        for (var i = 1; i <= Repetitions; i++)
            address.CopyTo(packet.AsSpan(i * AddressLengthBytes));
        return packet;
    }
}
