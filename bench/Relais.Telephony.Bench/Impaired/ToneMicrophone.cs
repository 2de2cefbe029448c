using Relais.Telephony.Protocols.Audio;

namespace Relais.Telephony.Bench.Impaired;

/// <summary>A WAV file (48 kHz, one channel) of a tone without an end, for a browser's false microphone, which plays it again and again.</summary>
internal static class ToneMicrophone
{
    private const int Rate = 48_000;
    private const int Seconds = 10;

    /// <param name="hertz">Whole, so that the file's end fits its beginning.</param>
    public static void Write(string path, int hertz)
    {
        using var file = new BinaryWriter(File.Create(path));
        const int Bytes = Rate * Seconds * 2;
        Span<byte> header = stackalloc byte[WaveFile.HeaderLength];
        WaveFile.WriteHeader(header, 1, Rate, Bytes);
        file.Write(header);
        for (var i = 0; i < Rate * Seconds; i++)
            file.Write((short)(10_000 * Math.Sin(2 * Math.PI * hertz * i / Rate)));
    }
}
