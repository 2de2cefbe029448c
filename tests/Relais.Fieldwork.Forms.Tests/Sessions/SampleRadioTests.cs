using System.Text;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import;
using Relais.Fieldwork.Forms.Listening;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Forms.Tests.Sessions;

/// <summary>The sample radio questionnaire, from its workbook to a record.</summary>
public sealed class SampleRadioTests
{
    private static readonly FormProgram Program = FormProgram.Compile(FormImporter.Import("radio.xlsx", Reference.Bytes("radio.xlsx")).Definition!);

    [Theory]
    [InlineData("fr", "Quel âge avez-vous ?")]
    [InlineData("en", "How old are you?")]
    public void An_interview_goes_through_the_day_before_to_its_record(string language, string asked)
    {
        Assert.Empty(Program.Findings);
        var (session, lines, stopped) = Walk(language, []);
        Assert.Null(stopped);
        Assert.Contains(lines, line => line.Question.Label == asked);
        Assert.Equal("complete", session.Disposition);
        var answers = Encoding.UTF8.GetString(session.Record());
        Assert.Contains("/journee\":\"0700-0830:", answers, StringComparison.Ordinal);
        Assert.Contains("\"complete\":true", answers, StringComparison.Ordinal);
        Assert.Empty(FormRecord.Validate(Program, session.Record()));
        var again = FormSession.Restore(Program, session.Begun, session.Events, out var refused);
        Assert.Null(refused);
        Assert.Equal(answers, Encoding.UTF8.GetString(again.Record()));
    }

    [Fact]
    public void The_day_before_becomes_rows_of_the_listening_file()
    {
        var (session, lines, _) = Walk("fr", []);
        var day = lines.Single(line => line.Question.Definition.ListeningDay is not null);
        var rows = ListeningJournal.Parse(session.Value(day.Question.Path), out _)!.Quarters(day.Question.Definition.ListeningDay!);
        Assert.Equal([8, 9, 10, 11, 12, 13], rows.Select(row => row.QuarterHour));
        Assert.Equal([Station], rows.Select(row => row.Station).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("accord", "refus", "refused")]
    [InlineData("accord", "plus_tard", "appointment")]
    [InlineData("age", "9", "not-eligible")]
    public void An_answer_may_end_the_interview_with_its_outcome(string name, string answer, string outcome)
    {
        var (session, lines, stopped) = Walk("fr", new() { [name] = answer });
        Assert.Null(stopped);
        Assert.Equal(outcome, session.Disposition);
        Assert.DoesNotContain(lines, line => line.Question.Definition.Name == "journee");
        Assert.Empty(session.Problems());
    }

    [Fact]
    public void Who_did_not_listen_is_not_asked_for_the_day()
    {
        var (_, lines, _) = Walk("fr", new() { ["ecoute_hier"] = "non" });
        Assert.DoesNotContain(lines, line => line.Question.Definition.Name is "journee" or "habituel");
    }

    [Fact]
    public void Opinions_come_in_an_order_of_the_interview_with_the_last_one_last()
    {
        var orders = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 1; seed <= 30; seed++)
        {
            var (_, lines, _) = Walk("fr", [], seed);
            var order = lines.Select(line => line.Question.Definition.Name).Where(name => name.StartsWith("op_", StringComparison.Ordinal)).ToList();
            Assert.Equal((4, "op_general"), (order.Count, order[^1]));
            orders.Add(string.Join(' ', order));
        }

        Assert.InRange(orders.Count, 4, 6);
    }

    private static string Station => Program.Form.Lists.Single(list => list.Name == "station").Choices[0].Name;

    private static (FormSession Session, List<ScriptLine> Lines, FormProblem? Stopped) Walk(string language, Dictionary<string, string> answers, long seed = 1)
    {
        var session = FormSession.Start(Program, new SessionStart(seed, Form.At) { Language = language, Username = "enq1" });
        var lines = new List<ScriptLine>();
        var stopped = FormScript.Walk(session, question => answers.GetValueOrDefault(question.Definition.Name) ?? Usual(question), _ => 0, lines.Add);
        return (session, lines, stopped);
    }

    private static string? Usual(ScreenQuestion question) => question.Definition switch
    {
        { Name: "age" } => "34",
        { Name: "moins_13" } => "1",
        { Type: QuestionType.WholeNumber } => "2",
        { ListeningDay: not null } => $"0700-0830:{Station}",
        { Type: QuestionType.SelectOne or QuestionType.SelectMultiple } => question.Choices[0].Name,
        { Type: QuestionType.Note } => null,
        _ => "texte",
    };
}
