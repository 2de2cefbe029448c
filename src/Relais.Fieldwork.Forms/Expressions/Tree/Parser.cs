using Relais.Fieldwork.Forms.Expressions.Functions;

namespace Relais.Fieldwork.Forms.Expressions.Tree;

/// <summary>From text to tree, by precedence climbing. The first error ends it.</summary>
internal sealed partial class Parser
{
    /// <summary>Deepest nesting of parentheses, calls, predicates and signs: the largest forms seen nest about sixty times.</summary>
    public const int Deepest = 160;

    private static readonly (string Text, Operator Operator, int Precedence)[] Symbols =
    [
        ("!=", Operator.NotEqual, 3), ("<=", Operator.LessOrEqual, 4), (">=", Operator.GreaterOrEqual, 4), ("=", Operator.Equal, 3),
        ("<", Operator.Less, 4), (">", Operator.Greater, 4), ("+", Operator.Add, 5), ("-", Operator.Subtract, 5), ("*", Operator.Multiply, 6),
    ];

    private static readonly (string Text, Operator Operator, int Precedence)[] Words =
        [("or", Operator.Or, 1), ("and", Operator.And, 2), ("div", Operator.Divide, 6), ("mod", Operator.Modulo, 6)];

    private readonly string _text;
    private int _at;
    private int _depth;
    private ExpressionError? _error;

    private Parser(string text) => _text = text;

    /// <summary>The tree of a text, or null and why not.</summary>
    public static Node? Parse(string text, out ExpressionError? error)
    {
        if (text.Length > Expression.LongestText)
        {
            error = new ExpressionError(ExpressionErrorKind.Limit, 0, $"The expression is longer than {Expression.LongestText} characters.");
            return null;
        }

        var parser = new Parser(text);
        var node = parser.Binary(1);
        parser.Blanks();
        if (parser._error is null && parser._at < text.Length)
            parser.Fail(ExpressionErrorKind.Syntax, $"\"{text[parser._at]}\" is not expected here.");
        error = parser._error;
        return error is null ? node : null;
    }

    private Node? Binary(int precedence)
    {
        if (precedence > 6)
            return Unary();
        var start = Start();
        var first = Unary();
        return first is null ? null : Climb(start, first, precedence);
    }

    /// <summary>Goes on after an operand, with operators that bind at least this strongly.</summary>
    private Node? Climb(int start, Node left, int least)
    {
        while (_error is null && PeekOperator() is { } next && next.Precedence >= least)
        {
            var rest = new List<(Operator, Node)>();
            var level = next.Precedence;
            while (PeekOperator() is { } op && op.Precedence == level)
            {
                _at += op.Length;
                var operandStart = Start();
                if (Unary() is not { } operand)
                    return null;
                if (PeekOperator() is { } tighter && tighter.Precedence > level)
                {
                    if (Climb(operandStart, operand, level + 1) is not { } climbed)
                        return null;
                    operand = climbed;
                }

                rest.Add((op.Operator, operand));
            }

            left = new Chain(start, left, rest);
        }

        return _error is null ? left : null;
    }

    private (Operator Operator, int Precedence, int Length)? PeekOperator()
    {
        Blanks();
        foreach (var (text, op, precedence) in Symbols)
        {
            if (string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0)
                return (op, precedence, text.Length);
        }

        foreach (var (text, op, precedence) in Words)
        {
            if (string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0 && !(_at + text.Length < _text.Length && IsNamePart(_text[_at + text.Length])))
                return (op, precedence, text.Length);
        }

        return null;
    }

    private Node? Unary()
    {
        var start = Start();
        if (!Peek('-'))
            return Union();
        _at++;
        if (!Enter())
            return null;
        var operand = Unary();
        _depth--;
        return operand is null ? null : new Negation(start, operand);
    }

    private Node? Union()
    {
        var node = Path();
        Blanks();
        if (node is not null && Peek('|'))
            return Fail(ExpressionErrorKind.Unsupported, "Unions (|) are not part of the ODK XForms subset.");
        return node;
    }

    private Node? Primary()
    {
        var start = Start();
        if (_at >= _text.Length)
            return Fail(ExpressionErrorKind.Syntax, "The expression ends where a value is expected.");
        switch (_text[_at])
        {
            case '(':
                return Parenthesised();
            case '\'' or '"':
                return Quoted();
            case '$':
                return Fail(ExpressionErrorKind.Unsupported, "Variables ($) are not part of the ODK XForms subset; ${name} is only known in a workbook.");
            case var c when char.IsAsciiDigit(c) || c == '.':
                return Number();
            default:
                return Fail(ExpressionErrorKind.Syntax, $"A value is expected, not \"{_text[start]}\".");
        }
    }

    private Node? Parenthesised()
    {
        _at++;
        if (!Enter())
            return null;
        var inner = Binary(1);
        _depth--;
        return inner is not null && Expect(')') ? inner : null;
    }

    private Node? Quoted()
    {
        var start = _at;
        var end = _text.IndexOf(_text[_at], _at + 1);
        if (end < 0)
            return Fail(ExpressionErrorKind.Syntax, "The quoted text does not end.");
        _at = end + 1;
        return new Literal(start, Value.Of(_text[(start + 1)..end]));
    }

    private Node? Number()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
        if (Peek('.'))
        {
            _at++;
            while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
                _at++;
        }

        var value = Numbers.Parse(_text[start.._at]);
        return double.IsNaN(value) ? Fail(ExpressionErrorKind.Syntax, "A number needs a digit.") : new Literal(start, Value.Of(value));
    }

    private Node? FunctionCall(int start, string name)
    {
        _at++;
        if (!Enter())
            return null;
        var arguments = new List<Node>();
        Blanks();
        if (!Peek(')'))
        {
            do
            {
                if (Binary(1) is not { } argument)
                    return null;
                arguments.Add(argument);
                Blanks();
            }
            while (Skip(','));
        }

        _depth--;
        if (!Expect(')'))
            return null;
        if (FunctionTable.Find(name) is not { } function)
            return FailAt(start, ExpressionErrorKind.Unhandled, $"There is no function {name}().");
        return function.WhyNot(arguments) is { } why
            ? FailAt(start, ExpressionErrorKind.Unhandled, $"{name}() {why}")
            : new Call(start, name, function, arguments);
    }

    private bool Enter() => ++_depth <= Deepest || Fail(ExpressionErrorKind.Limit, $"The expression is nested more than {Deepest} times.") is not null;

    private int Start()
    {
        Blanks();
        return _at;
    }

    private void Blanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private bool Peek(char c) => _at < _text.Length && _text[_at] == c;

    private bool Skip(char c)
    {
        if (!Peek(c))
            return false;
        _at++;
        return true;
    }

    private bool Expect(char c)
    {
        Blanks();
        return Skip(c) || Fail(ExpressionErrorKind.Syntax, _at < _text.Length ? $"\"{c}\" is expected, not \"{_text[_at]}\"." : $"\"{c}\" is missing at the end.") is not null;
    }

    private Node? Fail(ExpressionErrorKind kind, string message) => FailAt(_at, kind, message);

    private Node? FailAt(int position, ExpressionErrorKind kind, string message)
    {
        _error ??= new ExpressionError(kind, position, message);
        return null;
    }
}
