using System.Text;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Tests.Import;

/// <summary>What a workbook becomes.</summary>
public sealed class XlsFormTests
{
    private static readonly string[] Lists =
    [
        "list_name|name|label|region|relais::read|relais::anchor|relais::disposition",
        "yn|yes|Yes", "yn|no|No", "yn|refused|Refuses||no|last|refusal",
        "town|t1|Town 1|north", "town|t2|Town 2|south",
    ];

    [Fact]
    public void A_name_inside_its_repeat_means_this_pass_and_outside_means_all()
    {
        var form = Book.Form(["type|name|label|relevant|calculation",
            "text|who|Who?", "begin repeat|child|Child", "text|first|Name of ${who}'s child", "begin group|more|", "integer|age|Age of ${first}|${first} != '' and ${who} != ''",
            "end group||", "calculate|older|||sum(${age})", "calculate|at|||position(${child})", "calculate|before|||indexed-repeat(${age}, ${child}, ${at} - 1)", "end repeat||",
            "calculate|ages|||sum(${age})", "calculate|children|||count(${child})"]);
        Assert.Equal(" ../../first  != '' and  /data/who  != ''", form.Question("age").Relevant!.XPath);
        Assert.Equal("../../first", form.Question("age").Label!.Translations[0].Parts[1].Expression);
        Assert.Equal("/data/who", form.Question("first").Label!.Translations[0].Parts[1].Expression);
        Assert.Equal("position( .. )", form.Question("at").Calculation!.XPath);
        Assert.Equal("indexed-repeat( /data/child/more/age ,  /data/child ,  ../at  - 1)", form.Question("before").Calculation!.XPath);
        Assert.Equal("sum( /data/child/more/age )", form.Question("ages").Calculation!.XPath);
        Assert.Equal("count( /data/child )", form.Question("children").Calculation!.XPath);
    }

    [Fact]
    public void A_filter_reaches_its_own_pass_through_current()
    {
        var form = Book.Form(["type|name|label|choice_filter", "begin repeat|r|R", "text|region|Region", "select_one town|t|Town|region = ${region}", "end repeat||"], Lists);
        Assert.Equal("region =  current()/../region ", form.Question("t").Choices!.Filter!.XPath);
        Assert.Equal("north", form.Lists.Single(l => l.Name == "town").Choices[0].Column("region"));
    }

    [Fact]
    public void A_predicate_reaches_its_own_pass_through_current_too()
    {
        var form = Book.Form(["type|name|label|calculation", "begin repeat|r|R", "select_one town|t|Town", "calculate|where||instance('town')/root/item[name = ${t}]/region", "end repeat||"], Lists);
        Assert.Equal("instance('town')/root/item[name =  current()/../t ]/region", form.Question("where").Calculation!.XPath);
    }

    [Fact]
    public void A_count_is_a_name_or_becomes_a_computed_item()
    {
        var form = Book.Form(["type|name|label|repeat_count", "integer|n|How many?", "begin repeat|a|A|${n}", "text|x|X", "end repeat||", "begin repeat|b|B|${n} + 1", "text|y|Y", "end repeat||", "begin repeat|c|C|", "text|z|Z", "end repeat||"]);
        var repeats = form.All().OfType<FormRepeat>().ToList();
        Assert.Equal([" /data/n ", " /data/b_count ", null], repeats.Select(r => r.Count?.XPath));
        Assert.Equal([0, 0, 1], repeats.Select(r => r.Initial));
        Assert.Equal((" /data/n  + 1", true), (form.Question("b_count").Calculation!.XPath, form.Question("b_count").Generated));
    }

    [Fact]
    public void Other_adds_a_choice_and_the_question_which()
    {
        var form = Book.Form(["type|name|label::Français (fr)|label::English (en)", "select_one yn or_other|a|A|B"], ["list_name|name|label::Français (fr)|label::English (en)", "yn|yes|Oui|Yes"]);
        Assert.Equal(["yes", "other"], form.Lists[0].Choices.Select(c => c.Name));
        var which = form.Question("a_other");
        Assert.Equal("selected(../a, 'other')", which.Relevant!.XPath);
        Assert.Equal(["Précisez.", "Specify other."], which.Label!.Translations.Select(t => t.Parts[0].Literal));
    }

    [Fact]
    public void Defaults_are_values_or_computed_once()
    {
        var form = Book.Form(["type|name|label|default", "date|d|D|2010-06-15", "date|t|T|today()", "text|x|X|${d}", "text|p|P|thing (or two)", "integer|n|N|-3"]);
        Assert.Equal(["2010-06-15", null, null, "thing (or two)", "-3"], form.Questions().Select(q => q.Default));
        Assert.Equal([null, "today()", " /data/d ", null, null], form.Questions().Select(q => q.DefaultExpression?.XPath));
    }

    [Fact]
    public void Yes_and_no_are_conditions_and_typographic_quotation_marks_are_straightened()
    {
        var form = Book.Form(["type|name|label|required|read_only|relevant", "text|a|A|yes|no|", "text|b|B|${a} = ‘x’||${a} = “y”"]);
        Assert.Equal(("true()", "false()"), (form.Question("a").Required!.XPath, form.Question("a").ReadOnly!.XPath));
        Assert.Equal((" /data/a  = 'x'", " /data/a  = \"y\""), (form.Question("b").Required!.XPath, form.Question("b").Relevant!.XPath));
    }

