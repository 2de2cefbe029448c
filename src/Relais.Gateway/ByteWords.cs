using System.Globalization;

namespace Relais.Gateway;

/// <summary>A length in the words of the page: "1,5 Mo", "1.5 MB". Number and unit stay on one line.</summary>
internal static class ByteWords
{
    public static string Of(long bytes)
    {
        var unit = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "fr" ? 'o' : 'B';
        return bytes switch
        {
            < 1_000_000 => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1_000.0:N0}\u00A0k{unit}"),
            < 1_000_000_000 => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1_000_000.0:N1}\u00A0M{unit}"),
            _ => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1_000_000_000.0:N2}\u00A0G{unit}"),
        };
    }
}
