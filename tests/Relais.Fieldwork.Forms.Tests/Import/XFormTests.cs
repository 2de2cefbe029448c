using System.Text;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import;

namespace Relais.Fieldwork.Forms.Tests.Import;

/// <summary>What an XForm becomes.</summary>
public sealed class XFormTests
{
    private static FormDefinition Form(string name) => FormImporter.Import(name, Reference.Bytes($"xforms/{name}")).Definition!;

    private static FormImport Import(string model, string body, string data = "<a/>") => FormImporter.Import("x.xml", Encoding.UTF8.GetBytes(
        $"<html xmlns:jr='http://openrosa.org/javarosa'><head><title>X</title><model>\n<instance><data id='x'>{data}</data></instance>\n{model}\n</model></head><body>\n{body}\n</body></html>"));

    [Fact]
    public void A_repeat_keeps_its_count_or_the_instances_of_its_model()
    {
        var repeats = Form("event-odk-new-repeat.xml").All().OfType<FormRepeat>().ToDictionary(r => r.Name, StringComparer.Ordinal);
        Assert.Equal((null, 0), (repeats["my-repeat"].Count?.XPath, repeats["my-repeat"].Initial));
        Assert.Equal(("/data/repeat-count", 0), (repeats["my-jr-count-repeat"].Count!.XPath, repeats["my-jr-count-repeat"].Initial));
        Assert.Equal((null, 2), (repeats["my-repeat-without-template"].Count?.XPath, repeats["my-repeat-without-template"].Initial));
    }

    [Fact]
    public void What_is_set_in_a_new_repeat_is_a_default()
    {
        var form = Form("event-odk-new-repeat.xml");
        Assert.Equal("../../my-toplevel-value + 2", form.Question("defaults-to-toplevel").DefaultExpression!.XPath);
        Assert.Equal("position(..)", form.Question("defaults-to-position-again").DefaultExpression!.XPath);
    }

    [Fact]
    public void A_randomized_itemset_keeps_its_seed_and_a_list_without_names_stays_data()
    {
        var form = Form("randomize.xml");
        Assert.Equal([(true, null), (true, "42"), (true, "/data/seed")],
            form.Questions().Where(q => q.Name is "no-seed-fruit1" or "static-seed-fruit1" or "nodeset-seed-fruit1").Select(q => (q.Choices!.Randomize, q.Choices.Seed?.XPath)));
        Assert.Equal(["fruits"], form.Lists.Select(list => list.Name));
        Assert.Equal(["1", "2", "3", "4", "5", "6"], form.Instances.Single().Content!.Children.Select(item => item.Value));
        Assert.Equal("42", form.Question("seed").Default);
    }

    [Fact]
    public void Cascading_choices_keep_their_filters_and_columns()
    {
        var form = Form("three-level-cascading-select.xml");
        Assert.Equal("level1=/data/level1", form.Question("level2").Choices!.Filter!.XPath.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("b", form.Lists.Single(list => list.Name == "level2").Choices.Single(choice => choice.Name == "bb").Column("level1"));
    }

    [Fact]
    public void Choices_inside_a_question_are_a_list_of_its_name_in_all_languages()
    {
        var form = Form("jr-choice-name.xml");
        var list = form.Lists.Single(l => l.Name == form.Question("select_one_outside").Choices!.List);
        Assert.Equal(["Choix 1", "Choice 1"], list.Choices[0].Label!.Translations.Select(t => t.Parts[0].Literal));
        Assert.Equal(("English (en)", QuestionType.Rank), (form.DefaultLanguage, Form("rank-form.xml").Question("rankWidget").Type));
    }

    [Fact]
    public void Values_inside_texts_keep_one_blank_around_them()
    {
        var parts = Form("child_vaccination_VOL_tool_v12.xml").Question("motherPresent").Label!.Translations[0].Parts;
        Assert.Equal(["Is ", "../NameA", " available?"], parts.Select(part => part.Literal ?? part.Expression));
    }

    /// <summary>Code, line and place, level, model, body.</summary>
    public static TheoryData<string, string, FindingLevel, string, string> Faults => new()
    {
        { "bad-expression", "3:25", FindingLevel.Error, "<bind nodeset='/data/a' relevant='1 +'/>", "<input ref='/data/a'><label>A</label></input>" },
        { "unknown-path", "3:25", FindingLevel.Error, "<bind nodeset='/data/a' relevant='/data/b = 1'/>", "<input ref='/data/a'><label>A</label></input>" },
        { "ref-to-nothing", "5:2", FindingLevel.Error, "", "<input ref='/data/b'><label>A</label></input>" },
        { "double-name", "5:47", FindingLevel.Error, "", "<input ref='/data/a'><label>A</label></input><input ref='/data/a'><label>B</label></input>" },
        { "unknown-text", "5:25", FindingLevel.Error, "", "<input ref='/data/a'>  <label ref=\"jr:itext('none')\"/></input>" },
        { "bad-itemset", "5:41", FindingLevel.Error, "", "<select1 ref='/data/a'><label>A</label><itemset nodeset=\"instance('l')/other\"/></select1>" },
        { "unknown-instance", "5:41", FindingLevel.Error, "", "<select1 ref='/data/a'><label>A</label><itemset nodeset=\"instance('l')/root/item\"><value ref='name'/><label ref='label'/></itemset></select1>" },
        { "unsupported-action", "3:2", FindingLevel.Error, "<setvalue event='xforms-value-changed' ref='/data/a' value='1'/>", "<input ref='/data/a'><label>A</label></input>" },
        { "element-not-read", "3:2", FindingLevel.Warning, "<action/>", "<input ref='/data/a'><label>A</label></input>" },
        { "element-not-read", "5:2", FindingLevel.Warning, "", "<output value='1'/>" },
        { "translation-missing", "5:23", FindingLevel.Warning, "<itext><translation lang='fr'><text id='t'><value>T</value></text></translation><translation lang='en'/></itext>", "<input ref='/data/a'><label ref=\"jr:itext('t')\"/></input>" },
        { "double-choice", "5:97", FindingLevel.Warning, "", "<select1 ref='/data/a'><label>A</label><item><label>X</label><value>x</value></item>           <item><label>Y</label><value>x</value></item></select1>" },
        { "misplaced-node", "5:2", FindingLevel.Error, "<bind nodeset='/data/a' type='string'/>", "<input ref='/data/g/b'><label>B</label></input>" },
        { "file-missing", "3:2", FindingLevel.Error, "<instance id='towns' src='jr://file-csv/towns.csv'/>", "<input ref='/data/a'><label>A</label></input>" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_wrong_with_an_xform_is_said_with_its_line(string code, string place, FindingLevel level, string model, string body)
    {
        var finding = Assert.Single(Import(model, body, code == "misplaced-node" ? "<a/><g><b/></g>" : "<a/>").Findings, f => f.Code == code);
        Assert.Equal((place, level), (finding.Origin.ToString(), finding.Level));
    }

    [Fact]
    public void Unseen_nodes_stand_where_the_instance_has_them()
    {
        var import = Import("<bind nodeset='/data/c' calculate='1'/><bind nodeset='/data/g/f' calculate='2'/>",
            "<input ref='/data/b'><label>B</label></input><group><label>G</label><input ref='/data/d'><label>D</label></input></group>", "<a/><b/><c/><d/><e/><g><f/></g>");
        Assert.Equal(["a", "b", "c", "", "d", "e", "g", "f"], import.Definition!.All().Select(item => item.Name));
    }
}
