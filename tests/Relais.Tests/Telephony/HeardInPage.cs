using Microsoft.Playwright;

namespace Relais.Tests.Telephony;

/// <summary>What a page plays, by its spectrum.</summary>
internal static class HeardInPage
{
    /// <summary>By how much a tone stands out from what is beside it in the next second, in dB.</summary>
    private const string Prominence =
        """
        async ([tone, enough]) => {
          const sound = document.querySelector('audio');
          if (!sound.srcObject) return 0;
          if (!window.heard || window.heardOf !== sound.srcObject) {
            const context = new AudioContext();
            window.heard = context.createAnalyser();
            window.heard.fftSize = 8192;
            window.heard.smoothingTimeConstant = 0;
            window.heardOf = sound.srcObject;
            context.createMediaStreamSource(sound.srcObject).connect(window.heard);
          }
          const bins = new Float32Array(window.heard.frequencyBinCount);
          const at = Math.round(tone / (window.heard.context.sampleRate / window.heard.fftSize));
          let most = 0;
          for (let look = 0; look < 10; look++) {
            await new Promise(done => setTimeout(done, 100));
            window.heard.getFloatFrequencyData(bins);
            const peak = Math.max(...bins.slice(at - 2, at + 3));
            const beside = [...bins.slice(at - 16, at - 8), ...bins.slice(at + 9, at + 17)].reduce((sum, b) => sum + Math.max(b, -120), 0) / 16;
            if (peak > -75) most = Math.max(most, peak - beside);
            if (most >= enough) break;
          }
          return most;
        }
        """;

    private const double StandsOut = 18;

    /// <summary>Waits until a tone is heard.</summary>
    public static async Task HearsAsync(this IPage page, double tone)
    {
        var most = 0.0;
        for (var seconds = 0; seconds < 25 && most < StandsOut; seconds++)
            most = await page.EvaluateAsync<double>(Prominence, new[] { tone, StandsOut });
        Assert.True(most >= StandsOut, $"{tone} Hz stands out by {most:f1} dB only");
    }

    /// <summary>Waits until a tone is not heard for a second, in which there are a burst and a half.</summary>
    public static async Task HearsNothingOfAsync(this IPage page, double tone)
    {
        var quiet = 0;
        for (var seconds = 0; seconds < 25 && quiet < 1; seconds++)
            quiet = await page.EvaluateAsync<double>(Prominence, new[] { tone, StandsOut }) < StandsOut ? quiet + 1 : 0;
        Assert.True(quiet >= 1, $"{tone} Hz is heard");
    }
}
