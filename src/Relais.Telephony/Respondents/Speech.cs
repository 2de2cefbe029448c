using System.Collections.Concurrent;
using System.ComponentModel;
using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Speaking;

namespace Relais.Telephony.Respondents;

/// <summary>How somebody sounds.</summary>
/// <param name="Name">A voice of espeak-ng: "fr+f3".</param>
/// <param name="WordsAMinute">80 to 450.</param>
internal readonly record struct SpeakingVoice(string Name, int WordsAMinute);

/// <summary>The program that speaks is not here.</summary>
internal sealed class SpeechMissingException(Exception inner) : Exception("espeak-ng is missing, which gives the respondents their voices: apt-get install --no-install-recommends espeak-ng", inner);

/// <summary>French sentences as a-law at 8 kHz, spoken by espeak-ng, a program of its own. Each is made once.</summary>
internal static class Speech
{
    private const int Peak = 16_000;

    private static readonly ConcurrentDictionary<(SpeakingVoice Voice, string Words), Lazy<Task<byte[]>>> Kept = new();

    /// <summary>The sentence; SpeechMissingException where nothing here can speak.</summary>
    public static Task<byte[]> SayAsync(SpeakingVoice voice, string words) =>
        Kept.GetOrAdd((voice, words), static key => new Lazy<Task<byte[]>>(() => Task.Run(() => MakeAsync(key.Voice, key.Words)))).Value;

    /// <summary>A tone, as an answering machine's.</summary>
    public static byte[] Tone(double hertz, TimeSpan length)
    {
        var samples = new short[(int)(length.TotalSeconds * Resampling.TelephoneRate)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (short)(8000 * Math.Sin(2 * Math.PI * hertz * i / Resampling.TelephoneRate));
        return Encode(samples);
    }

    private static async Task<byte[]> MakeAsync(SpeakingVoice voice, string words)
    {
        byte[] file;
        try
        {
            file = await EspeakNg.SayAsync(EspeakNg.Program, voice.Name, voice.WordsAMinute, words, CancellationToken.None);
        }
        catch (Win32Exception e)
        {
            throw new SpeechMissingException(e);
        }

        return WaveFile.TryRead(file) is { } read
            ? Encode(Loud(Resampling.ToTelephone(read.Samples, read.Rate)))
            : throw new InvalidOperationException($"{EspeakNg.Program} gave no WAV file.");
    }

    private static short[] Loud(short[] samples)
    {
        var peak = samples.Length == 0 ? 0 : samples.Max(s => Math.Abs((int)s));
        return peak == 0 ? samples : Array.ConvertAll(samples, s => (short)(s * Peak / peak));
    }

    private static byte[] Encode(short[] samples)
    {
        var coded = new byte[samples.Length];
        G711.EncodeALaw(samples, coded);
        return coded;
    }
}
