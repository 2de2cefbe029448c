using CsCheck;
using Relais.Fieldwork.Forms.Expressions;

namespace Relais.Fieldwork.Forms.Tests.Expressions;

public sealed class CompileTests
{
    private static readonly string[] Pieces =
    [
        "1", ".5", "'a'", "\"b\"", "/data/x", "../y", ".", "..", "*", "@id", "x", "or", "and", "div", "mod", "+", "-", "=", "!=", "<", "<=", "(", ")", "[", "]", ",", "/", "//", "|",
        "true()", "date('2020-02-30')", "instance('a')", "current()", "position()", "if(", "concat(", "count(", "selected(", "regex('a', ", "round(1, ", "substr('abc', ", "uuid(",
        "format-date('2020-01-01', ", "randomize(", "$", "::", " ", "child::", "jr:itext('", "once(", "decimal-time(", "digest('a', 'MD5', ", "\u00e9", "\ud83d",
    ];

    [Theory]
    [InlineData("", ExpressionErrorKind.Syntax, 0)]
    [InlineData("1 +", ExpressionErrorKind.Syntax, 3)]
    [InlineData("(1", ExpressionErrorKind.Syntax, 2)]
    [InlineData("'abc", ExpressionErrorKind.Syntax, 0)]
    [InlineData("1 2", ExpressionErrorKind.Syntax, 2)]
    [InlineData("a/", ExpressionErrorKind.Syntax, 2)]
    [InlineData("a[1", ExpressionErrorKind.Syntax, 3)]
    [InlineData("1 + nothing()", ExpressionErrorKind.Unhandled, 4)]
    [InlineData("concat()", ExpressionErrorKind.Unhandled, 0)]
    [InlineData("${age} > 3", ExpressionErrorKind.Unsupported, 0)]
    [InlineData("a | b", ExpressionErrorKind.Unsupported, 2)]
    [InlineData("a//b", ExpressionErrorKind.Unsupported, 2)]
    public void An_error_says_what_and_where(string text, ExpressionErrorKind kind, int position)
    {
        Assert.Null(Expression.Compile(text, out var error));
        Assert.Equal((kind, position), (error!.Kind, error.Position));
    }

    [Theory]
    [InlineData("a-b", "/d/a-b")]
    [InlineData("a -b", "/d/a /d/b")]
    [InlineData("and and or or div", "/d/and /d/div /d/or")]
    [InlineData("* * *", "/d/*")]
    public void Operators_and_names_are_told_apart_by_where_they_stand(string text, string paths) =>
        Assert.Equal(paths, string.Join(' ', Expression.Compile(text.Replace("d/", "", StringComparison.Ordinal), out _)!.References("/d").Paths));

    [Fact]
    public void Nesting_without_end_is_refused_and_not_followed()
    {
        foreach (var (open, close) in new[] { ("(", ")"), ("-", ""), ("not(", ")"), ("a[", "]"), ("if(1,", ",1)") })
        {
            Assert.Null(Expression.Compile(string.Concat(Enumerable.Repeat(open, 9000)) + "1" + string.Concat(Enumerable.Repeat(close, 9000)), out var error));
            Assert.Equal(ExpressionErrorKind.Limit, error!.Kind);
        }
    }

    [Fact]
    public void A_long_row_of_operators_is_no_nesting()
    {
        Assert.Equal(9001, Expression.Compile("1" + string.Concat(Enumerable.Repeat(" + 1", 9000)), out _)!.Evaluate(new EvaluationContext()).ToNumber());
        Assert.NotNull(Expression.Compile(string.Join(" or ", Enumerable.Repeat("a = 1 and b = 2", 2000)), out _));
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused()
    {
        Assert.Null(Expression.Compile(new string(' ', Expression.LongestText + 1), out var error));
        Assert.Equal(ExpressionErrorKind.Limit, error!.Kind);
    }

    [Fact]
    public void No_text_throws() => Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 14].Sample(pieces => Try(string.Concat(pieces)), iter: 20_000);

    [Fact]
    public void No_character_throws() => Gen.String.Sample(Try, iter: 20_000);

    [Fact]
    public void Numbers_survive_being_written_and_read() => Gen.Double.Where(d => Math.Abs(d) is > 1e-9 and < 1e25).Sample(number =>
        Math.Abs(Expression.Compile($"number('{Value.Of(number).ToText()}')", out _)!.Evaluate(new EvaluationContext()).ToNumber() - number) <= Math.Abs(number) * 1e-12 + 1e-12);

    private static void Try(string text)
    {
        if (Expression.TryCompile(text, out var expression, out var error))
        {
            expression.References("/data/x");
            expression.Evaluate(new EvaluationContext());
        }
        else
        {
            Assert.InRange(error.Position, 0, text.Length);
        }
    }
}
