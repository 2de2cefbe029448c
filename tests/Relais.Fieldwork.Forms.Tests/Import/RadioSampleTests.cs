using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Forms.Tests.Import;

/// <summary>The sample questionnaire, as it lies in samples/radio.</summary>
public sealed class RadioSampleTests
{
    private static readonly FormImport Radio = FormImporter.Import("radio.xlsx", Reference.Bytes("radio.xlsx"));

    private static FormDefinition Form => Radio.Definition!;

    [Fact]
    public void It_has_no_error_and_no_warning() =>
        Assert.Empty(Radio.Findings.Where(f => f.Level != FindingLevel.Note).Select(f => $"{f.Origin} {f.Code} {f.Text.English}"));

    [Fact]
    public void It_asks_twenty_five_questions_in_two_languages()
    {
        Assert.Equal(25, Form.Questions().Count(q => q is { Generated: false, Type: not (QuestionType.Note or QuestionType.Calculate or QuestionType.Metadata) }));
        Assert.Equal(["Français (fr)", "English (en)"], Form.Languages);
        Assert.Equal(["sex", "age_group", "region"], Form.Questions().Select(q => q.Quota).OfType<string>());
    }

    [Fact]
    public void Its_listening_day_has_many_stations_that_have_frequencies_and_nicknames()
    {
        var day = Form.Questions().Single(q => q.Type == QuestionType.ListeningDay).ListeningDay!;
        Assert.Equal(new ListeningDay("station", 300, 1740, 15, "lieu", "appareil", "moment"), day);
        var stations = Form.Lists.Single(list => list.Name == "station").Choices;
        Assert.Equal(133, stations.Count);
        Assert.All(stations.Where(s => s.Name != "inconnue"), s => Assert.True(s.Column("frequency").Length > 0 && s.Column("nickname").Length > 0));
    }

    [Fact]
    public void It_compiles_to_a_program_that_can_be_run()
    {
        var program = FormProgram.Compile(Form);
        Assert.Empty(program.Findings.Select(f => f.Text.English));
    }
}
