namespace Relais.Audience.Numerics.Targets;

/// <summary>
/// The language of target groups: comparisons of respondents' variables joined by <c>and</c>, <c>or</c>, <c>not</c> and parentheses.
/// <code>
/// sex = 'F' and age between 25 and 49
/// region in ('R1', 'R4') and not (csp = 'Inactif' or csp is missing)
/// age in (13..24, 65..) and day != 'D'
/// all
/// </code>
/// </summary>
/// <remarks>
/// <c>and</c> binds closer than <c>or</c>, <c>not</c> closest. Texts stand in quotes and are compared letter by letter; numbers have a decimal point.
/// Ranges hold both their ends. A name with blanks is written <c>[age class]</c>. A missing answer satisfies no comparison, not even <c>!=</c>, and
/// <c>not</c> turns that round: <c>not (age &lt; 25)</c> holds for those whose age is missing.
/// </remarks>
public static class TargetExpression
{
    /// <summary>Compiles an expression to the set of respondents for whom it holds.</summary>
    /// <param name="variables">The respondents' variables; names are compared without regard to case.</param>
    /// <param name="respondents">How many respondents there are.</param>
    /// <param name="error">What is wrong and where; null when the expression was understood.</param>
    /// <returns>Null when the expression was refused.</returns>
    public static RespondentMask? Compile(string text, IReadOnlyList<Variable> variables, int respondents, out TargetError? error)
    {
        var parser = new TargetParser(text, variables, respondents);
        var mask = parser.Parse();
        error = parser.Error;
        return error is null ? mask : null;
    }

    /// <summary>Whether an expression may speak of a variable: its name stands there as a word of its own. Whoever reads a file keeps only such columns.</summary>
    public static bool Mentions(string expression, string variable)
    {
        if (variable.Length == 0)
            return false;
        if (variable.Contains(']', StringComparison.Ordinal))
            return expression.Contains(variable.Replace("]", "]]", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        for (var at = 0; (at = expression.IndexOf(variable, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var (before, after) = (at - 1, at + variable.Length);
            if ((before < 0 || !IsOfWord(expression[before])) && (after >= expression.Length || !IsOfWord(expression[after])))
                return true;
        }

        return false;
    }

    /// <summary>Checks the grammar alone, where nothing is known yet of the respondents: any variable may be named, with texts or with numbers.</summary>
    /// <returns>What is wrong and where; null when it is well formed.</returns>
    public static TargetError? Check(string text)
    {
        var parser = new TargetParser(text, [], respondents: 0, open: true);
        parser.Parse();
        return parser.Error;
    }

    /// <summary>Checks an expression against variables and their answers, without respondents.</summary>
    /// <returns>What is wrong and where; null when <see cref="Compile"/> would understand it.</returns>
    public static TargetError? Check(string text, IReadOnlyList<Variable> variables)
    {
        var parser = new TargetParser(text, variables, respondents: variables.Count == 0 ? 0 : variables[0].Respondents);
        parser.Parse();
        return parser.Error;
    }

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
