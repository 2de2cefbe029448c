using Relais.Fieldwork.Forms.Checks;

namespace Relais.Fieldwork.Forms.Tests.Import;

/// <summary>Everything that can be wrong with a workbook is said with its cell.</summary>
public sealed class FindingTests
{
    private static readonly string[] YesNo = ["list_name|name|label", "yn|yes|Yes", "yn|no|No"];

    /// <summary>Code, cell, level, survey rows from the second on under <c>type|name|label|relevant|constraint|calculation|choice_filter|parameters</c>.</summary>
    public static TheoryData<string, string, FindingLevel, string[]> OfSurvey => new()
    {
        { "unknown-type", "survey!A2", FindingLevel.Error, ["intger|a|A"] },
        { "unsupported-type", "survey!A2", FindingLevel.Error, ["begin loop over yn|a|A"] },
        { "unknown-list", "survey!A3", FindingLevel.Error, ["text|a|A", "select_one yno|b|B"] },
        { "select-without-list", "survey!A2", FindingLevel.Error, ["select_one|a|A"] },
        { "double-name", "survey!B3", FindingLevel.Error, ["text|a|A", "text|a|B"] },
        { "missing-name", "survey!2", FindingLevel.Error, ["text||A"] },
        { "bad-name", "survey!B2", FindingLevel.Error, ["text|my name|A"] },
        { "missing-label", "survey!2", FindingLevel.Error, ["text|a|"] },
        { "not-ended", "survey!A2", FindingLevel.Error, ["begin group|g|G", "text|a|A"] },
        { "nothing-to-end", "survey!A3", FindingLevel.Error, ["text|a|A", "end group||"] },
        { "ends-another", "survey!A4", FindingLevel.Error, ["begin repeat|g|G", "text|a|A", "end group||"] },
        { "row-without-type", "survey!2", FindingLevel.Error, ["|a|A"] },
        { "unknown-reference", "survey!D3", FindingLevel.Error, ["text|age|A", "text|b|B|${agee} = 1"] },
        { "unknown-reference", "survey!C3", FindingLevel.Error, ["text|age|A", "text|b|Hello ${agee}"] },
        { "ambiguous-reference", "survey!D8", FindingLevel.Error, ["begin group|g|", "text|a|A", "end group||", "begin group|h|", "text|a|A", "end group||", "text|b|B|${a} = 1"] },
        { "open-reference", "survey!D3", FindingLevel.Error, ["text|a|A", "text|b|B|${a = 1"] },
        { "last-saved", "survey!D3", FindingLevel.Error, ["text|a|A", "text|b|B|${last-saved#a} = 1"] },
        { "bad-expression", "survey!E2", FindingLevel.Error, ["integer|a|A||. > and 3"] },
        { "bad-expression", "survey!F2", FindingLevel.Error, ["calculate|a|||| nosuch(1)"] },
        { "unknown-path", "survey!D2", FindingLevel.Error, ["text|a|A|/data/nothing = 1"] },
        { "unknown-instance", "survey!D2", FindingLevel.Error, ["text|a|A|instance('none')/root/item[name='x']/label = 'y'"] },
        { "cycle", "survey!F3", FindingLevel.Error, ["calculate|a||||${b} + 1", "calculate|b||||${a} + 1"] },
        { "cycle", "survey!D2", FindingLevel.Error, ["text|a|A|${a} = 1"] },
        { "missing-calculation", "survey!2", FindingLevel.Error, ["calculate|a|"] },
        { "not-on-the-telephone", "survey!A2", FindingLevel.Warning, ["geopoint|a|A"] },
        { "metadata-empty", "survey!A2", FindingLevel.Note, ["phonenumber|a|"] },
        { "bad-parameters", "survey!H2", FindingLevel.Error, ["range|a|A|||||start"] },
        { "unknown-parameter", "survey!H2", FindingLevel.Warning, ["range|a|A|||||stop=3"] },
        { "bad-range", "survey!A2", FindingLevel.Error, ["range|a|A|||||start=9 end=3"] },
        { "seed-without-randomize", "survey!H2", FindingLevel.Warning, ["select_one yn|a|A|||||seed=3"] },
        { "day-without-stations", "survey!H2", FindingLevel.Error, ["listening-day|a|A|||||first=05:00"] },
        { "day-hours", "survey!H2", FindingLevel.Error, ["listening-day|a|A|||||stations=yn first=05:00 last=04:00"] },
        { "bad-value", "survey!H2", FindingLevel.Error, ["listening-day|a|A|||||stations=yn first=5h"] },
        { "moment-hours", "choices!2", FindingLevel.Error, ["listening-day|a|A|||||stations=yn moments=yn"] },
        { "unknown-filter-column", "survey!G3", FindingLevel.Warning, ["text|b|B", "select_one yn|a|A||||region = ${b}"] },
        { "other-with-filter", "survey!G2", FindingLevel.Error, ["select_one yn or_other|a|A||||name = 'yes'"] },
        { "not-in-repeat", "survey!A3", FindingLevel.Error, ["text|b|B", "select_one ${b}|a|A"] },
        { "file-missing", "survey!A2", FindingLevel.Error, ["select_one_from_file communes.csv|a|A"] },
        { "file-missing", "survey!F2", FindingLevel.Error, ["calculate|a||||pulldata('communes', 'label', 'name', '75056')"] },
        { "file-kind", "survey!A2", FindingLevel.Error, ["select_one_from_file communes.geojson|a|A"] },
        { "column-not-for-type", "survey!E2", FindingLevel.Warning, ["begin group|g|G||. > 1", "text|a|A", "end group||"] },
        { "formula-cell", "survey!C2", FindingLevel.Warning, ["text|a|=A"] },
        { "formula-without-value", "survey!C2", FindingLevel.Error, ["text|a|="] },
        { "error-cell", "survey!C2", FindingLevel.Error, ["text|a|#REF!"] },
        { "cell-without-head", "survey!I2", FindingLevel.Note, ["text|a|A||||||loose"] },
    };

