using System.Diagnostics;
using System.Globalization;
using Relais.Telephony.Protocols.Audio;

namespace Relais.Tests.Telephony;

/// <summary>
/// A tone in bursts, for a browser's false microphone, which plays it again and again. In bursts, as people speak: what sounds without an end is noise to a browser,
/// and it takes it away.
/// </summary>
internal sealed class ToneFile : IDisposable
{
    private const int Rate = 48_000;
    private const int Burst = Rate * 4 / 10;
    private const int Period = Rate * 6 / 10;

    public ToneFile(double tone)
    {
        using var file = new BinaryWriter(File.Create(Path));
        const int Samples = Period * 20;
        Span<byte> header = stackalloc byte[WaveFile.HeaderLength];
        WaveFile.WriteHeader(header, 1, Rate, Samples * 2);
        file.Write(header);
        for (var i = 0; i < Samples; i++)
            file.Write(i % Period < Burst ? (short)(10_000 * Math.Sin(2 * Math.PI * tone * i / Rate)) : (short)0);
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"relais-tone-{Guid.NewGuid():N}.wav");

    /// <summary>Starts a browser whose microphone it is.</summary>
    public Task<Chromium> BrowserAsync() => Chromium.StartAsync(
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", $"--use-file-for-fake-audio-capture={Path}", "--allow-loopback-in-peer-connection",
        "--autoplay-policy=no-user-gesture-required");

    /// <summary>Ends that browser as a power cut does: by kill -9 of each of its processes that name this file, its first one among them.</summary>
    public void KillBrowser()
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(f => int.TryParse(System.IO.Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            if (Names(folder))
                Kill(int.Parse(System.IO.Path.GetFileName(folder), CultureInfo.InvariantCulture));
        }
    }

    public void Dispose() => File.Delete(Path);

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Gone with its parent.
        }
    }

    private bool Names(string folder)
    {
        try
        {
            return File.ReadAllText(System.IO.Path.Combine(folder, "cmdline")).Contains($"--use-file-for-fake-audio-capture={Path}", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
