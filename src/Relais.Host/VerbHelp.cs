using System.Text.RegularExpressions;
using Relais.Kernel.Verbs;

namespace Relais.Host;

/// <summary>What <c>relais VERB --help</c> says. Nothing is done then, whatever the verb does otherwise.</summary>
internal static partial class VerbHelp
{
    public static bool IsAsked(Verb verb, string[] args) =>
        !verb.ExplainsItself && args.Skip(verb.Name.Split(' ').Length).Any(a => a is "--help" or "-h");

    public static string Of(Verb verb)
    {
        // Where a summary ends with how to ask, it has been asked.
        var summary = $"relais {verb.Name}: {verb.Summary.Replace($": relais {verb.Name} --help", "", StringComparison.Ordinal)}";
        return verb.Usage is { } usage ? $"{summary}\n{usage}" : summary;
    }

    /// <summary>The options that a text of help names.</summary>
    public static IReadOnlyList<string> Options(string help) => [.. Option().Matches(help).Select(m => m.Value).Append("--help").Distinct(StringComparer.Ordinal)];

    [GeneratedRegex("(?<![A-Za-z0-9-])--[a-z][a-z0-9-]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Option();
}
