namespace Relais.Desktops.Workstations;

/// <summary>A SHA-256 as people compare it.</summary>
internal static class Fingerprint
{
    private const int LengthBytes = 32;

    public static string? Write(byte[]? bytes) => bytes is null ? null : Convert.ToHexStringLower(bytes);

    /// <summary>Empty for anything else than 32 bytes in hexadecimal.</summary>
    public static byte[] Parse(string? text)
    {
        var digits = (text ?? "").Trim();
        return digits.Length == 2 * LengthBytes && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : [];
    }
}
