using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Relais.Tests.Structure;

/// <summary>The audit page is read by people who never saw the program's own names.</summary>
public sealed partial class AuditWords
{
    private const string Shared = "Relais.Access";

    [Fact]
    public void Each_action_and_each_detail_of_the_audit_trail_has_words_in_both_languages()
    {
        List<string> missing = [];
        var found = 0;
        foreach (var project in Directory.EnumerateDirectories(Path.Combine(Sources.Root, "src")).Select(p => Path.GetFileName(p)))
        {
            var words = Words(project);
            foreach (var file in Sources.Files(project))
            {
                foreach (var name in Calls(File.ReadAllText(file)).SelectMany(NamesIn))
                {
                    found++;
                    missing.AddRange(words.Where(w => !w.Value.Contains(name)).Select(w => $"{Path.GetFileName(file)}: {name} in {w.Key}"));
                }
            }
        }

        Assert.Empty(missing.Distinct(StringComparer.Ordinal));
        Assert.InRange(found, 150, int.MaxValue);
    }

    private static Dictionary<string, HashSet<string>> Words(string project) => new(StringComparer.Ordinal)
    {
        ["French"] = [.. Names(project, english: false), .. Names(Shared, english: false)],
        ["English"] = [.. Names(project, english: true), .. Names(Shared, english: true)],
    };

    private static IEnumerable<string> Names(string project, bool english) => Directory
        .EnumerateFiles(Path.Combine(Sources.Root, "src", project), "*.resx", SearchOption.AllDirectories)
        .Where(f => f.EndsWith(".en.resx", StringComparison.Ordinal) == english)
        .SelectMany(f => XDocument.Load(f).Descendants("data").Select(d => d.Attribute("name")?.Value ?? ""));

    private static IEnumerable<string> Calls(string source) =>
        Call().Matches(source).Select(call => source[(call.Index + call.Length)..Closing(source, call.Index + call.Length - 1)]);

    private static IEnumerable<string> NamesIn(string call)
    {
        foreach (Match action in Action().Matches(call))
            yield return $"Action.{action.Groups["name"].Value}";
        foreach (Match detail in Detail().Matches(call))
        {
            var start = detail.Index + detail.Length;
            foreach (var member in Members(call[start..Closing(call, start - 1)]))
                yield return $"Detail.{char.ToLowerInvariant(member[0])}{member[1..]}";
        }
    }

    // "name = value", or "a.Name", whose last part is the name.
    private static IEnumerable<string> Members(string body)
    {
        var (depth, start) = (0, 0);
        for (var at = 0; at <= body.Length; at++)
        {
            if (at < body.Length && body[at] is '(' or '[' or '{')
                depth++;
            else if (at < body.Length && body[at] is ')' or ']' or '}')
                depth--;
            else if (at < body.Length && body[at] == '"')
                at = body.IndexOf('"', at + 1);
            if (at < body.Length && (depth > 0 || body[at] != ','))
                continue;
            var member = body[start..at].Trim();
            start = at + 1;
            if (member.Length > 0)
                yield return Given().Match(member) is { Success: true } given ? given.Groups["name"].Value : member[(member.LastIndexOf('.') + 1)..];
        }
    }

    private static int Closing(string source, int opening)
    {
        var depth = 0;
        for (var at = opening; at < source.Length; at++)
        {
            if (source[at] is '(' or '{')
                depth++;
            else if (source[at] is ')' or '}' && --depth == 0)
                return at;
        }

        return source.Length;
    }

    [GeneratedRegex(@"(?:\.Audit|\bChangeAsync|\bStepAsync)\((?!HttpMethod)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();

    [GeneratedRegex("\"(?<name>[a-z-]+\\.[a-z-]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Action();

    [GeneratedRegex(@"new\s*\{", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Detail();

    [GeneratedRegex(@"^(?<name>\w+)\s*=[^=>]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Given();
}
