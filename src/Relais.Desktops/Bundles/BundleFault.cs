namespace Relais.Desktops.Bundles;

/// <summary>What is wrong with a bundle's definition, and where.</summary>
/// <param name="Bundle">Its folder's name.</param>
/// <param name="Key">The key in its bundle.json, such as "limits.memory"; empty when it is the whole file.</param>
/// <param name="Reason">A name that pages put into words: "missing", "unknown", "size", ...</param>
/// <param name="Found">What stands there, or what the reason is about.</param>
internal sealed record BundleFault(string Bundle, string Key, string Reason, string Found)
{
    /// <summary>For commands and logs.</summary>
    public override string ToString() =>
        $"bundles/{Bundle}/bundle.json{(Key.Length > 0 ? ": " + Key : "")}: {Words(Reason)}{(Found.Length > 0 ? $" (found: {Found})" : "")}";

    private static string Words(string reason) => reason switch
    {
        "missing" => "is missing",
        "unknown" => "is no key of a bundle",
        "json" => "is not JSON",
        "unreadable" => "cannot be read",
        "text" => "must be a text",
        "number" => "must be a whole number within its limits",
        "list" => "must be a list of texts",
        "object" => "must be an object",
        "name" => "must be the folder's name: lower-case letters, digits and dashes",
        "title" => "must have a text for fr and for en",
        "size" => "must be a size such as 1500MiB or 10GiB",
        "ports" => "must be ports such as 80,443 or 8000-8100, or empty",
        "choice" => "is none of the words that are possible here",
        "package" => "is no name of a Debian package",
        "locale" => "is no locale such as fr_FR.UTF-8",
        "extends" => "names a bundle that does not exist or is wrong itself",
        "circle" => "extends itself in a circle",
        "without" => "is no package of the bundle that it extends",
        "rest" => "must stop later than it freezes",
        _ => reason,
    };
}
