namespace Relais.Audience.Numerics.Targets;

/// <summary>Recursive descent over the words of an expression, straight to masks. After the first error everything answers null.</summary>
internal ref struct TargetParser
{
    private const int Deepest = 64;
    private readonly IReadOnlyList<Variable> _variables;
    private readonly int _respondents;
    private readonly bool _open;
    private TargetTokens _tokens;
    private Token _token;
    private int _depth;

    /// <param name="open">Any variable may be named and any answer given: only the grammar counts.</param>
    public TargetParser(string text, IReadOnlyList<Variable> variables, int respondents, bool open = false)
    {
        _tokens = new(text);
        (_variables, _respondents, _open) = (variables, respondents, open);
        Advance();
    }

    public TargetError? Error { get; private set; }

    public RespondentMask? Parse()
    {
        var mask = Or();
        if (Error is null && _token.Kind != TokenKind.End)
            Expected("'and', 'or' or the end");
        return mask;
    }

    private RespondentMask? Or()
    {
        var mask = And();
        while (Took("or"))
            mask = And() is { } right ? mask?.Or(right) : null;
        return mask;
    }

    private RespondentMask? And()
    {
        var mask = Not();
        while (Took("and"))
            mask = Not() is { } right ? mask?.And(right) : null;
        return mask;
    }

    private RespondentMask? Not()
    {
        if (++_depth > Deepest)
            return Refuse(TargetErrorKind.TooDeep, _token, $"nested deeper than {Deepest}; split the target");
        var mask = Took("not") ? Not()?.Not() : Primary();
        _depth--;
        return mask;
    }

    private RespondentMask? Primary()
    {
        if (Took("("))
        {
            var mask = Or();
            return Took(")") ? mask : Expected("')'");
        }

        if (Took("all"))
            return RespondentMask.All(_respondents);
        if (Error is not null || _token.Kind != TokenKind.Name || IsReserved(_token))
            return Expected("a variable, 'not', 'all' or '('");

        var name = _token;
        var variable = _variables.FirstOrDefault(candidate => candidate.Name.Equals(name.Text, StringComparison.OrdinalIgnoreCase));
        if (variable is null && _open)
            variable = new(name.Text, [], []);
        if (variable is null)
            return Refuse(TargetErrorKind.UnknownVariable, name,
                $"respondents have no variable '{name.Text}'; they have {string.Join(", ", _variables.Select(known => known.Name))}");
        Advance();
        return Condition(variable);
    }

    private RespondentMask? Condition(Variable variable)
    {
        if (Took("is"))
        {
            var negated = Took("not");
            if (!Took("missing"))
                return Expected("'missing'");
            return negated ? variable.WhereMissing().Not() : variable.WhereMissing();
        }

        if (Took("between"))
        {
            var from = Value(variable, ordered: true);
            if (!Took("and"))
                return Expected("'and' and the end of the range");
            return Range(variable, from, Value(variable, ordered: true));
        }

        if (Took("in"))
            return List(variable);
        if (Took("not"))
        {
            // Those whose answer is missing are neither in the list nor out of it.
            return Took("in") ? List(variable)?.Or(variable.WhereMissing()).Not() : Expected("'in'");
        }

        var comparison = _token;
        if (Took("=") || Took("=="))
            return Equal(variable, Value(variable, ordered: false));
        if (Took("!=") || Took("<>"))
            return Equal(variable, Value(variable, ordered: false))?.Or(variable.WhereMissing()).Not();
        if (!Took("<") && !Took("<=") && !Took(">") && !Took(">="))
            return Expected("=, !=, <, <=, >, >=, 'in', 'between' or 'is'");
        if (Value(variable, ordered: true) is not { } value)
            return null;

        var bound = value.Number;
        return comparison.Text switch
        {
            "<" => variable.WhereNumber(number => number < bound),
            "<=" => variable.WhereNumber(number => number <= bound),
            ">" => variable.WhereNumber(number => number > bound),
            _ => variable.WhereNumber(number => number >= bound),
        };
    }

    private RespondentMask? List(Variable variable)
    {
        if (!Took("("))
            return Expected("'(' and a list, as in ('R1', 'R4') or (13..24, 65..)");

        RespondentMask? mask = null;
        do
        {
            var item = Took("..") ? Range(variable, null, Value(variable, ordered: true)) : Item(variable);
            if (item is null)
                return null;
            mask = mask?.Or(item) ?? item;
        }
        while (Took(","));
        return Took(")") ? mask : Expected("',' or ')'");
    }

    private RespondentMask? Item(Variable variable)
    {
        var start = _token;
        if (Value(variable, ordered: false) is not { } value)
            return null;
        if (!Took(".."))
            return Equal(variable, value);
        if (_open ? value.Kind == TokenKind.Text : !variable.IsNumeric)
            return Refuse(TargetErrorKind.TextHasNoOrder, start, NoOrder(variable));
        return _token.Is(",") || _token.Is(")")
            ? variable.WhereNumber(number => number >= value.Number)
            : Range(variable, value, Value(variable, ordered: true));
    }

    private RespondentMask? Range(Variable variable, Token? from, Token? until)
    {
        if (Error is not null || until is not { } last)
            return null;
        var (low, high) = (from?.Number ?? double.NegativeInfinity, last.Number);
        return low > high
            ? Refuse(TargetErrorKind.RangeBackwards, last, $"the range ends at {last.Text}, below its beginning; turn it round")
            : variable.WhereNumber(number => number >= low && number <= high);
    }

    private RespondentMask? Equal(Variable variable, Token? value)
    {
        if (value is not { } wanted)
            return null;
        if (_open || variable.IsNumeric)
            return variable.WhereNumber(number => number.Equals(wanted.Number));
        return variable.Levels.Contains(wanted.Text, StringComparer.Ordinal)
            ? variable.WhereText(level => level == wanted.Text)
            : Refuse(TargetErrorKind.UnknownLevel, wanted, $"nobody answered '{wanted.Text}' to {variable.Name}; answers are {Answers(variable)}");
    }

    private Token? Value(Variable variable, bool ordered)
    {
        var value = _token;
        if (Error is not null)
            return null;
        if (ordered && !variable.IsNumeric && (!_open || value.Kind == TokenKind.Text))
            return Fail(TargetErrorKind.TextHasNoOrder, value, NoOrder(variable));
        if (value.Kind is not (TokenKind.Text or TokenKind.Number))
        {
            Expected(_open ? "a number, or a text in quotes" : variable.IsNumeric ? "a number" : "a text in quotes, as in 'F'");
            return null;
        }

        if (variable.IsNumeric && value.Kind == TokenKind.Text)
            return Fail(TargetErrorKind.NumberWanted, value, $"{variable.Name} holds numbers; write {value.Text} without quotes");
        if (!_open && !variable.IsNumeric && value.Kind == TokenKind.Number)
            return Fail(TargetErrorKind.TextWanted, value, $"{variable.Name} holds texts; write '{value.Text}' in quotes");
        Advance();
        return Error is null ? value : null;
    }

    private bool Took(string word)
    {
        if (Error is not null || !_token.Is(word))
            return false;
        Advance();
        return Error is null;
    }

    private void Advance()
    {
        _token = _tokens.Next(out var error);
        Error ??= error;
    }

    private RespondentMask? Expected(string what) => Refuse(TargetErrorKind.Expected, _token,
        _token.Kind == TokenKind.End ? $"the expression ends where {what} should come" : $"{what} should come here, not '{_token.Text}'", what);

    private RespondentMask? Refuse(TargetErrorKind kind, Token at, string message, string? subject = null)
    {
        Error ??= new(kind, at.Position + 1, subject ?? at.Text, message);
        return null;
    }

    private Token? Fail(TargetErrorKind kind, Token at, string message)
    {
        Refuse(kind, at, message);
        return null;
    }

    private static string NoOrder(Variable variable) =>
        $"{variable.Name} holds texts, which have no order; list the answers wanted: {variable.Name} in ({Answers(variable)})";

    private static string Answers(Variable variable) => string.Join(", ",
        variable.Levels.Where(level => level.Length > 0).Order(StringComparer.Ordinal).Take(12).Select(level => $"'{level}'"))
        + (variable.Levels.Count > 12 ? ", ..." : "");

    private static bool IsReserved(Token token) => token.Text.ToUpperInvariant() is "AND" or "OR" or "NOT" or "IN" or "IS" or "BETWEEN" or "ALL" or "MISSING";
}
