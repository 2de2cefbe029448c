using System.Text.Json;
using Microsoft.Playwright;

namespace Relais.Telephony.Bench.Impaired;

/// <summary>A real Chromium with a false microphone, connected as the softphone's page connects (web/src/phone/link.ts): one offer with all its candidates, one answer.</summary>
internal sealed class Headset : IAsyncDisposable
{
    // Without the browser's noise suppression, which takes away a tone without an end.
    private const string Offer =
        """
        async () => {
          const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
          const connection = window.connection = new RTCPeerConnection();
          stream.getAudioTracks().forEach(track => connection.addTrack(track, stream));
          connection.addEventListener('track', event => {
            const sound = new Audio();
            sound.srcObject = event.streams[0] ?? new MediaStream([event.track]);
            void sound.play();
          });
          await connection.setLocalDescription(await connection.createOffer());
          if (connection.iceGatheringState !== 'complete')
            await new Promise(done => connection.addEventListener('icegatheringstatechange', () => connection.iceGatheringState === 'complete' && done()));
          return connection.localDescription.sdp;
        }
        """;

    private const string Stats =
        """
        async () => {
          const all = [...(await window.connection.getStats()).values()];
          const [sent, far] = [all.find(s => s.type === 'outbound-rtp'), all.find(s => s.type === 'remote-inbound-rtp')];
          const trips = (far?.totalRoundTripTime ?? 0) / (far?.roundTripTimeMeasurements || 1);
          return { lossPercent: 100 * (far?.packetsLost ?? 0) / (sent?.packetsSent || 1), jitterMs: 1000 * (far?.jitter ?? 0), rttMs: 1000 * trips };
        }
        """;

    // Instead of the microphone, short tones whose beginnings are known, by the clock of the machine.
    private const string Mark =
        """
        async () => {
          const pause = ms => new Promise(done => setTimeout(done, ms));
          const context = new AudioContext();
          const [out, gain, tone] = [context.createMediaStreamDestination(), context.createGain(), context.createOscillator()];
          tone.frequency.value = 440;
          gain.gain.value = 0;
          tone.connect(gain).connect(out);
          tone.start();
          await window.connection.getSenders()[0].replaceTrack(out.stream.getAudioTracks()[0]);
          await pause(800);
          const marks = [];
          for (let mark = 0; mark < 6; mark++) {
            const at = context.currentTime + 0.05;
            marks.push(performance.timeOrigin + performance.now() + 50);
            gain.gain.setValueAtTime(0.3, at);
            gain.gain.setValueAtTime(0, at + 0.1);
            await pause(500 + mark * 7);
          }
          return marks;
        }
        """;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private IPage? _page;

    private Headset(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Of what the browser sent, as the voice server reports it.</summary>
    internal sealed record Leg(double LossPercent, double JitterMs, double RttMs);

    public static async Task<Headset> StartAsync(string microphone)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream", $"--use-file-for-fake-audio-capture={microphone}", "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required",
            ],
        });
        return new Headset(playwright, browser);
    }

    /// <summary>Connects anew, in a page of its own.</summary>
    /// <param name="enter">From the offer to the answer.</param>
    public async Task ConnectAsync(Func<string, Task<string>> enter)
    {
        await DisconnectAsync();
        _page = await _browser.NewPageAsync();
        await _page.RouteAsync("**/*", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>headset</title>" }));
        // A page that may have the microphone: nothing is asked there.
        await _page.GotoAsync("http://localhost/");
        var answer = await enter(await _page.EvaluateAsync<string>(Offer));
        await _page.EvaluateAsync("sdp => window.connection.setRemoteDescription({ type: 'answer', sdp })", answer);
    }

    public async Task<Leg> MeasuredAsync()
    {
        var told = await (_page ?? throw new InvalidOperationException("not connected")).EvaluateAsync<JsonElement>(Stats);
        return new Leg(told.GetProperty("lossPercent").GetDouble(), told.GetProperty("jitterMs").GetDouble(), told.GetProperty("rttMs").GetDouble());
    }

    /// <summary>Says short tones half a second apart, in the microphone's place.</summary>
    /// <returns>When each began.</returns>
    public async Task<IReadOnlyList<DateTimeOffset>> MarkAsync() =>
        [.. (await (_page ?? throw new InvalidOperationException("not connected")).EvaluateAsync<double[]>(Mark)).Select(ms => DateTimeOffset.UnixEpoch.AddMilliseconds(ms))];

    public async Task DisconnectAsync()
    {
        if (_page is not null)
            await _page.CloseAsync();
        _page = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
