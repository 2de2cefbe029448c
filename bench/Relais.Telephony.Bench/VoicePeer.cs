using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Bench;

/// <summary>What a peer says: frames of 20 ms again and again.</summary>
/// <param name="Stamped">Whether each frame carries the time at which it was sent instead: only a relay that leaves payloads alone brings it over.</param>
internal sealed record Voice(byte PayloadType, int ClockRate, IReadOnlyList<byte[]> Frames, bool Stamped = false)
{
    public const byte Stamp = 0x5A;

    /// <summary>Silence with its time.</summary>
    public static Voice Timed => new(8, 8000, [Enumerable.Repeat((byte)0x55, JitterBuffer.FrameSamples).ToArray()], Stamped: true);

    /// <summary>A tone in a-law, of a whole number of hundreds of hertz.</summary>
    public static Voice Tone(int hertz)
    {
        var (samples, frame) = (new short[JitterBuffer.FrameSamples], new byte[JitterBuffer.FrameSamples]);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (short)(10_000 * Math.Sin(2 * Math.PI * hertz * i / 8000));
        G711.EncodeALaw(samples, frame);
        return new Voice(8, 8000, [frame]);
    }
}

/// <summary>
/// One end of many streams at one port: says a packet each 20 ms to everybody whom it was told to call or, where it was told nothing, whom it hears, and measures what comes.
/// </summary>
internal sealed class VoicePeer : IDisposable
{
    private const int Frame = JitterBuffer.FrameSamples;
    private const int Slots = 20;
    private const double SilentBelow = -45; // dB below full scale; tones have -13

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Lock _lock = new();
    private readonly Dictionary<(IPEndPoint From, uint Source), Stream> _streams = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Voice? _voice;
    private bool _calls;

    private sealed class Stream(IPEndPoint at, uint source, int clockRate, bool spokenTo)
    {
        public IPEndPoint At => at;

        public uint Source => source;

        public bool SpokenTo => spokenTo;

        public ReceptionStatistics Heard { get; private set; } = new(clockRate);

        public List<double> WaysMs { get; private set; } = [];

        public long Silent { get; private set; }

        /// <summary>When sound began after a tenth of a second without.</summary>
        public List<DateTimeOffset> Onsets { get; private set; } = [];

        private int _silence;

        public ushort Sequence { get; set; }

        public void Begin() => (Heard, WaysMs, Silent, Onsets) = (new ReceptionStatistics(clockRate), [], 0, []);

        public void Listen(ReadOnlySpan<byte> frame)
        {
            if (VoiceLevel.Of(frame) < SilentBelow)
            {
                Silent++;
                _silence++;
                return;
            }

            if (_silence >= 5)
                Onsets.Add(TimeProvider.System.GetUtcNow());
            _silence = 0;
        }
    }

    /// <param name="Streams">How many were heard.</param>
    /// <param name="Silent">Frames without a tone, of voices that are one.</param>
    /// <param name="JitterMs">The mean of the streams' jitter (RFC 3550).</param>
    /// <param name="WayP50Ms">From the other peer to here, with the relay between, 50th percentile; null where no times came over.</param>
    internal sealed record Result(int Streams, long Received, long Lost, long Silent, double JitterMs, double WorstJitterMs, double? WayP50Ms, double? WayP99Ms)
    {
        public const string Head = "| what | streams | packets | lost | silent | jitter ms, mean | worst | way ms, p50 | p99 |\n|---|---|---|---|---|---|---|---|---|";

        public string Row(string what, bool tone) => string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {Streams} | {Received} | {Lost} | {(tone ? Programs.Text(Silent) : "")} | {JitterMs:0.00} | {WorstJitterMs:0.00} | {WayP50Ms:0.00} | {WayP99Ms:0.00} |");
    }

