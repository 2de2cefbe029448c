namespace Relais.Fieldwork.Forms.Expressions.Tree;

/// <summary>Paths: where they begin, their steps and predicates.</summary>
internal sealed partial class Parser
{
    private const string NotInSubset = "is not part of the ODK XForms subset.";

    private static readonly string[] NodeTests = ["text", "comment", "node", "processing-instruction"];

    private Node? Path()
    {
        var start = Start();
        if (Peek('/'))
            return Absolute(start);
        if (BeginsStep())
            return RelativeOrCall(start);
        if (Primary() is not { } primary)
            return null;
        return Followed(start, primary);
    }

    private Node? Absolute(int start)
    {
        _at++;
        if (Peek('/'))
            return Fail(ExpressionErrorKind.Unsupported, $"// {NotInSubset}");
        Blanks();
        if (!BeginsStep())
            return new PathNode(start, PathStart.Root, null, [], []);
        return Steps() is { } steps ? new PathNode(start, PathStart.Root, null, [], steps) : null;
    }

    private Node? RelativeOrCall(int start)
    {
        if (IsNameStart(_text[_at]))
        {
            var before = _at;
            var name = Name();
            Blanks();
            if (Peek('(') && !IsNodeTest(name))
                return FunctionCall(start, name) is { } call ? Followed(start, call) : null;
            _at = before;
        }

        return Steps() is { } steps ? new PathNode(start, PathStart.Here, null, [], steps) : null;
    }

    /// <summary>What may follow a call or parentheses: predicates and further steps.</summary>
    private Node? Followed(int start, Node primary)
    {
        if (Predicates() is not { } filters)
            return null;
        Blanks();
        if (!Peek('/'))
            return filters.Count == 0 ? primary : new PathNode(start, PathStart.Given, primary, filters, []);
        _at++;
        if (Peek('/'))
            return Fail(ExpressionErrorKind.Unsupported, $"// {NotInSubset}");
        return Steps() is { } steps ? new PathNode(start, PathStart.Given, primary, filters, steps) : null;
    }

    private List<Step>? Steps()
    {
        var steps = new List<Step>();
        while (true)
        {
            if (OneStep() is not { } step)
                return null;
            steps.Add(step);
            Blanks();
            if (!Peek('/'))
                return steps;
            _at++;
            if (Peek('/'))
            {
                Fail(ExpressionErrorKind.Unsupported, $"// {NotInSubset}");
                return null;
            }
        }
    }

    private Step? OneStep()
    {
        Blanks();
        var start = _at;
        if (Skip('.'))
        {
            var axis = Skip('.') ? Axis.Parent : Axis.Self;
            return Predicates() is { } ofDots ? new Step(axis, "", ofDots) : null;
        }

        var along = Skip('@') ? Axis.Attribute : Axis.Child;
        Blanks();
        if (!Peek('*') && !(_at < _text.Length && IsNameStart(_text[_at])))
        {
            Fail(ExpressionErrorKind.Syntax, "A name is expected in the path.");
            return null;
        }

        var name = Skip('*') ? "*" : Name();
        Blanks();
        if (string.CompareOrdinal(_text, _at, "::", 0, 2) == 0)
        {
            _at += 2;
            return AfterAxis(start, name);
        }

        return Named(start, along, name);
    }

    private Step? AfterAxis(int start, string axis)
    {
        Blanks();
        Axis? along = axis switch
        {
            "child" => Axis.Child,
            "attribute" => Axis.Attribute,
            "parent" => Axis.Parent,
            "self" => Axis.Self,
            _ => null,
        };
        if (along is null)
        {
            FailAt(start, ExpressionErrorKind.Unsupported, $"The axis {axis}:: {NotInSubset}");
            return null;
        }

        if (!Peek('*') && !(_at < _text.Length && IsNameStart(_text[_at])))
        {
            Fail(ExpressionErrorKind.Syntax, "A name is expected after the axis.");
            return null;
        }

        var name = Skip('*') ? "*" : Name();
        Blanks();
        if (along is Axis.Parent or Axis.Self && name == "node" && Skip('('))
            return Expect(')') && Predicates() is { } predicates ? new Step(along.Value, "", predicates) : null;
        if (along is Axis.Parent or Axis.Self)
        {
            FailAt(start, ExpressionErrorKind.Unsupported, $"{axis}:: with a name {NotInSubset}");
            return null;
        }

        return Named(start, along.Value, name);
    }

    private Step? Named(int start, Axis axis, string name)
    {
        if (Peek('(') && IsNodeTest(name))
        {
            FailAt(start, ExpressionErrorKind.Unsupported, $"{name}() {NotInSubset}");
            return null;
        }

        if (Peek(':'))
        {
            FailAt(start, ExpressionErrorKind.Unsupported, $"{name}:* {NotInSubset}");
            return null;
        }

        // Names are kept without prefix: orx:meta and meta are one.
        var local = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return Predicates() is { } predicates ? new Step(axis, local, predicates) : null;
    }

    private List<Node>? Predicates()
    {
        var predicates = new List<Node>();
        Blanks();
        while (Skip('['))
        {
            if (!Enter() || Binary(1) is not { } predicate || !Expect(']'))
                return null;
            _depth--;
            predicates.Add(predicate);
            Blanks();
        }

        return predicates;
    }

    /// <summary>A name, with a prefix when a colon is followed by another name.</summary>
    private string Name()
    {
        var start = _at;
        while (_at < _text.Length && IsNamePart(_text[_at]))
            _at++;
        if (_at + 1 < _text.Length && _text[_at] == ':' && IsNameStart(_text[_at + 1]))
        {
            _at++;
            while (_at < _text.Length && IsNamePart(_text[_at]))
                _at++;
        }

        return _text[start.._at];
    }

    private bool BeginsStep() =>
        _at < _text.Length && (_text[_at] is '*' or '@' || IsNameStart(_text[_at]) || (_text[_at] == '.' && !(_at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))));

    private static bool IsNodeTest(string name) => Array.IndexOf(NodeTests, name) >= 0;

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.';
}
