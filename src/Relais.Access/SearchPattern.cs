namespace Relais.Access;

internal static class SearchPattern
{
    /// <summary>For ILIKE with the escape character "\": what is typed is searched for as it is, percent signs included.</summary>
    public static string Containing(string typed) =>
        $"%{typed.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
