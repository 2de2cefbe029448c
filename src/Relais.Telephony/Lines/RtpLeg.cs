using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Relais.Telephony.Protocols.Quality;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Lines;

/// <summary>What was heard on a leg.</summary>
/// <param name="Score">1 to 4.5; null where nothing was heard.</param>
internal sealed record LegQuality(long Received, long Lost, double JitterMs, double? Score);

/// <summary>
/// The voice of one call on the operator's side: one UDP port (and the next one for reports), a-law in packets of 20 ms. What comes from a room goes on as it comes; where there is
/// nothing, something else or silence goes out at an even pace. It goes to where the voice comes from, once it does, on the same host as was agreed.
/// </summary>
internal sealed class RtpLeg : IAsyncDisposable
{
    private const byte PayloadType = 8;
    /// <summary>A-law for nothing.</summary>
    public const byte SilentSample = 0xD5;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);

    // Of a peer that does not report: what the network adds is guessed at this, one way.
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(50);

    // A voice has the pace of the world, whatever clock the calls are kept by.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly Socket _socket;
    private readonly Socket? _reports;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly LegMouth _mouth;
    private readonly byte[] _report = new byte[256];
    private readonly ReceptionStatistics _heard = new(8000);
    private readonly uint _source = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
    private readonly long _began = Clock.GetTimestamp();
    private IPEndPoint? _to;
    private SocketAddress? _toVoice;
    private SocketAddress? _toReports;
    private volatile bool _over;
    private bool _latched;
    private uint _theirSource;
    private uint _lastReport;
    private long _lastReportAt;
    private TimeSpan _reportDue;
    private (long Expected, long Received) _measured;
    private double? _roundTripMs;
    private double _farLossPercent;
    private Task _work = Task.CompletedTask;

    private RtpLeg(Socket socket, Socket? reports)
    {
        (_socket, _reports) = (socket, reports);
        _mouth = new LegMouth(_source, PayloadType, Ear, datagram => Send(datagram, voice: true));
    }

    public IPEndPoint Local => (IPEndPoint)(_socket.LocalEndPoint ?? new IPEndPoint(IPAddress.Any, 0));

    /// <summary>Since it was opened, by the clock of voices.</summary>
    public TimeSpan Age => Clock.GetElapsedTime(_began);

    /// <summary>Where recordings and measures listen.</summary>
    public LegEar Ear { get; } = new();

    /// <summary>Gets each frame of the callee's, 160 samples of a-law, as it comes. Set before anything is agreed.</summary>
    public Action<ReadOnlyMemory<byte>>? Hear { get; set; }

    /// <summary>Gives what to say for the next 20 ms, 160 samples of a-law; false for silence. Asked where nothing comes by <see cref="Say"/>, on the thread of all voices: it must not wait.</summary>
    public Func<Memory<byte>, bool>? Speak
    {
        get => _mouth.Speak;
        set => _mouth.Speak = value;
    }

    /// <summary>The call is over.</summary>
    public Action? Closed { get; set; }

    /// <summary>The payload type of pressed keys, as the peer wants it; null where it takes none.</summary>
    public byte? KeyPayload
    {
        get => _mouth.KeyPayload;
        set => _mouth.KeyPayload = value;
    }

    /// <summary>Presses keys, one after another, instead of speaking; false where the peer takes none or one is no key.</summary>
    public bool Press(string keys) => _mouth.Press(keys);

    /// <summary>Opens an even port and the odd one after it (RFC 3550, 11); without reports where no such pair is free.</summary>
    public static RtpLeg Open(IPAddress address)
    {
        var (voice, reports) = VoicePorts.Open(address);
        return new RtpLeg(voice, reports);
    }

    /// <summary>Says something instead of all else, from its beginning to its end.</summary>
    /// <param name="alaw">8 kHz.</param>
    public void Announce(ReadOnlyMemory<byte> alaw) => _mouth.Announce(alaw);

    /// <summary>Says a frame of a stream that comes from elsewhere, at once.</summary>
    /// <param name="timestamp">By its sender.</param>
    /// <param name="frame">160 samples of a-law.</param>
    public void Say(uint timestamp, ReadOnlySpan<byte> frame) => _mouth.Say(timestamp, frame, Age);

    /// <summary>What the leg was like since this was last asked; null where nothing came.</summary>
    public LegMeasure? Measure()
    {
        lock (_lock)
        {
            var (expected, received) = (_heard.Expected - _measured.Expected, _heard.Received - _measured.Received);
            _measured = (_heard.Expected, _heard.Received);
            if (expected <= 0 || received <= 0)
                return null;
            var lost = 100.0 * Math.Max(0, expected - received) / expected;
            return LegMeasure.Of(Math.Max(lost, _farLossPercent), _heard.Jitter.TotalMilliseconds, _roundTripMs);
        }
    }

    /// <summary>Where the peer wants its voice; the first time, the leg begins to speak.</summary>
    public void Agree(IPEndPoint to)
    {
        lock (_lock)
        {
            var begins = _to is null;
            SendTo(to);
            _latched = false;
            if (!begins)
                return;
            _reportDue = Age + ReportEvery;
            _work = Task.WhenAll(Task.Run(() => ReadAsync(_socket)), Task.Run(() => _reports is null ? Task.CompletedTask : ReadAsync(_reports)));
        }

        // Not under the lock, which is taken while something is said.
        _mouth.Begin(Age);
        VoicePace.Shared.Add(this);
    }

    public LegQuality Quality()
    {
        lock (_lock)
        {
            var (expected, jitter) = (_heard.Expected, _heard.Jitter);
            var lost = Math.Max(0, _heard.Lost);
            // The jitter buffer holds about twice the jitter, three frames at least.
            var way = _roundTripMs is { } trip ? TimeSpan.FromMilliseconds(trip / 2) : Way;
            var delay = way + TimeSpan.FromMilliseconds(Math.Max(60, 2 * jitter.TotalMilliseconds));
            return new LegQuality(
                _heard.Received, lost, jitter.TotalMilliseconds, expected <= 0 ? null : Math.Round(EModel.Score(EModel.Rating(delay, Math.Min(100, 100.0 * lost / expected))), 2));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _over = true;
        await _stop.CancelAsync();
        VoicePace.Shared.Remove(this);
        _socket.Dispose();
        _reports?.Dispose();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        Closed?.Invoke();
    }

    private async Task ReadAsync(Socket socket)
    {
        var buffer = new byte[2048];
        var anybody = new IPEndPoint(IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var read = await socket.ReceiveFromAsync(buffer, SocketFlags.None, anybody, _stop.Token);
                Take(buffer.AsMemory(0, read.ReceivedBytes), (IPEndPoint)read.RemoteEndPoint);
            }
            catch (SocketException)
            {
                // An ICMP message of a peer that hung up.
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Take(Memory<byte> datagram, IPEndPoint from)
    {
        byte[]? frame = null;
        uint timestamp;
        lock (_lock)
        {
            // Symmetric RTP: behind a translator the port is another one than was said. Another host is somebody else.
            if (_to is null || !from.Address.Equals(_to.Address))
                return;
            if (!RtpPacket.LooksLike(datagram.Span))
            {
                TakeReport(datagram.Span);
                return;
            }

            if (!RtpPacket.TryRead(datagram.Span, out var packet) || packet.PayloadType != PayloadType)
                return;
            if (!_latched)
            {
                SendTo(from);
                _latched = true;
            }

            if (!from.Equals(_to))
                return;
            (_theirSource, timestamp) = (packet.Source, packet.Timestamp);
            if (_heard.Add(packet.Sequence, packet.Timestamp, Age))
                frame = packet.Payload.ToArray();
        }

        if (frame is null)
            return;
        Ear.Remember(timestamp, frame);
        Hear?.Invoke(frame);
    }

    private void TakeReport(ReadOnlySpan<byte> datagram)
    {
        if (!Rtcp.TryRead(datagram, out var compound))
            return;
        if (compound.Reports.FirstOrDefault(r => r.Ntp is not null)?.Ntp is { } ntp)
            (_lastReport, _lastReportAt) = (Rtcp.Middle(ntp), Clock.GetTimestamp());
        foreach (var block in compound.Reports.SelectMany(r => r.Blocks).Where(b => b.Source == _source))
        {
            _farLossPercent = block.FractionLost * 100.0 / 256;
            if (block.RoundTrip(Rtcp.Middle(Rtcp.Ntp(Clock.GetUtcNow()))) is { } trip && trip < TimeSpan.FromSeconds(10))
                _roundTripMs = trip.TotalMilliseconds;
        }
    }

    /// <summary>Says what is due. Called by the thread of all voices alone.</summary>
    /// <returns>False once the call is over.</returns>
    public bool Tick()
    {
        if (_over)
            return false;
        var now = Age;
        _mouth.Tick(now);
        if (now < _reportDue)
            return true;
        _reportDue = now + ReportEvery;
        Send(_report.AsSpan(0, Report(_report)), voice: false);
        return true;
    }

    // Under the lock.
    private void SendTo(IPEndPoint to) =>
        (_to, _toVoice, _toReports) = (to, to.Serialize(), new IPEndPoint(to.Address, _reports is null ? to.Port : Math.Min(65_535, to.Port + 1)).Serialize());

    // Never waits: a datagram goes, or is lost.
    private void Send(ReadOnlySpan<byte> datagram, bool voice)
    {
        SocketAddress? to;
        lock (_lock)
            to = voice ? _toVoice : _toReports;
        if (to is null)
            return;
        try
        {
            (voice ? _socket : _reports ?? _socket).SendTo(datagram, SocketFlags.None, to);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone: signalling says so.
        }
    }

    private int Report(byte[] to)
    {
        var (packets, timestamp) = _mouth.Sent;
        lock (_lock)
        {
            var block = _heard.Received == 0
                ? []
                : new[]
                {
                    new ReportBlock(
                        _theirSource, _heard.TakeFractionLost(), (int)_heard.Lost, _heard.HighestSequence, _heard.JitterSamples, _lastReport,
                        _lastReport == 0 ? 0 : (uint)(Clock.GetElapsedTime(_lastReportAt).TotalSeconds * 65_536)),
                };
            return Rtcp.Write(
                to, new RtcpReport(_source, Rtcp.Ntp(Clock.GetUtcNow()), timestamp, packets, packets * JitterBuffer.FrameSamples, block), "relais");
        }
    }
}
