using System.Text.RegularExpressions;

namespace Relais.Tests.Structure;

/// <summary>What docs/security.md promises is tried by the test that it names.</summary>
public sealed partial class SecurityPage
{
    private const int Known = 34;

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Sources.Root, "docs", "security.md"));

    [Fact]
    public void Each_test_that_it_names_exists()
    {
        var tests = string.Concat(Directory.EnumerateFiles(Path.Combine(Sources.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var named = Lines.SelectMany(line => Name().Matches(line)).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.InRange(named.Count, 150, int.MaxValue);
        Assert.All(named, name => Assert.Contains($" {name}(", tests, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_known_attack_and_fault_has_its_test_or_says_why_there_is_none()
    {
        foreach (var number in Enumerable.Range(1, Known))
        {
            var line = Assert.Single(Lines, l => l.StartsWith($"| {number} | ", StringComparison.Ordinal));
            var cells = line.Trim('|').Split('|');
            Assert.Equal(4, cells.Length);
            Assert.True(Name().IsMatch(cells[3]) || Reason().IsMatch(cells[2]), line);
        }
    }

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex("does not apply|there are none", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reason();
}
