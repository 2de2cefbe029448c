using System.Globalization;

namespace Relais.Audience.Numerics.Targets;

internal enum TokenKind
{
    End,
    Name,
    Text,
    Number,
    Symbol,
}

/// <summary>A word of an expression. <paramref name="Position"/> counts from 0.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, double Number, int Position)
{
    public bool Is(string word) => Kind is TokenKind.Name or TokenKind.Symbol && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Cuts an expression into words, one at a time.</summary>
internal ref struct TargetTokens(string text)
{
    private static readonly string[] Symbols = ["<=", ">=", "<>", "!=", "==", "..", "(", ")", ",", "<", ">", "="];
    private int _at;

    public Token Next(out TargetError? error)
    {
        error = null;
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
        var start = _at;
        if (start == text.Length)
            return new(TokenKind.End, "", 0, start);

        var first = text[start];
        if (first is '\'' or '"')
            return Quoted(first, TokenKind.Text, out error);
        if (first is '[')
            return Quoted(']', TokenKind.Name, out error);
        if (char.IsAsciiDigit(first) || (first == '-' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
            return NumberAt(start);
        if (char.IsLetter(first) || first == '_')
        {
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
                _at++;
            return new(TokenKind.Name, text[start.._at], 0, start);
        }

        foreach (var symbol in Symbols)
        {
            if (!text.AsSpan(start).StartsWith(symbol, StringComparison.Ordinal))
                continue;
            _at += symbol.Length;
            return new(TokenKind.Symbol, symbol, 0, start);
        }

        error = new(TargetErrorKind.StrayCharacter, start + 1, first.ToString(),
            $"'{first}' means nothing here; texts are written in quotes, as in csp = 'CSP+'");
        return default;
    }

    private Token Quoted(char close, TokenKind kind, out TargetError? error)
    {
        error = null;
        var start = _at;
        var end = text.IndexOf(close, start + 1);
        // A quote written twice stands for itself.
        while (end >= 0 && end + 1 < text.Length && text[end + 1] == close)
            end = text.IndexOf(close, end + 2);
        if (end < 0)
        {
            error = new(TargetErrorKind.UnclosedText, start + 1, text[start..], $"{text[start..]} is not closed by {close}");
            return default;
        }

        _at = end + 1;
        return new(kind, text[(start + 1)..end].Replace($"{close}{close}", $"{close}", StringComparison.Ordinal), 0, start);
    }

    private Token NumberAt(int start)
    {
        _at++;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            _at++;
        // A point belongs to the number only before a digit, because 13..24 is a range.
        if (_at + 1 < text.Length && text[_at] == '.' && char.IsAsciiDigit(text[_at + 1]))
        {
            _at++;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                _at++;
        }

        var word = text[start.._at];
        return new(TokenKind.Number, word, double.Parse(word, CultureInfo.InvariantCulture), start);
    }
}
