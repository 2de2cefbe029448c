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
/// The voice of one call on the operator's side: one UDP port, a-law in packets of 20 ms. What we have to say goes out at an even pace, silence where there is
/// nothing, because a leg that says nothing is cut by many operators. It goes to where the voice comes from, once it does, on the same host as was agreed.
/// </summary>
internal sealed class RtpLeg : IAsyncDisposable
{
    private const byte PayloadType = 8;
    /// <summary>A-law for nothing.</summary>
    public const byte SilentSample = 0xD5;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);

    // An a-law leg without a clock of the peer's: what the network adds is guessed at this, one way.
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly ReceptionStatistics _heard = new(8000);
    private readonly uint _source = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
    private readonly long _began;
    private IPEndPoint? _to;
    private bool _latched;
    private uint _theirSource;
    private uint _lastReport;
    private long _lastReportAt;
    private uint _sentPackets;
    private Task _work = Task.CompletedTask;

    private RtpLeg(Socket socket, TimeProvider clock) => (_socket, _clock, _began) = (socket, clock, clock.GetTimestamp());

    public IPEndPoint Local => (IPEndPoint)(_socket.LocalEndPoint ?? new IPEndPoint(IPAddress.Any, 0));

    /// <summary>Gets each frame of the callee's, 160 samples of a-law, as it comes. Set before anything is agreed.</summary>
    public Action<ReadOnlyMemory<byte>>? Hear { get; set; }

    /// <summary>Gives what to say for the next 20 ms, 160 samples of a-law; false for silence.</summary>
    public Func<Memory<byte>, bool>? Speak { get; set; }

    /// <summary>The call is over.</summary>
    public Action? Closed { get; set; }

    public static RtpLeg Open(IPAddress address, TimeProvider clock)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, 0));
            return new RtpLeg(socket, clock);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Where the peer wants its voice; the first time, the leg begins to speak.</summary>
    public void Agree(IPEndPoint to)
    {
        lock (_lock)
        {
            var begins = _to is null;
            (_to, _latched) = (to, false);
            if (begins)
                _work = Task.WhenAll(Task.Run(ReadAsync), Task.Run(WriteAsync));
        }
    }

    public LegQuality Quality()
    {
        lock (_lock)
        {
            var (expected, jitter) = (_heard.Expected, _heard.Jitter);
            var lost = Math.Max(0, _heard.Lost);
            // The jitter buffer holds about twice the jitter, three frames at least.
            var delay = Way + TimeSpan.FromMilliseconds(Math.Max(60, 2 * jitter.TotalMilliseconds));
            return new LegQuality(
                _heard.Received, lost, jitter.TotalMilliseconds, expected <= 0 ? null : Math.Round(EModel.Score(EModel.Rating(delay, Math.Min(100, 100.0 * lost / expected))), 2));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        Closed?.Invoke();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[2048];
        var anybody = new IPEndPoint(IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var read = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, anybody, _stop.Token);
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
                (_to, _latched) = (from, true);
            if (!from.Equals(_to))
                return;
            _theirSource = packet.Source;
            if (_heard.Add(packet.Sequence, packet.Timestamp, _clock.GetElapsedTime(_began)))
                frame = packet.Payload.ToArray();
        }

        if (frame is not null)
            Hear?.Invoke(frame);
    }

    private void TakeReport(ReadOnlySpan<byte> datagram)
    {
        if (Rtcp.TryRead(datagram, out var compound) && compound.Reports.FirstOrDefault(r => r.Ntp is not null)?.Ntp is { } ntp)
            (_lastReport, _lastReportAt) = (Rtcp.Middle(ntp), _clock.GetTimestamp());
    }

    private async Task WriteAsync()
    {
        var (packet, frame, report) = (new byte[RtpPacket.HeaderLength + JitterBuffer.FrameSamples], new byte[JitterBuffer.FrameSamples], new byte[256]);
        var (sequence, timestamp) = ((ushort)RandomNumberGenerator.GetInt32(65_536), (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
        // The system's own time: a voice has the pace of the world, whatever clock the calls are kept by.
        var (frames, begun, reported) = (0L, TimeProvider.System.GetTimestamp(), 0L);
        using var pace = new PeriodicTimer(Pace);
        try
        {
            while (await pace.WaitForNextTickAsync(_stop.Token))
            {
                // A tick that came late is made up for, so that the pace holds over the whole call.
                for (var due = (long)(TimeProvider.System.GetElapsedTime(begun) / Pace); frames < due; frames++)
                {
                    if (Speak is null || !Speak(frame))
                        frame.AsSpan().Fill(SilentSample);
                    var length = RtpPacket.Write(packet, frames == 0, PayloadType, sequence++, timestamp, _source, frame);
                    timestamp += JitterBuffer.FrameSamples;
                    await SendAsync(packet.AsMemory(0, length), 0);
                    _sentPackets++;
                }

                if (TimeProvider.System.GetElapsedTime(begun) / ReportEvery is var due5 && due5 >= reported + 1)
                {
                    reported = (long)due5;
                    await SendAsync(report.AsMemory(0, Report(report, timestamp)), 1);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The call is over.
        }
        catch (ObjectDisposedException)
        {
            // The call is over.
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> datagram, int portsOn)
    {
        IPEndPoint? to;
        lock (_lock)
            to = _to;
        if (to is null)
            return;
        try
        {
            await _socket.SendToAsync(datagram, SocketFlags.None, portsOn == 0 ? to : new IPEndPoint(to.Address, Math.Min(65_535, to.Port + portsOn)), _stop.Token);
        }
        catch (SocketException)
        {
            // Gone: signalling says so.
        }
    }

    private int Report(byte[] to, uint timestamp)
    {
        lock (_lock)
        {
            var block = _heard.Received == 0
                ? []
                : new[]
                {
                    new ReportBlock(
                        _theirSource, _heard.TakeFractionLost(), (int)_heard.Lost, _heard.HighestSequence, _heard.JitterSamples, _lastReport,
                        _lastReport == 0 ? 0 : (uint)(_clock.GetElapsedTime(_lastReportAt).TotalSeconds * 65_536)),
                };
            return Rtcp.Write(
                to, new RtcpReport(_source, Rtcp.Ntp(_clock.GetUtcNow()), timestamp, _sentPackets, _sentPackets * JitterBuffer.FrameSamples, block), "relais");
        }
    }
}
