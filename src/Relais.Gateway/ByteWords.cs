using System.Globalization;

namespace Relais.Gateway;

/// <summary>A length in the words of the page: "1,5 Mo".</summary>
internal static class ByteWords
{
    public static string Of(long bytes) => bytes switch
    {
        < 1_000_000 => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1_000.0:N0} ko"),
        < 1_000_000_000 => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1_000_000.0:N1} Mo"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1_000_000_000.0:N2} Go"),
    };
}
