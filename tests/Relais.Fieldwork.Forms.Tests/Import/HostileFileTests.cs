using System.Text;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Import;

namespace Relais.Fieldwork.Forms.Tests.Import;

/// <summary>Files made to harm are refused with a reason, at once, and nothing is read from outside.</summary>
public sealed class HostileFileTests
{
    private static readonly string[] Survey = ["type|name|label", "text|a|A"];

    private static string Code(byte[] file, ImportLimits? limits = null, string name = "x.xlsx") =>
        Assert.Single(FormImporter.Import(name, file, limits: limits).Findings, f => f.Level == FindingLevel.Error).Code;

    private static Dictionary<string, string> Parts(string sheet, string shared = "") => new(StringComparer.Ordinal)
    {
        ["xl/workbook.xml"] = "<workbook xmlns:r='r'><sheets><sheet name='survey' r:id='r0'/></sheets></workbook>",
        ["xl/_rels/workbook.xml.rels"] = "<Relationships><Relationship Id='r0' Target='/xl/worksheets/s.xml'/></Relationships>",
        ["xl/worksheets/s.xml"] = sheet,
        ["xl/sharedStrings.xml"] = $"<sst>{shared}</sst>",
    };

    [Fact]
    public void A_zip_bomb_is_refused()
    {
        var bomb = Book.Zip(Parts("<worksheet><sheetData/></worksheet>" + new string(' ', 65 * 1024 * 1024)));
        Assert.True(bomb.Length < 1_000_000);
        Assert.Equal("file-too-large", Code(bomb));
    }

    [Fact]
    public void A_bomb_whose_header_lies_about_its_length_is_refused()
    {
        var bomb = Book.Zip(Parts("<worksheet>" + new string(' ', 1_000_000) + "</worksheet>"));
        // The length of the part in its central directory entry, 1,000,023 bytes, becomes 100.
        var length = BitConverter.GetBytes(1_000_023);
        for (var at = bomb.Length - 4; at >= 0; at--)
        {
            if (bomb.AsSpan(at, 4).SequenceEqual(length))
                BitConverter.GetBytes(100).CopyTo(bomb, at);
        }

        Assert.Contains(Code(bomb), (string[])["file-too-large", "damaged-file"]);
    }

    [Fact]
    public void A_text_that_a_million_cells_share_is_refused()
    {
        var row = string.Concat(Enumerable.Repeat("<c t='s'><v>0</v></c>", 500));
        var sheet = $"<worksheet><sheetData>{string.Concat(Enumerable.Repeat($"<row>{row}</row>", 40))}</sheetData></worksheet>";
        Assert.Equal("file-too-large", Code(Book.Zip(Parts(sheet, $"<si><t>{new string('x', 30_000)}</t></si>"))));
    }

    [Fact]
    public void More_cells_than_a_questionnaire_can_have_are_refused() =>
        Assert.Equal("file-too-large", Code(Book.Write(("survey", [.. Survey, .. Survey])), ImportLimits.Default with { Cells = 6 }));

    [Fact]
    public void A_large_sheet_that_is_not_read_does_no_harm()
    {
        var import = FormImporter.Import("x.xlsx", Book.Write(("survey", Survey), ("notes", [.. Enumerable.Repeat("a|b|c", 100)])), limits: ImportLimits.Default with { Cells = 50 });
        Assert.True(import.Usable);
    }

    [Fact]
    public void External_entities_are_refused_in_a_workbook()
    {
        var sheet = "<!DOCTYPE w [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><worksheet><sheetData><row><c t='str'><v>&e;</v></c></row></sheetData></worksheet>";
        Assert.Equal("damaged-file", Code(Book.Zip(Parts(sheet))));
    }

    [Fact]
    public void External_entities_are_refused_in_an_xform() =>
        Assert.Equal("dtd", Code(Encoding.UTF8.GetBytes("<!DOCTYPE h [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><h:html xmlns:h='x'>&e;</h:html>"), name: "x.xml"));

    [Fact]
    public void A_billion_laughs_are_refused() =>
        Assert.Equal("dtd", Code(Encoding.UTF8.GetBytes("<!DOCTYPE h [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><h>&b;</h>"), name: "x.xml"));

    [Fact]
    public void An_xform_that_is_too_deep_is_refused() =>
        Assert.Equal("too-deep", Code(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<g>", 100_000)) + string.Concat(Enumerable.Repeat("</g>", 100_000))), name: "x.xml"));

    [Fact]
    public void Groups_that_are_too_deep_are_refused()
    {
        var import = Book.Import(["type|name|label", .. Enumerable.Range(0, 5000).Select(i => $"begin group|g{i}|G")]);
        Assert.Contains(import.Findings, f => f.Code == "too-deep");
        Assert.False(import.Usable);
    }

    [Fact]
    public void A_file_over_the_limit_is_not_opened() => Assert.Equal("file-too-large", Code(Book.Write(("survey", Survey)), ImportLimits.Default with { FileBytes = 100 }));

    [Theory]
    [InlineData("hello", "not-a-form")]
    [InlineData("PK\u0003\u0004 no archive", "damaged-file")]
    [InlineData("<html><head/><body/></html>", "no-model")]
    [InlineData("<html><head>", "bad-xml")]
    [InlineData("", "not-a-form")]
    public void What_is_no_form_is_refused(string text, string code) => Assert.Equal(code, Code(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void A_workbook_without_a_survey_sheet_names_the_sheets_it_has() =>
        Assert.Contains("Feuil1", Assert.Single(FormImporter.Import("x.xlsx", Book.Write(("Feuil1", Survey))).Findings, f => f.Code == "no-survey-sheet").Text.French, StringComparison.Ordinal);

    [Fact]
    public void Every_workbook_cut_short_anywhere_is_refused_and_never_throws()
    {
        foreach (var name in Reference.Names("pyxform/", ".xls").Concat(Reference.Names("pyxform/", "or_other.xlsx")))
        {
            var whole = Reference.Bytes(name);
            for (var length = 0; length < whole.Length; length += 97)
                _ = FormImporter.Import(name, whole[..length]);
        }
    }

    [Fact]
    public void Every_byte_of_an_old_workbook_may_be_wrong()
    {
        var whole = Reference.Bytes("pyxform/repeat_date_test.xls");
        for (var at = 0; at < whole.Length; at += 13)
        {
            var wrong = (byte[])whole.Clone();
            wrong[at] ^= 0xFF;
            _ = FormImporter.Import("x.xls", wrong);
        }
    }

    [Fact]
    public void A_name_with_a_path_is_asked_for_as_it_is_written_and_nothing_is_opened()
    {
        var asked = new List<string>();
        _ = Book.Import(["type|name|label", "select_one_from_file ../../etc/passwd.csv|a|A"], attached: name => { asked.Add(name); return null; });
        Assert.Equal(["../../etc/passwd.csv"], asked);
    }
}
