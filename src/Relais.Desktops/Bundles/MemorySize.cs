using System.Globalization;

namespace Relais.Desktops.Bundles;

/// <summary>Sizes as the engine writes them, "1500MiB" or "10GiB", in MiB.</summary>
internal static class MemorySize
{
    private const int MiBPerGiB = 1024;

    public static bool TryParse(string? text, out int mebibytes)
    {
        mebibytes = 0;
        var (unit, factor) = text switch
        {
            { } t when t.EndsWith("MiB", StringComparison.Ordinal) => (3, 1),
            { } t when t.EndsWith("GiB", StringComparison.Ordinal) => (3, MiBPerGiB),
            _ => (0, 0),
        };
        return unit > 0
            && int.TryParse(text.AsSpan(0, (text?.Length ?? 0) - unit), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number <= int.MaxValue / factor && (mebibytes = number * factor) > 0;
    }

    /// <summary>Of a size that was checked before.</summary>
    public static int MiB(string text) => TryParse(text, out var size) ? size : throw new FormatException($"'{text}' is no size.");

    public static string Write(int mebibytes) => string.Create(CultureInfo.InvariantCulture, $"{mebibytes}MiB");
}
