using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Sessions;
using static Relais.Fieldwork.Forms.Tests.Sessions.Form;

namespace Relais.Fieldwork.Forms.Tests.Sessions;

public sealed class RoutingTests
{
    [Fact]
    public void Only_what_is_relevant_is_asked_and_an_answer_comes_back_with_its_question()
    {
        var session = Start(
            Select("/f/listens", "yesno"),
            Group("/f/radio", Ask("/f/radio/station") with { Relevant = X("/f/listens != 'no'") }, Ask("/f/radio/why")) with { Relevant = X("/f/listens = 'yes'") },
            Ask("/f/end"));
        Assert.Equal("listens end", session.Walk());
        session.Give("/f/listens", "yes");
        session.Give("/f/radio/station", "s1");
        Assert.True(session.JumpTo("/f/listens", At));
        Assert.Equal("listens radio/station radio/why end", session.Walk());
        session.Give("/f/listens", "no");
        Assert.Equal("", session.Value("/f/radio/station"));
        Assert.DoesNotContain("station", System.Text.Encoding.UTF8.GetString(session.Record()), StringComparison.Ordinal);
        session.Give("/f/listens", "yes");
        Assert.Equal("s1", session.Value("/f/radio/station"));
        Assert.Equal(ProblemKind.NotAsked, Start(Ask("/f/a") with { Relevant = X("false()") }).Answer("/f/a", "1", At).Problems[0].Kind);
    }

    [Fact]
    public void Values_are_computed_from_each_other_in_the_order_they_need()
    {
        var session = Start(Compute("/f/c", "/f/b * 2"), Compute("/f/b", "/f/a + 1"), Ask("/f/a", QuestionType.WholeNumber));
        Assert.Equal("", session.Value("/f/c"));
        session.Give("/f/a", "4");
        Assert.Equal("10", session.Value("/f/c"));
    }

    [Fact]
    public void A_change_evaluates_only_what_depends_on_it()
    {
        var items = Enumerable.Range(0, 300).SelectMany(i => new FormItem[] { Ask($"/f/q{i}"), Compute($"/f/c{i}", $"concat(/f/q{i}, '!')") }).ToList();
        var session = Start(items);
        var before = session.Values.Evaluations;
        session.Give("/f/q150", "x");
        Assert.Equal("x!", session.Value("/f/c150"));
        Assert.Equal(1, session.Values.Evaluations - before);
    }

    [Fact]
    public void A_circle_is_found_and_named()
    {
        var program = FormProgram.Compile(Of(Compute("/f/a", "/f/b + 1"), Compute("/f/b", "/f/c + 1"), Compute("/f/c", "/f/a"), Compute("/f/d", "/f/a")));
        var finding = Assert.Single(program.Findings);
        Assert.Equal("cycle", finding.Code);
        Assert.False(program.Usable);
        Assert.Contains("/f/a (calculation)", finding.Text.English, StringComparison.Ordinal);
        Assert.Contains("/f/c (calculation)", finding.Text.English, StringComparison.Ordinal);
        Assert.DoesNotContain("/f/d", finding.Text.English, StringComparison.Ordinal);
        Assert.Single(FormProgram.Compile(Of(Compute("/f/a", "/f/a + 1"))).Findings);
        Assert.Single(FormProgram.Compile(Of(Ask("/f/a") with { Relevant = X("/f/a = 1") })).Findings);
    }

    [Fact]
    public void An_expression_that_cannot_be_read_is_reported_where_it_was_written()
    {
        var origin = new Origin("survey", 4, 7);
        var finding = Assert.Single(FormProgram.Compile(Of(Ask("/f/a") with { Relevant = new FormExpression("1 +", origin) })).Findings);
        Assert.Equal((origin, "expression"), (finding.Origin, finding.Code));
    }

