using System.Globalization;

namespace Relais.Desktops.Workstations;

/// <summary>The hardware address of a network card.</summary>
internal static class MacAddress
{
    public const int LengthBytes = 6;

    /// <summary>Reads AA:BB:CC:DD:EE:FF, AA-BB-CC-DD-EE-FF, AABB.CCDD.EEFF or AABBCCDDEEFF; null for anything else and for what is no single card's.</summary>
    public static byte[]? Parse(string? typed)
    {
        var text = (typed ?? "").Trim();
        var digits = text.Length switch
        {
            17 when text[2] is ':' or '-' => Without(text, text[2], every: 2),
            14 when text[4] == '.' => Without(text, '.', every: 4),
            12 => text,
            _ => null,
        };
        if (digits is null || !digits.All(char.IsAsciiHexDigit))
            return null;
        var bytes = Convert.FromHexString(digits);
        // The lowest bit of the first byte marks groups and broadcast (IEEE 802, 8.2).
        return (bytes[0] & 1) != 0 || bytes.All(b => b == 0) ? null : bytes;
    }

    public static string Write(ReadOnlySpan<byte> address)
    {
        var parts = new string[address.Length];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = address[i].ToString("X2", CultureInfo.InvariantCulture);
        return string.Join(':', parts);
    }

    private static string? Without(string text, char separator, int every)
    {
        var parts = text.Split(separator);
        return parts.All(part => part.Length == every) ? string.Concat(parts) : null;
    }
}