    /// <param name="voice">Null for one that only listens.</param>
    public VoicePeer(Voice? voice)
    {
        _voice = voice;
        _socket.ReceiveBufferSize = 4 * 1024 * 1024;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        new Thread(Hear) { IsBackground = true }.Start();
        if (voice is not null)
            new Thread(() => Say(voice)) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Speaks there before anything was heard, in so many streams; from now on not to whom it only hears.</summary>
    public void Call(IPEndPoint to, int streams)
    {
        lock (_lock)
        {
            _calls = true;
            for (var source = 0u; source < streams; source++)
                _streams.TryAdd((to, source), new Stream(to, source, _voice?.ClockRate ?? 8000, spokenTo: true));
        }
    }

    /// <summary>Forgets what was measured so far.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            foreach (var stream in _streams.Values)
                stream.Begin();
        }
    }

    /// <summary>When sound began after a tenth of a second without, in whatever stream.</summary>
    public IReadOnlyList<DateTimeOffset> Onsets()
    {
        lock (_lock)
            return [.. _streams.Values.SelectMany(s => s.Onsets).Order()];
    }

    public Result Measured()
    {
        List<(long Silent, TimeSpan Jitter, long Received, long Lost)> heard;
        List<double> ways;
        // Copied and no more: who speaks waits for the same lock, and would be late.
        lock (_lock)
        {
            heard = [.. _streams.Values.Where(s => s.Heard.Received > 0).Select(s => (s.Silent, s.Heard.Jitter, s.Heard.Received, Math.Max(0, s.Heard.Lost)))];
            ways = [.. _streams.Values.SelectMany(s => s.WaysMs)];
        }

        ways.Sort();
        return new Result(
            heard.Count, heard.Sum(s => s.Received), heard.Sum(s => s.Lost), heard.Sum(s => s.Silent), heard.Count == 0 ? 0 : heard.Average(s => s.Jitter.TotalMilliseconds),
            heard.Count == 0 ? 0 : heard.Max(s => s.Jitter.TotalMilliseconds), At(ways, 0.5), At(ways, 0.99));
    }

    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
        _stop.Dispose();
    }

    private static double? At(List<double> sorted, double share) => sorted.Count == 0 ? null : sorted[(int)((sorted.Count - 1) * share)];

    private void Hear()
    {
        var buffer = new byte[2048];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            while (true)
            {
                var read = _socket.ReceiveFrom(buffer, ref from);
                var now = TimeProvider.System.GetTimestamp();
                if (!RtpPacket.LooksLike(buffer.AsSpan(0, read)) || !RtpPacket.TryRead(buffer.AsSpan(0, read), out var packet))
                    continue;
                lock (_lock)
                    Take(packet, (IPEndPoint)from, now);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private void Take(RtpPacket packet, IPEndPoint from, long now)
    {
        var key = (from, packet.Source);
        if (!_streams.TryGetValue(key, out var stream))
            _streams[key] = stream = new Stream(from, packet.Source, _voice?.ClockRate ?? 8000, spokenTo: !_calls);
        stream.Heard.Add(packet.Sequence, packet.Timestamp, TimeProvider.System.GetElapsedTime(0, now));
        if (packet.Payload.Length != Frame || packet.PayloadType != 8)
            return;
        if (packet.Payload[8] == Voice.Stamp && _voice is { Stamped: true })
            stream.WaysMs.Add(TimeProvider.System.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(packet.Payload), now).TotalMilliseconds);
        else
            stream.Listen(packet.Payload);
    }

    // One thread for all streams, which are spread over the 20 ms as those of a real operator are.
    private void Say(Voice voice)
    {
        var (packet, begun, slot) = (new byte[RtpPacket.HeaderLength + 1500], TimeProvider.System.GetTimestamp(), 0L);
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                Stream[] streams;
                lock (_lock)
                    streams = [.. _streams.Values.Where(s => s.SpokenTo)];
                for (var due = (long)TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds; slot < due; slot++)
                {
                    for (var i = (int)(slot % Slots); i < streams.Length; i += Slots)
                        Send(voice, streams[i], packet);
                }

                _stop.Token.WaitHandle.WaitOne(1);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private void Send(Voice voice, Stream stream, byte[] packet)
    {
        var frame = voice.Frames[stream.Sequence % voice.Frames.Count];
        if (voice.Stamped)
        {
            BinaryPrimitives.WriteInt64LittleEndian(frame, TimeProvider.System.GetTimestamp());
            frame[8] = Voice.Stamp;
        }

        var length = RtpPacket.Write(packet, stream.Sequence == 0, voice.PayloadType, stream.Sequence, (uint)stream.Sequence * (uint)(voice.ClockRate / 50), stream.Source, frame);
        stream.Sequence++;
        _socket.SendTo(packet.AsSpan(0, length), stream.At);
    }
}
