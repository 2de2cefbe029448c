using System.Net;
using System.Net.Sockets;
using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Protocols.Rtp;
using Relais.Tests.Telephony.Recordings;

namespace Relais.Tests.Telephony;

/// <summary>The callee's telephone: says a tone over real RTP as soon as it hears somebody, reports by RTCP as telephones do, and measures what it hears.</summary>
internal sealed class ToneCallee : IAsyncDisposable
{
    public const int Frame = 160;

    // One period of the bursts in which browsers' false microphones speak: whatever its phase, it holds a whole burst.
    private const int Window = 4800;
    private const int Piece = 800;

    private readonly UdpClient _voice;
    private readonly UdpClient _reports;
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _tone;
    private readonly List<byte> _heard = [];
    private readonly Lock _lock = new();
    private readonly Task _work;
    private IPEndPoint? _to;
    private uint _theirSource;
    private uint? _lastKey;
    private int _unheard;

    private ToneCallee(UdpClient voice, UdpClient reports, double hertz, double amplitude)
    {
        (_voice, _reports) = (voice, reports);
        // A whole number of periods in a second, so that it goes round.
        _tone = Signals.ALaw(Signals.Tone(hertz, amplitude, 8000));
        _work = Task.WhenAll(Task.Run(HearAsync), Task.Run(SayAsync), Task.Run(ReportAsync));
    }

    public int Port => ((IPEndPoint)_voice.Client.LocalEndPoint!).Port;

    /// <summary>One packet of so many is not sent; 0 for none.</summary>
    public int LoseOneOf { get; set; }

    /// <summary>Nothing is said.</summary>
    public bool Silent { get; set; }

    /// <summary>Milliseconds of our voice that came.</summary>
    public int HeardMs
    {
        get
        {
            lock (_lock)
                return _heard.Count / 8;
        }
    }

    /// <summary>The last second of what came.</summary>
    public short[] LastSecond()
    {
        lock (_lock)
        {
            var samples = new short[Math.Min(8000, _heard.Count)];
            G711.DecodeALaw(_heard.GetRange(_heard.Count - samples.Length, samples.Length).ToArray(), samples);
            return samples;
        }
    }

    /// <summary>The keys that were pressed, in their order (RFC 4733).</summary>
    public string Keys { get; private set; } = "";

    /// <summary>Of what came in the last 0.6 s: 1 is full scale.</summary>
    public double Level => Last() is { Length: Window } heard ? Math.Sqrt(heard.Average(s => (double)s * s)) / 32_768 : 0.001;

    /// <summary>
    /// How much of the energy of the last 0.6 s a tone has (a multiple of 10 Hz), tenth by tenth of a second: a frame that a busy machine sent late shifts the phase of a tone, and not its energy.
    /// </summary>
    public double Share(double tone)
    {
        if (Last() is not { Length: Window } heard)
            return 0;
        var energy = heard.Sum(s => (double)s * s);
        return energy == 0 ? 0 : heard.Chunk(Piece).Sum(piece => Math.Pow(Signals.Amplitude(piece, tone), 2) * Piece / 2) / energy;
    }

    /// <summary>Forgets what it heard, and has heard enough again.</summary>
    public async Task ListenAnewAsync()
    {
        lock (_lock)
            _unheard = _heard.Count;
        await TelephonyApp.UntilTrueAsync(() => Last().Length == Window);
    }

    public static ToneCallee Start(double hertz = 440, double amplitude = 8000)
    {
        while (true)
        {
            var voice = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var port = ((IPEndPoint)voice.Client.LocalEndPoint!).Port;
            try
            {
                if (port % 2 == 0)
                    return new ToneCallee(voice, new UdpClient(new IPEndPoint(IPAddress.Loopback, port + 1)), hertz, amplitude);
            }
            catch (SocketException)
            {
                // Somebody has the port after it.
            }

            voice.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _voice.Dispose();
        _reports.Dispose();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    // Shorter where less than that was heard since it began to listen.
    private short[] Last()
    {
        lock (_lock)
        {
            var samples = new short[Math.Min(Window, _heard.Count - _unheard)];
            G711.DecodeALaw(_heard.GetRange(_heard.Count - samples.Length, samples.Length).ToArray(), samples);
            return samples;
        }
    }

    private async Task HearAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var read = await _voice.ReceiveAsync(_stop.Token);
            if (!RtpPacket.TryRead(read.Buffer, out var packet))
                continue;
            lock (_lock)
            {
                (_to, _theirSource) = (read.RemoteEndPoint, packet.Source);
                if (packet.PayloadType == 8)
                    _heard.AddRange(packet.Payload);
                else if (packet.PayloadType == 101 && TelephoneEvent.TryRead(packet.Payload, out var told) && told is { End: true, Key: { } key } && _lastKey != packet.Timestamp)
                    (_lastKey, Keys) = (packet.Timestamp, Keys + key);
            }
        }
    }

    private async Task SayAsync()
    {
        var packet = new byte[RtpPacket.HeaderLength + Frame];
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var (sent, begun) = (0, 0L);
        while (await pace.WaitForNextTickAsync(_stop.Token))
        {
            IPEndPoint? to;
            lock (_lock)
                to = _to;
            if (to is null)
                continue;
            if (begun == 0)
                begun = TimeProvider.System.GetTimestamp();
            for (var due = (int)(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds / 20); sent < due; sent++)
            {
                if (Silent || (LoseOneOf > 0 && sent % LoseOneOf == 0))
                    continue;
                var length = RtpPacket.Write(packet, sent == 0, 8, (ushort)sent, (uint)(sent * Frame), 77, _tone.AsSpan(sent * Frame % 8000, Frame));
                await _voice.SendAsync(packet.AsMemory(0, length), to, _stop.Token);
            }
        }
    }

    // Answers each report at once: then the round trip is the way alone.
    private async Task ReportAsync()
    {
        var report = new byte[256];
        while (!_stop.IsCancellationRequested)
        {
            var read = await _reports.ReceiveAsync(_stop.Token);
            if (!Rtcp.TryRead(read.Buffer, out var told) || told.Reports.FirstOrDefault(r => r.Ntp is not null)?.Ntp is not { } ntp)
                continue;
            var length = Rtcp.Write(report, new RtcpReport(77, null, 0, 0, 0, [new ReportBlock(_theirSource, 0, 0, 0, 0, Rtcp.Middle(ntp), 0)]), "callee");
            await _reports.SendAsync(report.AsMemory(0, length), read.RemoteEndPoint, _stop.Token);
        }
    }
}
