using System.Buffers.Binary;

namespace Relais.Tests.Gateway;

/// <summary>The least that an RDP client does after TLS: settings, channels, account, until the target goes on to licences.</summary>
internal sealed class RawRdpClient(Stream stream)
{
    private const int ConnectInitialLength = 0x1D3;
    private const int ClientInfoOffset = 0x22F;
    private const ushort InputOutput = 1003;
    private const int FirstUser = 1001;
    private const byte SendDataIndication = 26 << 2;
    private const ushort LicencePacket = 0x0080;

    /// <summary>Runs to the target's first licence packet, which it sends once it has accepted all the rest.</summary>
    public async Task<bool> ReachesLicencesAsync()
    {
        var recorded = Browser.StartUp();
        await stream.WriteAsync(recorded.AsMemory(0, ConnectInitialLength));
        await ReadFrameAsync();
        await SendAsync("0401000100");
        await SendAsync("28");
        var user = BinaryPrimitives.ReadUInt16BigEndian((await ReadFrameAsync()).AsSpan(9));
        // FreeRDP's server numbers the user last, after the static channels and the message channel, and waits for all to be joined.
        foreach (var channel in Enumerable.Range(InputOutput, user + FirstUser - InputOutput + 1))
        {
            await SendAsync($"38{user:X4}{channel:X4}");
            await ReadFrameAsync();
        }

        var account = recorded[ClientInfoOffset..];
        BinaryPrimitives.WriteUInt16BigEndian(account.AsSpan(8), user);
        await stream.WriteAsync(account);
        var answer = await ReadFrameAsync();
        // Length in one or two bytes, then the security header.
        var at = answer[13] < 0x80 ? 14 : 15;
        return answer[7] == SendDataIndication && (BinaryPrimitives.ReadUInt16LittleEndian(answer.AsSpan(at)) & LicencePacket) != 0;
    }

    private async Task SendAsync(string pdu)
    {
        var body = Convert.FromHexString("02F080" + pdu);
        byte[] frame = [3, 0, 0, (byte)(body.Length + 4), .. body];
        await stream.WriteAsync(frame);
    }

    private async Task<byte[]> ReadFrameAsync()
    {
        var header = new byte[4];
        await stream.ReadExactlyAsync(header);
        Assert.Equal(3, header[0]);
        var frame = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2))];
        header.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(4));
        return frame;
    }
}
