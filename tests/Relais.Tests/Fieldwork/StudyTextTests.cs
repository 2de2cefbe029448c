using System.Text.RegularExpressions;
using System.Xml.Linq;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Rules;
using Relais.Tests.Structure;

namespace Relais.Tests.Fieldwork;

/// <summary>The words of the pages that prepare studies.</summary>
public sealed partial class StudyTextTests
{
    private static readonly string Folder = Path.Combine(Sources.Root, "src", "Relais.Fieldwork");

    [Fact]
    public void Every_text_that_a_page_of_studies_names_is_there_in_french_and_in_english()
    {
        var (french, english) = (Names("StudyTexts.resx"), Names("StudyTexts.en.resx"));
        Assert.Equal(french.Order(StringComparer.Ordinal), english.Order(StringComparer.Ordinal));
        var named = Directory.GetFiles(Folder, "*.razor", SearchOption.AllDirectories).Select(File.ReadAllText)
            .Where(page => page.Contains("IStringLocalizer<StudyTexts> Text", StringComparison.Ordinal)).SelectMany(page => Named().Matches(page)).Select(m => m.Groups["name"].Value)
            .Concat(Enum.GetNames<QuestionType>().Select(t => $"Question.Type.{t}"))
            .Concat(RulesForm.Of(new CallRules()).Delays.Select(d => $"Rules.{d.Name}")).Concat(RulesForm.Units.Select(u => $"Rules.Unit.{u}"));
        Assert.Empty(named.Except(french, StringComparer.Ordinal));
    }

    private static HashSet<string> Names(string file) => [.. XDocument.Load(Path.Combine(Folder, file)).Descendants("data").Select(d => d.Attribute("name")!.Value)];

    [GeneratedRegex(@"(?<!\$)Text\[""(?<name>[^""]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();
}
