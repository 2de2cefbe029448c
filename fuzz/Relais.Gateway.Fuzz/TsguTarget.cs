using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Tsgu;

namespace Relais.Gateway.Fuzz;

/// <summary>A native client's packets, one after the other, as a gateway reads them.</summary>
internal static class TsguTarget
{
    public static int Run(byte[] bytes)
    {
        var behaviour = default(HashCode);
        var buffer = new ReadOnlySequence<byte>(bytes);
        ReadResult result;
        do
        {
            var before = buffer;
            result = TsguFrame.TryRead(ref buffer, out var type, out var body);
            Targets.Promise(result == ReadResult.Complete || buffer.Length == before.Length, "nothing is taken unless complete");
            Targets.Promise(body.Length <= TsguFrame.MaxData, "no body is longer than its limit");
            behaviour.Add(result);
            if (result != ReadResult.Complete)
                break;
            behaviour.Add(type);
            CheckDataStart(before, type, body.Length);
            behaviour.Add(Body(type, body.ToArray()));
        }
        while (!buffer.IsEmpty);
        return behaviour.ToHashCode();
    }

    private static void CheckDataStart(ReadOnlySequence<byte> packet, TsguPacketType type, long payload)
    {
        var started = TsguFrame.TryReadDataStart(ref packet, out var length) == ReadResult.Complete;
        Targets.Promise(started == (type == TsguPacketType.Data), "a data packet starts exactly where one is");
        Targets.Promise(!started || length == payload, "its start and its whole agree");
    }

    private static int Body(TsguPacketType type, byte[] body)
    {
        switch (type)
        {
            case TsguPacketType.HandshakeRequest when TsguHandshakeRequest.TryRead(body, out var handshake):
                Targets.Promise(TsguHandshakeRequest.TryRead(Again(handshake.Write()), out var same) && same == handshake, "the handshake survives");
                return 1;
            case TsguPacketType.TunnelCreate when TsguTunnelCreate.TryRead(body, out var create):
                Targets.Promise(
                    create.Cookie is not { Length: < 4000 } || (TsguTunnelCreate.TryRead(Again(create.Write()), out var again) && again.Cookie == create.Cookie),
                    "the cookie survives");
                return HashCode.Combine(2, create.Cookie is null, create.Reauthenticates);
            case TsguPacketType.TunnelAuthorize when TsguTunnelAuthorize.TryRead(body, out var authorize):
                return HashCode.Combine(3, authorize.ClientName.Length / 16);
            case TsguPacketType.ChannelCreate when TsguChannelCreate.TryRead(body, out var channel):
                Targets.Promise(channel is { Names.Count: > 0 }, "a channel names a target");
                return HashCode.Combine(4, channel?.Names.Count);
            case TsguPacketType.CloseChannel when TsguClose.TryRead(body, out _):
                return 5;
            case TsguPacketType.ServiceMessage when TsguServiceMessage.TryRead(body, out _):
                return 6;
            case TsguPacketType.HandshakeResponse when TsguHandshakeResponse.TryRead(body, out _):
                return 7;
            case TsguPacketType.TunnelResponse when TsguTunnelResponse.TryRead(body, out _):
                return 8;
            case TsguPacketType.TunnelAuthorizeResponse when TsguTunnelAuthorizeResponse.TryRead(body, out _):
                return 9;
            case TsguPacketType.ChannelResponse when TsguChannelResponse.TryRead(body, out _):
                return 10;
            default:
                return 0;
        }
    }

    private static byte[] Again(byte[] packet)
    {
        var buffer = new ReadOnlySequence<byte>(packet);
        Targets.Promise(TsguFrame.TryRead(ref buffer, out _, out var body) == ReadResult.Complete && buffer.IsEmpty, "what is written can be read");
        return body.ToArray();
    }
}
