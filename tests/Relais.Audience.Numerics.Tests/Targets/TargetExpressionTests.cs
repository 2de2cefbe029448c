using CsCheck;
using Relais.Audience.Numerics.Targets;

namespace Relais.Audience.Numerics.Tests.Targets;

public sealed class TargetExpressionTests
{
    private static readonly Variable[] Variables =
    [
        Variable.FromTexts("sex", ["F", "H", "F", "H", ""]),
        Variable.FromTexts("age", ["13", "24", "25.5", "", "70"]),
        Variable.FromTexts("csp", ["CSP+", "CSP-", "Inactif", "CSP+", "l'autre"]),
        Variable.FromTexts("department", ["01", "2A", "75", "75", "13"]),
        Variable.FromTexts("type of day", ["LV", "S", "D", "LV", "LV"]),
    ];

    [Theory]
    [InlineData("all", "01234")]
    [InlineData("sex = 'F'", "02")]
    [InlineData("SEX == \"F\"", "02")]
    [InlineData("sex != 'F'", "13")]
    [InlineData("not sex = 'F'", "134")]
    [InlineData("sex is missing", "4")]
    [InlineData("sex is not missing", "0123")]
    [InlineData("sex not in ('F')", "13")]
    [InlineData("age < 25.5", "01")]
    [InlineData("age <= 25.5", "012")]
    [InlineData("age > 24", "24")]
    [InlineData("age >= 24", "124")]
    [InlineData("age <> 13", "124")]
    [InlineData("age between 13 and 24", "01")]
    [InlineData("age between 13 and 24 and sex = 'H'", "1")]
    [InlineData("age in (13..24, 65..)", "014")]
    [InlineData("age in (..13, 25.5, 70)", "024")]
    [InlineData("age > -1", "0124")]
    [InlineData("not (age < 25)", "234")]
    [InlineData("csp = 'l''autre'", "4")]
    [InlineData("department in ('01', '75')", "023")]
    [InlineData("[type of day] = 'LV' and sex = 'F' or csp = 'CSP-'", "01")]
    [InlineData("[type of day] = 'LV' and (sex = 'F' or csp = 'CSP-')", "0")]
    [InlineData("sex = 'F' or sex = 'H' and age = 24", "012")]
    public void An_expression_holds_for_the_respondents_that_it_describes(string text, string expected)
    {
        Assert.Null(TargetExpression.Check(text));
        Assert.Null(TargetExpression.Check(text, Variables));
        var mask = TargetExpression.Compile(text, Variables, 5, out var error);
        Assert.Null(error);
        Assert.Equal(expected, string.Concat(Enumerable.Range(0, 5).Where(i => mask![i])));
        Assert.Equal(expected.Length, mask!.Count);
    }

    [Theory]
    [InlineData("", TargetErrorKind.Expected, 1)]
    [InlineData("sex", TargetErrorKind.Expected, 4)]
    [InlineData("sex = ", TargetErrorKind.Expected, 7)]
    [InlineData("sex = F", TargetErrorKind.Expected, 7)]
    [InlineData("sex = 'F' age = 13", TargetErrorKind.Expected, 11)]
    [InlineData("(sex = 'F'", TargetErrorKind.Expected, 11)]
    [InlineData("age in 13..24", TargetErrorKind.Expected, 8)]
    [InlineData("age in (13 24)", TargetErrorKind.Expected, 12)]
    [InlineData("and = 3", TargetErrorKind.Expected, 1)]
    [InlineData("sex = 'F", TargetErrorKind.UnclosedText, 7)]
    [InlineData("sex & age", TargetErrorKind.StrayCharacter, 5)]
    [InlineData("gender = 'F'", TargetErrorKind.UnknownVariable, 1)]
    [InlineData("sex = 'F' or sex = 'G'", TargetErrorKind.UnknownLevel, 20)]
    [InlineData("department = 75", TargetErrorKind.TextWanted, 14)]
    [InlineData("age = '13'", TargetErrorKind.NumberWanted, 7)]
    [InlineData("csp < 'D'", TargetErrorKind.TextHasNoOrder, 7)]
    [InlineData("csp in ('CSP+'..'Inactif')", TargetErrorKind.TextHasNoOrder, 9)]
    [InlineData("age between 24 and 13", TargetErrorKind.RangeBackwards, 20)]
    public void What_is_wrong_with_an_expression_is_said_at_its_place(string text, TargetErrorKind kind, int position)
    {
        Assert.Null(TargetExpression.Compile(text, Variables, 5, out var error));
        Assert.Equal(error, TargetExpression.Check(text, Variables));
        // What hangs on the respondents can't be wrong as long as nobody knows them.
        var known = kind is TargetErrorKind.UnknownVariable or TargetErrorKind.UnknownLevel or TargetErrorKind.TextWanted or TargetErrorKind.NumberWanted;
        var grammar = TargetExpression.Check(text);
        Assert.Equal(known ? null : kind, grammar?.Kind);
        Assert.Equal(known ? null : position, grammar?.Position);
        Assert.Equal((kind, position), (error!.Kind, error.Position));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void A_slip_of_the_pen_is_answered_with_the_answers_that_there_are()
    {
        TargetExpression.Compile("csp = 'CSP'", Variables, 5, out var error);
        Assert.Equal("at character 7: nobody answered 'CSP' to csp; answers are 'CSP+', 'CSP-', 'Inactif', 'l'autre'", error!.ToString());
    }

    [Fact]
    public void A_thousand_parentheses_are_refused_and_harm_nobody()
    {
        TargetExpression.Compile(new string('(', 1000), Variables, 5, out var error);
        Assert.Equal(TargetErrorKind.TooDeep, error!.Kind);
    }

    [Fact]
    public void Any_text_is_understood_or_refused()
    {
        string[] known = ["sex", "age", "'F'", "13", "..", "(", ")", ",", "=", "<", "in", "not", "and", "or", "between", "is", "missing", "all", "[", "'", "é"];
        var words = Gen.Int[0, known.Length - 1].Select(place => known[place]);
        words.Array[0, 12].Select(parts => string.Join(' ', parts)).Sample(text =>
            TargetExpression.Compile(text, Variables, 5, out var error) is null == error is not null);
        Gen.String.Sample(text => TargetExpression.Compile(text, Variables, 5, out var error) is null == error is not null);
    }

    [Fact]
    public void A_column_of_codes_with_leading_zeros_is_text_and_one_of_numbers_is_not()
    {
        Assert.False(Variables[3].IsNumeric);
        Assert.True(Variables[1].IsNumeric);
        Assert.True(Variable.FromTexts("x", ["0", "-0.5", "1e3", ""]).IsNumeric);
        Assert.False(Variable.FromTexts("x", ["1,5"]).IsNumeric);
        Assert.False(Variable.FromTexts("x", ["", ""]).IsNumeric);
    }
}
