using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Sessions;
using static Relais.Fieldwork.Forms.Tests.Sessions.Form;

namespace Relais.Fieldwork.Forms.Tests.Sessions;

public sealed class AnswerTests
{
    [Theory]
    [InlineData(QuestionType.WholeNumber, " 007 ", "7")]
    [InlineData(QuestionType.WholeNumber, "3.5", null)]
    [InlineData(QuestionType.WholeNumber, "1e5", null)]
    [InlineData(QuestionType.Number, "3,50", "3.5")]
    [InlineData(QuestionType.Number, "2020-01-01", null)]
    [InlineData(QuestionType.Number, "1.2.3", null)]
    [InlineData(QuestionType.Range, "11", null)]
    [InlineData(QuestionType.Range, "10", "10")]
    [InlineData(QuestionType.Date, "26/11/2026", "2026-11-26")]
    [InlineData(QuestionType.Date, "2026-02-30", null)]
    [InlineData(QuestionType.Time, "7:05", "07:05:00.000+01:00")]
    [InlineData(QuestionType.Time, "7h05", "07:05:00.000+01:00")]
    [InlineData(QuestionType.Time, "25:00", null)]
    [InlineData(QuestionType.DateTime, "2026-11-26 07:05", "2026-11-26T07:05:00.000+01:00")]
    [InlineData(QuestionType.Acknowledge, "ok", "OK")]
    [InlineData(QuestionType.Text, "  été  ", "été")]
    public void An_answer_is_stored_in_one_form_or_refused(QuestionType type, string typed, string? stored)
    {
        var session = Start(Ask("/f/q", type));
        var result = session.Answer("/f/q", typed, At);
        Assert.Equal(stored is not null, result.Accepted);
        Assert.Equal(stored ?? "", session.Value("/f/q"));
        if (stored is null)
            Assert.Equal(ProblemKind.Unreadable, result.Problems[0].Kind);
    }

    [Fact]
    public void A_constraint_refuses_with_its_message_in_the_language_of_the_interview()
    {
        var session = Start(Ask("/f/age", QuestionType.WholeNumber) with { Constraint = X(". >= 15 and . < 120"), ConstraintMessage = Text("Quinze ans au moins.", "Fifteen at least.") });
        var refused = session.Answer("/f/age", "14", At).Problems.Single();
        Assert.Equal((ProblemKind.Constraint, "Quinze ans au moins."), (refused.Kind, refused.Text));
        Assert.Empty(session.Events);
        Assert.True(session.SwitchLanguage("en", At).Accepted);
        Assert.Equal("Fifteen at least.", session.Answer("/f/age", "14", At).Problems.Single().Text);
        session.Give("/f/age", "15");
    }

    [Fact]
    public void A_required_answer_keeps_the_interview_on_its_screen()
    {
        var session = Start(Ask("/f/a") with { Required = X("true()") }, Ask("/f/b"));
        Assert.Equal(ProblemKind.Missing, session.Next(At).Problems.Single().Kind);
        Assert.Single(session.Problems());
        session.Give("/f/a", "x");
        Assert.True(session.Next(At).Accepted);
        Assert.Equal("/f/b", session.Screen().Key);
    }

    [Fact]
    public void A_doubtful_answer_must_be_confirmed_again_once_it_changes()
    {
        var session = Start(Ask("/f/hours", QuestionType.WholeNumber) with { Checks = [new SoftCheck(X(". <= 12"), Text("Plus de douze heures ?", "More than twelve hours?"))] });
        session.Give("/f/hours", "14");
        var doubt = session.Next(At).Problems.Single();
        Assert.True(doubt.CanBeConfirmed);
        Assert.Equal("Plus de douze heures ?", doubt.Text);
        Assert.True(session.Confirm("/f/hours", At).Accepted);
        Assert.True(session.Next(At).Accepted);
        session.Give("/f/hours", "15");
        Assert.Single(session.Problems());
    }

