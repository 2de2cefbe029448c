using System.Text;

namespace Relais.Access.SecondFactors;

/// <summary>RFC 4648, 6, without padding: what authenticator apps read, and what people can copy from paper.</summary>
internal static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int BitsPerLetter = 5;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 / BitsPerLetter) + 1);
        var (held, bits) = (0, 0);
        foreach (var b in bytes)
        {
            held = ((held << 8) | b) & 0xFFFF;
            bits += 8;
            while (bits >= BitsPerLetter)
            {
                bits -= BitsPerLetter;
                text.Append(Alphabet[(held >> bits) & 31]);
            }
        }

        if (bits > 0)
            text.Append(Alphabet[(held << (BitsPerLetter - bits)) & 31]);
        return text.ToString();
    }

    /// <summary>Letters in groups of four, as people read them.</summary>
    public static string Grouped(string text) => string.Join(' ', text.Chunk(4).Select(group => new string(group)));
}
