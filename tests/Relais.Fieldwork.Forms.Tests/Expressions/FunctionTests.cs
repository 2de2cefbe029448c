using Relais.Fieldwork.Forms.Expressions;
using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Tests.Expressions;

public sealed class FunctionTests
{
    private static readonly EvaluationContext Context = new() { Now = new DateTimeOffset(2026, 2, 3, 9, 5, 7, 89, TimeSpan.FromHours(1)), Seed = 7 };

    [Theory]
    [InlineData("today()", "2026-02-03")]
    [InlineData("now()", "2026-02-03T09:05:07.089+01:00")]
    [InlineData("format-date(today(), '%A %e %B %Y, %a %d %b %y %m/%n')", "mardi 3 février 2026, mar. 03 févr. 26 02/2")]
    [InlineData("format-date-time(now(), '%H:%M:%S.%3 %h %%')", "09:05:07.089 9 %")]
    [InlineData("format-date-time('2026-02-03T08:00:00.000Z', '%H:%M')", "09:00")]
    [InlineData("format-date('', '%Y')", "")]
    [InlineData("decimal-time('06:00:00.000+01:00')", "0.25")]
    [InlineData("decimal-time('18:00')", "0.75")]
    [InlineData("today() - '2026-01-01'", "33")]
    [InlineData("date(20487)", "2026-02-03")]
    [InlineData("int(now() - today() + 0.5)", "0")]
    [InlineData("date('2024-02-29') + 1", "19783")]
    public void Dates_come_from_the_clock_that_is_given(string text, string expected) => Assert.Equal(expected, Text(text));

    [Fact]
    public void Days_and_months_are_named_in_the_language_of_the_interview()
    {
        var english = new EvaluationContext { Language = "English (en)" };
        Assert.Equal("Tuesday Feb 3, Tue February", Expression.Compile("format-date('2026-02-03', '%A %b %e, %a %B')", out _)!.Evaluate(english).ToText());
    }

    [Theory]
    [InlineData("coalesce('', 'b')", "b")]
    [InlineData("coalesce('', '')", "")]
    [InlineData("concat('a', 1, true())", "a1true")]
    [InlineData("join(', ', 'a', 'b')", "a, b")]
    [InlineData("regex('75011', '[0-9]{5}')", "true")]
    [InlineData("regex('75011 ', '[0-9]{5}')", "false")]
    [InlineData("substring('hello', 2, 3)", "ell")]
    [InlineData("upper-case('été')", "ÉTÉ")]
    [InlineData("base64-decode('cmFkaW8=')", "radio")]
    [InlineData("min(3, '', 2)", "2")]
    [InlineData("max(-3, -2)", "-2")]
    [InlineData("max('', '')", "NaN")]
    [InlineData("weighted-checklist(3, 5, true(), 2, false(), 9, true(), 1.5)", "true")]
    [InlineData("checklist(-1, 1, 1, 1)", "false")]
    [InlineData("10000000000000000000 * 10", "100000000000000000000")]
    [InlineData("1 div 3", "0.3333333333333333")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("ceiling(1.2) + floor(1.8)", "3")]
    [InlineData("geofence('48.85 2.35', '48 2; 49 2; 49 3; 48 3; 48 2')", "true")]
    [InlineData("round(distance('48.8566 2.3522 0 0; 45.7640 4.8357 0 0') div 1000)", "392")]
    [InlineData("round(area('0 0;0 1;1 1;1 0;0 0') div 1000000)", "12391")]
    public void Functions_give_what_the_specification_says(string text, string expected) => Assert.Equal(expected, Text(text));

    [Fact]
    public void Chance_depends_on_the_seed_and_the_question_only()
    {
        var one = new FormNode("one");
        var two = new FormNode("two");
        var random = Expression.Compile("random()", out _)!;
        var drawn = random.Evaluate(Context, one).ToNumber();
        Assert.InRange(drawn, 0, 1);
        Assert.Equal(drawn, random.Evaluate(Context, one).ToNumber());
        Assert.NotEqual(drawn, random.Evaluate(Context, two).ToNumber());
        Assert.NotEqual(drawn, random.Evaluate(new EvaluationContext { Seed = 8 }, one).ToNumber());
    }

    [Fact]
    public void A_uuid_is_one_of_version_4()
    {
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", Text("uuid()"));
        Assert.Matches("^[A-Za-z0-9]{12}$", Text("uuid(12)"));
    }

    [Theory]
    [InlineData(42, "AFCBDE")]
    [InlineData(1, "BFEACD")]
    public void A_seed_shuffles_as_in_every_other_client(long seed, string expected) =>
        Assert.Equal(expected, new string(ParkMiller.Shuffle("ABCDEF".ToCharArray(), seed)));

    [Fact]
    public void A_pattern_that_backtracks_without_end_is_given_up()
    {
        var value = Expression.Compile("regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+')", out _)!.Evaluate(Context);
        Assert.Equal(ExpressionErrorKind.Limit, value.Error?.Kind);
    }

    private static string Text(string text)
    {
        Assert.True(Expression.TryCompile(text, out var expression, out var error), error?.Message);
        var value = expression.Evaluate(Context);
        Assert.Null(value.Error);
        return value.ToText();
    }
}