    [Fact]
    public void The_columns_of_relais_are_read()
    {
        var form = Book.Form(
        [
            "type|name|label|relais::instruction|relais::read|relais::check|relais::check_message|relais::quota|relais::timestamp|relais::disposition|relais::order|relais::order_seed|relais::anchor|calculation",
            "calculate|seed||||||||||||once(random())",
            "begin group|block|Block||||||||random|${seed}|",
            "select_one yn|sex|Sex?|Note without asking|question|. != 'no'|Really no?|yes|yes||rotate||first",
            "note|out|Thank you|||||||screened-out|||last",
            "end group||",
        ], Lists);
        var (block, sex, end) = (form.All().OfType<FormGroup>().Single(), form.Question("sex"), form.Question("out"));
        Assert.Equal((OrderKind.Random, " /data/seed ", "/data/block_order"), (block.Order!.Kind, block.Order.Seed!.XPath, block.Order.RecordedIn));
        Assert.Equal((OrderKind.Rotate, "/data/block/sex_order"), (sex.Choices!.Order!.Kind, sex.Choices.Order.RecordedIn));
        Assert.Equal(("Note without asking", ReadAloud.Question, "sex", "/data/block/sex_time", Anchor.First),
            (sex.Instruction!.Translations[0].Parts[0].Literal, sex.Read, sex.Quota, sex.TimestampPath, sex.Anchor));
        Assert.Equal((". != 'no'", "Really no?"), (sex.Checks[0].Expression.XPath, sex.Checks[0].Message!.Translations[0].Parts[0].Literal));
        Assert.Equal(("screened-out", Anchor.Last), (end.Disposition, end.Anchor));
        Assert.Equal([Anchor.First, Anchor.First], [form.Question("sex_time").Anchor, form.Question("sex_order").Anchor]);
        Assert.Equal(["seed", "block_order", "block", "sex_order", "sex", "sex_time", "out"], form.All().Select(i => i.Name));
        var refused = form.Lists[0].Choices[2];
        Assert.Equal((true, Anchor.Last, "refusal"), (refused.DoNotRead, refused.Anchor, refused.Disposition));
    }

    [Fact]
    public void A_listening_day_has_its_lists_and_hours()
    {
        var form = Book.Form(["type|name|label|parameters", "listening-day|y|Yesterday|stations=s first=05:00 last=29:00 slot=15 places=p devices=p moments=m"],
            ["list_name|name|label|from|to|frequency", "s|nova|Nova|||101.5", "p|home|Home", "m|morning|When you got up?|05:00|09:00"]);
        Assert.Equal(new ListeningDay("s", 300, 1740, 15, "p", "p", "m"), form.Question("y").ListeningDay);
    }

    [Fact]
    public void A_table_beside_the_workbook_is_read_for_choices_and_pulldata()
    {
        var form = Book.Form(["type|name|label|choice_filter|calculation|parameters", "text|dep|D", "select_one_from_file communes.csv|c|C|dep = ${dep}||value=code label=nom", "calculate|pop|||pulldata('sizes', 'pop', 'code', ${c})"],
            attached: name => Encoding.UTF8.GetBytes(name == "communes.csv" ? "\uFEFFcode;nom;dep\r\n75056;Paris;75\r\n\"2A004\";\"Ajaccio, \"\"la\"\"\";2A\r\n" : "code,pop\n75056,2000000\n"));
        Assert.Equal(["communes", "sizes"], form.Instances.Select(i => i.Id));
        Assert.Equal(["2A004", "Ajaccio, \"la\"", "2A"], form.Instances[0].Rows[1]);
        Assert.Equal(("communes", "code", "nom"), (form.Question("c").Choices!.List, form.Question("c").Choices!.ValueRef, form.Question("c").Choices!.LabelRef));
    }

    [Fact]
    public void Choices_may_be_the_passes_of_a_repeat()
    {
        var form = Book.Form(["type|name|label", "begin repeat|child|Child", "text|first|Name", "end repeat||", "select_one ${first}|eldest|Who is the eldest?"]);
        Assert.Equal(("/data/child[./first != '']", "first"), (form.Question("eldest").Choices!.Nodeset!.XPath, form.Question("eldest").Choices!.ValueRef));
    }

    [Fact]
    public void Randomized_choices_keep_their_seed()
    {
        var form = Book.Form(["type|name|label|parameters", "integer|seed|S", "select_one yn|a|A|randomize = true, seed=${seed}"], Lists);
        Assert.Equal((true, " /data/seed "), (form.Question("a").Choices!.Randomize, form.Question("a").Choices!.Seed!.XPath));
    }

    [Fact]
    public void Settings_name_the_form_and_its_languages()
    {
        var form = Book.Form(["type|name|label|label::English (en)", "text|a|A|B"], null, ["form_title|form_id|version|default_language|instance_name|name", "Radio|radio|7|Français (fr)|concat('R', ${a})|radio"]);
        Assert.Equal(("Radio", "radio", "7", "radio", "Français (fr)"), (form.Title, form.Id, form.Version, form.Root, form.DefaultLanguage));
        Assert.Equal(["Français (fr)", "English (en)"], form.Languages);
        Assert.Equal("concat('R',  /radio/a )", form.InstanceName!.XPath);
        Assert.Equal("B", form.Question("a").Label!.In("English (en)", form.DefaultLanguage)[0].Literal);
    }

    [Fact]
    public void Old_spellings_of_columns_and_types_are_understood()
    {
        var form = Book.Form(["Type|Name|Caption:English|relevance|Constraint Message|Read Only", "select one from yn|a|A|||", "select all that apply from yn|b|B|${a} != ''|Not so|yes", "add integer prompt|c|C"], Lists);
        Assert.Equal([QuestionType.SelectOne, QuestionType.SelectMultiple, QuestionType.WholeNumber], form.Questions().Select(q => q.Type));
        Assert.Equal(["English"], form.Languages);
        Assert.Equal(" /data/a  != ''", form.Question("b").Relevant!.XPath);
    }
}
