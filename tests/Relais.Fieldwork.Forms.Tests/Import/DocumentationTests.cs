using System.Text;
using System.Text.RegularExpressions;

namespace Relais.Fieldwork.Forms.Tests.Import;

public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_finding_has_its_code_in_the_documentation()
    {
        var said = Reference.Names("say/", ".cs").SelectMany(name => CodeOf().Matches(Encoding.UTF8.GetString(Reference.Bytes(name)))).Select(match => match.Groups["code"].Value).Distinct(StringComparer.Ordinal).ToList();
        var documentation = Encoding.UTF8.GetString(Reference.Bytes("questionnaires.md"));
        Assert.True(said.Count > 60);
        Assert.All(said, code => Assert.Contains($"`{code}`", documentation, StringComparison.Ordinal));
    }

    [GeneratedRegex("""(Error|Warning|Note|FindingLevel\.Note,)\(?\s*"(?<code>[a-z-]+)"|Note, "(?<code>more)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodeOf();
}
