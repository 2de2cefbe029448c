using System.Runtime.CompilerServices;

namespace Relais.Tests.Structure;

internal static class Sources
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Files(string project) => Directory
        .EnumerateFiles(Path.Combine(Root, "src", project), "*", SearchOption.AllDirectories)
        .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here) ?? "", "..", "..", ".."));
}