    [Fact]
    public void A_counted_repeat_follows_its_count_and_keeps_what_comes_back()
    {
        var session = Start(
            Ask("/f/n", QuestionType.WholeNumber),
            Repeat("/f/child", "/f/n", Ask("/f/child/name"), Compute("/f/child/place", "position(..)"), Ask("/f/child/age", QuestionType.WholeNumber)),
            Compute("/f/sum", "sum(/f/child/age)"), Compute("/f/count", "count(/f/child)"));
        session.Give("/f/n", "2");
        session.Give("/f/child[1]/age", "3");
        session.Give("/f/child[2]/age", "4");
        Assert.Equal(("7", "2", "2"), (session.Value("/f/sum"), session.Value("/f/count"), session.Value("/f/child[2]/place")));
        session.Give("/f/n", "1");
        Assert.Equal(("3", "1"), (session.Value("/f/sum"), session.Value("/f/count")));
        session.Give("/f/n", "3");
        Assert.Equal(("7", "3"), (session.Value("/f/sum"), session.Value("/f/count")));
        Assert.True(session.JumpTo("/f/n", At));
        Assert.Equal("n child[1]/name child[1]/age child[2]/name child[2]/age child[3]/name child[3]/age", session.Walk());
    }

    [Fact]
    public void An_open_repeat_asks_whether_there_is_another()
    {
        var session = Start(Repeat("/f/car", null, Ask("/f/car/make")), Ask("/f/last"));
        Assert.Equal(ScreenKind.AnotherPass, session.Screen().Kind);
        Assert.True(session.AddPass("/f/car", At).Accepted);
        Assert.True(session.AddPass("/f/car", At).Accepted);
        session.Give("/f/car[2]/make", "B");
        Assert.True(session.RemovePass("/f/car[1]", At).Accepted);
        Assert.Equal("B", session.Value("/f/car[1]/make"));
        Assert.True(session.JumpTo("/f/car[1]/make", At));
        Assert.Equal("car[1]/make another last", session.Walk());
    }

    [Fact]
    public void A_repeat_whose_own_answers_say_whether_it_goes_on_grows_as_it_is_walked()
    {
        var session = Start(
            Compute("/f/count", "count(/f/home)"),
            Compute("/f/wanted", "if(/f/count = 0 or indexed-repeat(/f/home/last, /f/home, /f/count) != 'yes', /f/count + 1, /f/count)"),
            Ask("/f/first"),
            Repeat("/f/home", "/f/wanted", Select("/f/home/last", "yesno") with { Required = X("true()") }));
        Assert.True(session.Next(At).Accepted);
        Assert.Equal("/f/home[1]/last", session.Screen().Key);
        session.Give("/f/home[1]/last", "no");
        Assert.True(session.Next(At).Accepted);
        Assert.Equal("/f/home[2]/last", session.Screen().Key);
        session.Give("/f/home[2]/last", "yes");
        Assert.True(session.Next(At).Accepted);
        Assert.True(session.IsAtEnd);
    }

    [Fact]
    public void A_field_list_is_one_screen()
    {
        var session = Start(Group("/f/g", Ask("/f/g/a"), Ask("/f/g/b"), Ask("/f/g/c") with { Relevant = X("/f/g/a = 1") }) with { FieldList = true }, Ask("/f/d"));
        Assert.Equal("g/a+g/b d", session.Walk());
        session.Give("/f/g/a", "1");
        Assert.True(session.Back(At));
        Assert.True(session.Back(At));
        Assert.Equal("g/a+g/b+g/c d", session.Walk());
    }

    [Fact]
    public void A_choice_or_a_note_may_end_the_interview()
    {
        var session = Start(
            Select("/f/agree", "yesno"),
            Ask("/f/thanks", QuestionType.Note) with { Relevant = X("/f/agree = 'no'"), Disposition = "refused" },
            Ask("/f/more") with { Required = X("true()") });
        session.Give("/f/agree", "no");
        Assert.Equal("agree thanks", session.Walk());
        Assert.Equal("refused", session.Screen().Disposition);
        Assert.Empty(session.Problems());
    }

    [Fact]
    public void A_total_may_add_to_that_of_the_time_round_before()
    {
        var session = Start(
            Ask("/f/n", QuestionType.WholeNumber),
            Repeat("/f/r", "/f/n", Ask("/f/r/x", QuestionType.WholeNumber), Compute("/f/r/total", "coalesce(../../r[position() = position(current()/..) - 1]/total, 0) + ../x")));
        session.Give("/f/n", "3");
        session.Give("/f/r[1]/x", "1");
        session.Give("/f/r[2]/x", "2");
        session.Give("/f/r[3]/x", "4");
        Assert.Equal("7", session.Value("/f/r[3]/total"));
        session.Give("/f/r[1]/x", "10");
        Assert.Equal("16", session.Value("/f/r[3]/total"));
    }
}
