using System.Net;
using System.Net.Sockets;
using Relais.Telephony.Lines;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Bench;

/// <summary>
/// The server's voices without its database, as a process of its own: a line to an operator, its calls, and for each a recording, the measures and a plain RTP leg to
/// where the interviewers' rooms would be. It runs until its input ends.
/// </summary>
internal static class RelayChild
{
    /// <param name="sip">The operator's port.</param>
    /// <param name="room">The port where what respondents say goes, and what interviewers say comes from.</param>
    public static async Task RunAsync(int sip, int room, int calls, string folder)
    {
        await using var line = new OperatorLine(sip);
        var recorded = new RecordedCalls(folder);
        var rooms = new List<Room>();
        await foreach (var (call, voice) in line.CallAsync(calls))
        {
            rooms.Add(new Room(voice, room, (uint)rooms.Count));
            recorded.Watch(call, line.Trunk.Id, voice);
        }

        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        line.EndAll();
        Console.WriteLine(await recorded.FinishAsync());
        foreach (var one in rooms)
            one.Dispose();
    }

    // What a room is to the operator's leg: packets go on as they come, and come as they are.
    private sealed class Room : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly byte[] _packet = new byte[RtpPacket.HeaderLength + JitterBuffer.FrameSamples];
        private readonly RtpLeg _voice;
        private readonly uint _source;
        private ushort _sequence;

        public Room(RtpLeg voice, int room, uint source)
        {
            (_voice, _source) = (voice, source);
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _socket.Connect(IPAddress.Loopback, room);
            voice.Hear = Hear;
            _ = Task.Run(ReadAsync);
        }

        public void Dispose() => _socket.Dispose();

        private void Hear(ReadOnlyMemory<byte> samples)
        {
            var length = RtpPacket.Write(_packet, _sequence == 0, 8, _sequence, (uint)(_sequence * JitterBuffer.FrameSamples), _source, samples.Span);
            _sequence++;
            _socket.Send(_packet.AsSpan(0, length));
        }

        private async Task ReadAsync()
        {
            var buffer = new byte[512];
            try
            {
                while (true)
                {
                    var read = await _socket.ReceiveAsync(buffer, SocketFlags.None);
                    Take(buffer.AsSpan(0, read));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The call is over.
            }
        }

        private void Take(ReadOnlySpan<byte> datagram)
        {
            if (RtpPacket.TryRead(datagram, out var packet) && packet.Payload.Length == JitterBuffer.FrameSamples)
                _voice.Say(packet.Timestamp, packet.Payload);
        }
    }
}
