namespace Relais.Gateway;

/// <summary>Names that somebody else chose and that are shown in lists.</summary>
internal static class ShownText
{
    /// <summary>Whether it can be kept and shown as it is: no control characters, and none that turn the direction of what stands beside it.</summary>
    public static bool IsPlain(string text) => !text.Any(c => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));

    /// <summary>Whether it is plain, not empty, and of at most so many characters.</summary>
    public static bool IsName(string text, int limit) => !string.IsNullOrWhiteSpace(text) && text.Length <= limit && IsPlain(text);
}
