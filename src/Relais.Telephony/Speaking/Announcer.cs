using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Recordings;

namespace Relais.Telephony.Speaking;

/// <summary>Turns an announcement into the telephone's sound: words by espeak-ng, a WAV file as it is.</summary>
internal sealed class Announcer(IOptions<CallRecordingOptions> options, ILogger<Announcer> log)
{
    /// <summary>The longest announcement: people hang up on longer ones.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private const int WordsAMinute = 150;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A-law at 8 kHz; null where the file is no WAV that we read, or too long.</summary>
    public static byte[]? OfFile(ReadOnlySpan<byte> file)
    {
        if (WaveFile.TryRead(file) is not { Samples.Length: > 0 } wave || (double)wave.Samples.Length / wave.Rate > Longest.TotalSeconds)
            return null;
        var samples = Resampling.ToTelephone(wave.Samples, wave.Rate);
        var coded = new byte[samples.Length];
        G711.EncodeALaw(samples, coded);
        return coded;
    }

    /// <summary>A-law at 8 kHz; null where the program is not there, or says nothing that we can use.</summary>
    /// <param name="language">"fr" or "en".</param>
    public async Task<byte[]?> OfTextAsync(string text, string language, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Patience);
        try
        {
            return OfFile(await EspeakNg.SayAsync(options.Value.Speaker, language, WordsAMinute, text, late.Token));
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            TelephonyLog.NoSpeaker(log, options.Value.Speaker, e);
            return null;
        }
    }
}