    [Fact]
    public void Choices_are_filtered_by_earlier_answers_and_an_answer_that_is_no_more_offered_is_wrong()
    {
        var session = Start(Ask("/f/region"), Select("/f/station", "stations", filter: "region = current()/../region"));
        session.Give("/f/region", "even");
        Assert.True(session.JumpTo("/f/station", At));
        Assert.Equal(["s2", "s4", "s6"], session.Screen().Questions[0].Choices.Select(choice => choice.Name));
        Assert.Equal(ProblemKind.NotAChoice, session.Answer("/f/station", "s1", At).Problems.Single().Kind);
        session.Give("/f/station", "s4");
        session.Give("/f/region", "odd");
        Assert.Equal(ProblemKind.NotAChoice, session.Problems().Single().Kind);
    }

    [Theory]
    [InlineData("region = current()/../region")]
    [InlineData("/f/region = region")]
    [InlineData("region = /f/region and true()")]
    [InlineData("region = concat(/f/region, '')")]
    public void A_filter_that_is_looked_up_offers_what_one_that_is_evaluated_offers(string filter)
    {
        var session = Start(Ask("/f/region"), Select("/f/station", "stations", filter: filter));
        foreach (var (region, offered) in new[] { ("odd", "s1 s3 s5"), ("even", "s2 s4 s6"), ("none", ""), ("", "") })
        {
            session.Give("/f/region", region);
            Assert.True(session.JumpTo("/f/station", At));
            Assert.Equal(offered, string.Join(' ', session.Screen().Questions[0].Choices.Select(choice => choice.Name)));
        }
    }

    [Fact]
    public void Several_choices_are_stored_in_the_order_of_the_list()
    {
        var session = Start(Select("/f/s", "stations", QuestionType.SelectMultiple) with { Choices = new ChoiceSource { List = "stations", Randomize = true } });
        session.Give("/f/s", "s5 s1 s3 s1");
        Assert.Equal("s1 s3 s5", session.Value("/f/s"));
    }

    [Fact]
    public void Answers_are_piped_into_texts_in_the_language_of_the_interview()
    {
        var session = Start(
            Ask("/f/name"), Select("/f/s", "yesno"),
            Ask("/f/q") with { Label = Text("Bonjour {/f/name}, vous dites {jr:choice-name(/f/s, ' /f/s ')} ?", "Hello {/f/name}, you say {jr:choice-name(/f/s, '/f/s')}?") });
        session.Give("/f/name", "Ana");
        session.Give("/f/s", "yes");
        Assert.True(session.JumpTo("/f/q", At));
        Assert.Equal("Bonjour Ana, vous dites Oui ?", session.Screen().Questions[0].Label);
        Assert.True(session.SwitchLanguage("English (en)", At).Accepted);
        Assert.Equal("Hello Ana, you say Yes?", session.Screen().Questions[0].Label);
        Assert.False(session.SwitchLanguage("de", At).Accepted);
    }

    [Fact]
    public void What_is_known_beforehand_is_there_from_the_first_screen()
    {
        var program = FormProgram.Compile(Of(Ask("/f/region", QuestionType.Hidden), Ask("/f/q") with { Relevant = X("/f/region = 'IDF'") }));
        var session = FormSession.Start(program, new SessionStart(1, At) { Known = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "IDF" } });
        Assert.Equal("/f/q", session.Screen().Key);
    }

    [Fact]
    public void A_count_beyond_all_measure_is_cut()
    {
        var session = Start(Ask("/f/n", QuestionType.WholeNumber), Repeat("/f/r", "/f/n", Ask("/f/r/x")), Compute("/f/count", "count(/f/r)"));
        session.Give("/f/n", "1000000");
        Assert.Equal("500", session.Value("/f/count"));
    }

    [Fact]
    public void A_text_that_is_too_long_is_not_stored() =>
        Assert.Equal(ProblemKind.TooLong, Start(Ask("/f/a")).Answer("/f/a", new string('x', 20_001), At).Problems.Single().Kind);
}
