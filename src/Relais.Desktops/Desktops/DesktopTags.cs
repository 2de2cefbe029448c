namespace Relais.Desktops.Desktops;

/// <summary>Labels that administrators give desktops, in words of their own. Capitals do not make another one. Pure.</summary>
internal static class DesktopTags
{
    public const int Longest = 40;
    public const int Most = 10;

    /// <summary>As it is kept: one line, no space around it or doubled.</summary>
    /// <returns>Null when it is empty, too long, or holds what is no text.</returns>
    public static string? Read(string? typed)
    {
        if (typed is null || typed.Any(c => char.IsControl(c) || c is ',' or ';'))
            return null;
        var tag = string.Join(' ', typed.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return tag.Length is > 0 and <= Longest ? tag : null;
    }

    public static bool Has(IEnumerable<string> tags, string tag) => tags.Contains(tag, StringComparer.OrdinalIgnoreCase);

    /// <returns>Null when it has it, or as many as it may.</returns>
    public static List<string>? With(IReadOnlyCollection<string> tags, string tag) =>
        Has(tags, tag) || tags.Count >= Most ? null : [.. tags.Append(tag).Order(StringComparer.OrdinalIgnoreCase)];

    /// <returns>Null when it has no such tag.</returns>
    public static List<string>? Without(IReadOnlyCollection<string> tags, string tag) =>
        Has(tags, tag) ? [.. tags.Where(t => !string.Equals(t, tag, StringComparison.OrdinalIgnoreCase))] : null;

    /// <summary>Each once, in the order of the reader's language.</summary>
    public static IReadOnlyList<string> Distinct(IEnumerable<string> tags) =>
        [.. tags.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.CurrentCultureIgnoreCase)];
}