    [Theory]
    [MemberData(nameof(OfSurvey))]
    public void What_is_wrong_with_a_row_is_said_with_its_cell(string code, string cell, FindingLevel level, string[] rows)
    {
        var import = Book.Import(["type|name|label|relevant|constraint|calculation|choice_filter|parameters", .. rows], YesNo);
        var finding = Assert.Single(import.Findings, f => f.Code == code && f.Origin.ToString() == cell);
        Assert.Equal(level, finding.Level);
        Assert.NotEqual(finding.Text.French, finding.Text.English);
        Assert.Equal(level != FindingLevel.Error, import.Usable);
    }

    /// <summary>Code, cell, level, and the choices under <c>list_name|name|label</c>.</summary>
    public static TheoryData<string, string, FindingLevel, string[]> OfChoices => new()
    {
        { "double-choice", "choices!B3", FindingLevel.Error, ["yn|yes|Yes", "yn|yes|Oh yes"] },
        { "choice-name-with-blank", "choices!B2", FindingLevel.Error, ["yn|oh yes|Yes"] },
        { "choice-without-label", "choices!2", FindingLevel.Warning, ["yn|yes|"] },
        { "choice-without-name", "choices!2", FindingLevel.Error, ["yn||Yes", "yn|no|No"] },
        { "choice-without-list", "choices!2", FindingLevel.Error, ["|yes|Yes", "yn|no|No"] },
        { "unused-list", "choices!3", FindingLevel.Note, ["yn|yes|Yes", "other|a|A"] },
    };

    [Theory]
    [MemberData(nameof(OfChoices))]
    public void What_is_wrong_with_a_choice_is_said_with_its_cell(string code, string cell, FindingLevel level, string[] rows)
    {
        var import = Book.Import(["type|name|label", "select_one yn|a|A"], ["list_name|name|label", .. rows]);
        Assert.Equal(level, Assert.Single(import.Findings, f => f.Code == code && f.Origin.ToString() == cell).Level);
    }

