using System.Text;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import;

namespace Relais.Fieldwork.Forms.Tests.Import;

public sealed class PyxformTests
{
    public static TheoryData<string> Workbooks => [.. Reference.Names("pyxform/", ".xls").Concat(Reference.Names("pyxform/", ".xlsx"))];

    public static TheoryData<string> XForms => [.. Reference.Names("xforms/", ".xml")];

    private static byte[] Expected(string workbook) => Reference.Bytes(workbook[..workbook.LastIndexOf('.')] + ".expected.xml");

    private static FormDefinition Import(string name, byte[] bytes)
    {
        var import = FormImporter.Import(name, bytes);
        Assert.True(import.Usable, string.Join('\n', import.Findings.Select(f => $"{f.Origin} {f.Code} {f.Text.English}")));
        return import.Definition!;
    }

    [Fact]
    public void There_are_six_workbooks_and_nine_xforms() => Assert.Equal((6, 9), (Workbooks.Count, XForms.Count));

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void A_workbook_agrees_with_the_xform_that_pyxform_makes_of_it(string workbook) =>
        Assert.Equal(FormFacts.OfXml(Expected(workbook)), FormFacts.Of(Import(workbook, Reference.Bytes(workbook))));

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void The_xform_of_a_workbook_imports_as_the_same_form(string workbook)
    {
        var (left, right) = (Import(workbook, Reference.Bytes(workbook)), Import("x.xml", Expected(workbook)));
        Assert.Equal(FormFacts.Of(left), FormFacts.Of(right));
        Assert.Equal(left.Questions().Select(q => (q.Name, q.AnswerType, q.Default)).Where(IsCompared), right.Questions().Select(q => (q.Name, q.AnswerType, q.Default)).Where(IsCompared));

        static bool IsCompared((string Name, AnswerType, string?) question) =>
            !question.Name.StartsWith("reserved_name", StringComparison.Ordinal) && !question.Name.StartsWith("generated_table", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void The_texts_of_a_workbook_are_those_of_its_xform(string workbook)
    {
        var (left, right) = (Import(workbook, Reference.Bytes(workbook)), Import("x.xml", Expected(workbook)));
        // A hint whose column names no language is in the language "default" for pyxform, in the first of the labels' for us.
        var languages = left.Languages.Intersect(right.Languages, StringComparer.Ordinal).ToList();
        var (ours, theirs) = (FormFacts.TextsOf(left, languages), FormFacts.TextsOf(right, languages));
        Assert.Empty(theirs.Except(ours, StringComparer.Ordinal));
        Assert.NotEmpty(theirs);
    }

    [Theory]
    [MemberData(nameof(XForms))]
    public void An_xform_imports_without_error_and_survives_its_json(string xform)
    {
        var form = Import(xform, Reference.Bytes(xform));
        var json = FormJson.Write(form);
        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(FormJson.Write(FormJson.Read(json))));
        Assert.NotEmpty(form.Questions());
    }

    [Theory]
    [MemberData(nameof(Workbooks))]
    public void A_workbook_imported_twice_gives_the_same_bytes(string workbook) =>
        Assert.Equal(FormJson.Write(Import(workbook, Reference.Bytes(workbook))), FormJson.Write(Import(workbook, Reference.Bytes(workbook))));
}
