using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Rooms;

/// <summary>
/// What respondents hear while they wait: a sentence, then a soft tone each three seconds so that nobody thinks that the line is dead, and the sentence again.
/// A-law, 8 kHz.
/// </summary>
internal sealed class Announcement
{
    private const string Own = "Relais.Telephony.Rooms.Announcements.instant.al";
    private const int Rate = 8000;
    private const int Pips = 4;
    private const double PipHertz = 425;
    private const int PipVolume = 1200; // of 32767: 29 dB below full scale

    private readonly byte[] _loop;

    private Announcement(ReadOnlySpan<byte> sentence)
    {
        var pause = new byte[(Rate * 26 / 10) + (Rate * 4 / 10)];
        pause.AsSpan().Fill(G711.ALawSilence);
        Span<short> pip = stackalloc short[Rate * 4 / 10];
        for (var i = 0; i < pip.Length; i++)
            pip[i] = (short)(PipVolume * Math.Sin(Math.PI * i / pip.Length) * Math.Sin(2 * Math.PI * PipHertz * i / Rate));
        G711.EncodeALaw(pip, pause.AsSpan(pause.Length - pip.Length));
        // Whole frames.
        _loop = new byte[(sentence.Length + (Pips * pause.Length) + JitterBuffer.FrameSamples - 1) / JitterBuffer.FrameSamples * JitterBuffer.FrameSamples];
        _loop.AsSpan().Fill(G711.ALawSilence);
        sentence.CopyTo(_loop);
        for (var i = 0; i < Pips; i++)
            pause.CopyTo(_loop.AsSpan(sentence.Length + (i * pause.Length)));
    }

    /// <param name="path">A file of the institute's own, a-law without a header; empty for ours.</param>
    public static Announcement Load(string path)
    {
        if (path.Length > 0)
            return new Announcement(File.ReadAllBytes(path));
        using var own = typeof(Announcement).Assembly.GetManifestResourceStream(Own) ?? throw new InvalidOperationException($"No resource {Own}.");
        var sentence = new byte[own.Length];
        own.ReadExactly(sentence);
        return new Announcement(sentence);
    }

    /// <summary>Reads the next 20 ms.</summary>
    /// <param name="at">How far the listener is; 0 for the beginning.</param>
    public void Read(ref int at, Span<byte> frame)
    {
        _loop.AsSpan(at, JitterBuffer.FrameSamples).CopyTo(frame);
        at = (at + JitterBuffer.FrameSamples) % _loop.Length;
    }
}
