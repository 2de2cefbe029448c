using System.Text;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Tests.Definitions;

public sealed class FormJsonTests
{
    private static readonly Origin Cell = new("survey", 2, 3);

    private static FormDefinition Form() => new()
    {
        Id = "f",
        Title = "Été",
        Root = "f",
        DefaultLanguage = "fr",
        Languages = ["fr", "en"],
        Items =
        [
            new FormGroup
            {
                Name = "g",
                Path = "/f/g",
                Origin = Cell,
                FieldList = true,
                Items = [new FormQuestion { Name = "t", Path = "/f/g/t", Origin = Cell, Type = QuestionType.Text, TypeName = "text" }, new FormQuestion { Name = "q", Path = "/f/g/q", Origin = Cell, Type = QuestionType.SelectOne, TypeName = "select_one", Choices = new() { List = "l" } }],
            },
            new FormRepeat { Name = "r", Path = "/f/r", Origin = Cell, Count = new("2", Cell) },
        ],
        Lists = [new("l", [new("a", new([new("fr", [TextPart.Words("A "), TextPart.Value("/f/g/q")], Cell)]), Cell)], [], Cell)],
    };

    [Fact]
    public void A_definition_survives_its_canonical_json_byte_for_byte()
    {
        var bytes = FormJson.Write(Form());
        Assert.Equal(bytes, FormJson.Write(FormJson.Read(bytes)));
        Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(FormJson.Write(Form())));
        Assert.Contains("\"kind\":\"group\"", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_read_again_has_its_tree_its_lists_and_their_origins()
    {
        var form = FormJson.Read(FormJson.Write(Form()));
        Assert.Equal(["g", "t", "q", "r"], form.All().Select(item => item.Name));
        Assert.Equal("survey!C2", form.Questions().Last().Origin.ToString());
        Assert.Equal("/f/g/q", form.Lists[0].Choices[0].Label!.In("en", "fr")[1].Expression);
    }

    [Fact]
    public void Columns_are_named_as_a_spreadsheet_names_them() =>
        Assert.Equal(["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"], new[] { 1, 26, 27, 52, 53, 702, 703 }.Select(Origin.ColumnName));
}
