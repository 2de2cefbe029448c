using System.Reflection;
using System.Text.RegularExpressions;

namespace Relais.Tests.Structure;

public sealed partial class Naming
{
    private const int LongestFile = 500;

    // The Client Info PDU of [MS-RDPBCGR].
    private static readonly string[] NamesOfStandards = ["ClientInfo"];

    private static IEnumerable<string> AllFiles => Directory.GetDirectories(Path.Combine(Sources.Root, "src"))
        .SelectMany(d => Sources.Files(Path.GetFileName(d)))
        .Where(f => !f.Contains("/Migrations/", StringComparison.Ordinal));

    [Fact]
    public void Types_say_what_they_are()
    {
        var vague = DependencyTable.Projects.SelectMany(p => Assembly.Load(p.Data).GetTypes())
            .Where(t => !t.Name.Contains('<', StringComparison.Ordinal) && VagueType().IsMatch(t.Name) && !NamesOfStandards.Contains(t.Name))
            .Select(t => t.FullName);
        Assert.Empty(vague);
    }

    [Fact]
    public void Folders_are_nouns_that_users_say() =>
        Assert.DoesNotContain(AllFiles.Select(Path.GetDirectoryName).Distinct(), f => f is not null && VagueFolder().IsMatch(f));

    [Fact]
    public void No_file_is_too_long_to_read() =>
        Assert.DoesNotContain(AllFiles, f => File.ReadLines(f).Count() > LongestFile);

    [Fact]
    public void Endpoint_requests_are_public_so_that_they_are_validated()
    {
        var hidden = DependencyTable.Projects.SelectMany(p => Assembly.Load(p.Data).GetTypes())
            .Where(t => t is { Name: "Request", IsNested: true } && !t.IsNestedPublic)
            .Select(t => t.FullName);
        Assert.Empty(hidden);
    }

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Processor|Base|Impl|Dto|Data|Info)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VagueType();

    [GeneratedRegex("/(Common|Services|Models|Managers|Helpers|Utils)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VagueFolder();
}