    /// <summary>Code, cell, level, head and row.</summary>
    public static TheoryData<string, string, FindingLevel, string, string> OfColumns => new()
    {
        { "unknown-column", "survey!D1", FindingLevel.Warning, "type|name|label|relevent", "text|a|A|1" },
        { "column-not-used", "survey!D1", FindingLevel.Note, "type|name|label|image", "text|a|A|a.jpg" },
        { "double-column", "survey!D1", FindingLevel.Warning, "type|name|label|label", "text|a|A|B" },
        { "translation-missing", "survey!D2", FindingLevel.Warning, "type|name|label::fr|label::en", "text|a|A|" },
        { "translation-missing", "survey!2", FindingLevel.Warning, "type|name|label::fr|label::en|hint::fr", "text|a|A|B|H" },
        { "trigger", "survey!D2", FindingLevel.Error, "type|name|label|trigger", "text|a|A|${a}" },
        { "row-disabled", "survey!D2", FindingLevel.Note, "type|name|label|disabled", "text|a|A|yes" },
        { "search-appearance", "survey!A2", FindingLevel.Error, "type|name|label|appearance", "text|a|A|search('x')" },
        { "bad-value", "survey!D2", FindingLevel.Error, "type|name|label|relais::read", "text|a|A|loud" },
        { "bad-value", "survey!D2", FindingLevel.Error, "type|name|label|relais::order", "begin group|a|A|shuffle" },
        { "bad-value", "survey!D2", FindingLevel.Error, "type|name|label|relais::anchor", "text|a|A|middle" },
        { "message-without-check", "survey!D2", FindingLevel.Warning, "type|name|label|relais::check_message", "text|a|A|Sure?" },
        { "seed-without-order", "survey!D2", FindingLevel.Warning, "type|name|label|relais::order_seed", "begin group|a|A|7" },
        { "two-orders", "survey!D2", FindingLevel.Error, "type|name|label|relais::order|parameters", "select_one yn|a|A|random|randomize=true" },
        { "column-not-for-type", "survey!D2", FindingLevel.Warning, "type|name|label|relais::order", "text|a|A|random" },
        { "bad-name", "survey!D2", FindingLevel.Error, "type|name|label|relais::quota", "text|a|A|age group" },
    };

    [Theory]
    [MemberData(nameof(OfColumns))]
    public void What_is_wrong_with_a_column_is_said_with_its_cell(string code, string cell, FindingLevel level, string head, string row)
    {
        var import = Book.Import([head, row, .. row.StartsWith("begin", StringComparison.Ordinal) ? ["text|b|B", "end group||"] : (string[])["text|c|C"]], YesNo);
        Assert.Equal(level, Assert.Single(import.Findings, f => f.Code == code && f.Origin.ToString() == cell).Level);
    }

    [Fact]
    public void A_misspelt_word_is_answered_with_what_was_probably_meant()
    {
        var texts = Book.Import(["type|name|label|relevent", "intger|age|A|1", "select_one yno|b|${agee}"], YesNo).Findings.Select(f => f.Text.English).ToList();
        foreach (var meant in (string[])["\"integer\"?", "\"yn\"?", "\"age\"?", "\"relevant\"?"])
            Assert.Contains(texts, text => text.EndsWith($"Did you mean {meant}", StringComparison.Ordinal) || text.Contains($"Did you mean {meant}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cycle_names_everything_on_it()
    {
        var import = Book.Import(["type|name|label|calculation", "calculate|a||${b}", "calculate|b||${c}", "calculate|c||${a}", "text|d|D|"]);
        Assert.Contains("a → b → c → a", Assert.Single(import.Findings, f => f.Code == "cycle").Text.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_stand_in_the_order_of_the_sheets_and_rows()
    {
        var import = Book.Import(["type|name|label", "intger|a|A", "text|b|"], ["list_name|name|label", "l|a|"]);
        Assert.Equal(["survey!A2", "survey!3", "choices!2", "choices!2"], import.Findings.Select(f => f.Origin.ToString()));
    }

    [Fact]
    public void A_file_with_endless_findings_says_that_there_are_more()
    {
        var import = Book.Import(["type|name|label", .. Enumerable.Range(0, 3000).Select(i => $"nothing|a{i}|A")]);
        Assert.Equal((2001, "more", false), (import.Findings.Count, import.Findings[^1].Code, import.Usable));
    }
}
