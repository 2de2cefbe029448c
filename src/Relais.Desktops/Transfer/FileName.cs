using System.Globalization;
using System.Text;

namespace Relais.Desktops.Transfer;

/// <summary>
/// Which names a carried file may have: one that is a plain name on every system, reads as what it is, and leads nowhere. Pure.
/// </summary>
internal static class FileName
{
    /// <summary>In UTF-8. File systems take 255; the rest is for those who put something before or behind.</summary>
    public const int MostBytes = 200;

    private const string Forbidden = "/\\:*?\"<>|";

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT1", "LPT2", "LPT3", "LPT4",
        "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>Gives the name as it is to be written, or why there is none.</summary>
    /// <param name="given">As the client or the desktop says it.</param>
    /// <param name="name">In composed form, because one system sends accents apart from their letters.</param>
    public static NameFault Check(string? given, out string name)
    {
        name = "";
        if (string.IsNullOrWhiteSpace(given))
            return NameFault.Empty;
        if (given.EnumerateRunes().Any(r => r == Rune.ReplacementChar))
            return NameFault.Unreadable;
        var composed = given.Normalize(NormalizationForm.FormC);
        if (Encoding.UTF8.GetByteCount(composed) > MostBytes)
            return NameFault.TooLong;
        if (composed.EnumerateRunes().Any(IsUnseen))
            return NameFault.Unseen;
        // Letters that only look like a slash or a point fold to one.
        if (composed.Normalize(NormalizationForm.FormKC).Concat(composed).Any(c => Forbidden.Contains(c, StringComparison.Ordinal) || c is '\u2044' or '\u2215' or '\u29F8' or '\u29F5' or '\u2216'))
            return NameFault.Forbidden;
        if (composed.Normalize(NormalizationForm.FormKC) is ['.' or '-' or ' ', ..] or [.., '.' or ' '])
            return NameFault.Forbidden;
        if (Reserved.Contains(composed[..(composed.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? dot : composed.Length)].TrimEnd()))
            return NameFault.Reserved;
        name = composed;
        return NameFault.None;
    }

    // Line ends, and what turns the direction of writing or has no width: it makes a name read as another one.
    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;
}

/// <summary>What is wrong with a name.</summary>
internal enum NameFault
{
    None,
    Empty,
    Unreadable,
    TooLong,
    Unseen,
    Forbidden,
    Reserved,
}
