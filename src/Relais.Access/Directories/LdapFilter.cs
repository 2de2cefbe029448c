using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace Relais.Access.Directories;

/// <summary>Search filters as people write them (RFC 4515), turned into what goes over the wire (RFC 4511, 4.5.1.7).</summary>
internal static class LdapFilter
{
    private const int Deepest = 30;

    /// <summary>Null when the text is no filter.</summary>
    public static byte[]? Encode(string text)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        var at = 0;
        return Read(text.Trim(), ref at, writer, 0) && at == text.Trim().Length ? writer.Encode() : null;
    }

    /// <summary>A value as it may stand in a filter, whatever it holds.</summary>
    public static string Escape(string value)
    {
        var text = new StringBuilder();
        foreach (var c in value)
            text.Append(c is '*' or '(' or ')' or '\\' or '\0' ? $"\\{(int)c:x2}" : c);
        return text.ToString();
    }

    public static string Escape(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder();
        foreach (var b in value)
            text.Append(CultureInfo.InvariantCulture, $"\\{b:x2}");
        return text.ToString();
    }

    private static bool Read(string text, ref int at, AsnWriter to, int depth)
    {
        if (depth > Deepest || !Take(text, ref at, '('))
            return false;
        var done = at < text.Length && text[at] switch
        {
            '&' => Set(text, ref at, to, 0, depth),
            '|' => Set(text, ref at, to, 1, depth),
            '!' => Not(text, ref at, to, depth),
            _ => Item(text, ref at, to),
        };
        return done && Take(text, ref at, ')');
    }

    private static bool Set(string text, ref int at, AsnWriter to, int tag, int depth)
    {
        at++;
        to.PushSequence(Tag(tag, constructed: true));
        var any = false;
        while (at < text.Length && text[at] == '(')
        {
            if (!Read(text, ref at, to, depth + 1))
                return false;
            any = true;
        }

        to.PopSequence(Tag(tag, constructed: true));
        return any;
    }

    private static bool Not(string text, ref int at, AsnWriter to, int depth)
    {
        at++;
        to.PushSequence(Tag(2, constructed: true));
        if (!Read(text, ref at, to, depth + 1))
            return false;
        to.PopSequence(Tag(2, constructed: true));
        return true;
    }

    private static bool Item(string text, ref int at, AsnWriter to)
    {
        var end = text.IndexOf(')', at);
        var equals = text.IndexOf('=', at);
        if (end < 0 || equals <= at || equals > end)
            return false;
        var (left, value) = (text[at..equals], text[(equals + 1)..end]);
        at = end;
        return left[^1] switch
        {
            ':' => Extensible(left[..^1], value, to),
            '>' => Pair(5, left[..^1], value, to),
            '<' => Pair(6, left[..^1], value, to),
            '~' => Pair(8, left[..^1], value, to),
            _ when value == "*" => Present(left, to),
            _ when value.Contains('*', StringComparison.Ordinal) => Substrings(left, value, to),
            _ => Pair(3, left, value, to),
        };
    }

    private static bool Pair(int tag, string attribute, string value, AsnWriter to)
    {
        if (!IsName(attribute) || Unescape(value) is not { } bytes)
            return false;
        to.PushSequence(Tag(tag, constructed: true));
        to.WriteOctetString(Encoding.ASCII.GetBytes(attribute));
        to.WriteOctetString(bytes);
        to.PopSequence(Tag(tag, constructed: true));
        return true;
    }

    private static bool Present(string attribute, AsnWriter to)
    {
        if (!IsName(attribute))
            return false;
        to.WriteOctetString(Encoding.ASCII.GetBytes(attribute), Tag(7, constructed: false));
        return true;
    }

    private static bool Substrings(string attribute, string value, AsnWriter to)
    {
        var parts = value.Split('*');
        if (!IsName(attribute))
            return false;
        to.PushSequence(Tag(4, constructed: true));
        to.WriteOctetString(Encoding.ASCII.GetBytes(attribute));
        to.PushSequence();
        for (var n = 0; n < parts.Length; n++)
        {
            if (parts[n].Length == 0)
                continue;
            if (Unescape(parts[n]) is not { } bytes)
                return false;
            to.WriteOctetString(bytes, Tag(n == 0 ? 0 : n == parts.Length - 1 ? 2 : 1, constructed: false));
        }

        to.PopSequence();
        to.PopSequence(Tag(4, constructed: true));
        return true;
    }

    // "userAccountControl:1.2.840.113556.1.4.803:=2"
    private static bool Extensible(string left, string value, AsnWriter to)
    {
        var parts = left.Split(':');
        var inNames = parts.Contains("dn", StringComparer.Ordinal);
        var rule = parts.Skip(1).FirstOrDefault(p => p is not "dn");
        if ((parts[0].Length > 0 && !IsName(parts[0])) || (rule is not null && !IsName(rule)) || (parts[0].Length == 0 && rule is null) || Unescape(value) is not { } bytes)
            return false;
        to.PushSequence(Tag(9, constructed: true));
        if (rule is not null)
            to.WriteOctetString(Encoding.ASCII.GetBytes(rule), Tag(1, constructed: false));
        if (parts[0].Length > 0)
            to.WriteOctetString(Encoding.ASCII.GetBytes(parts[0]), Tag(2, constructed: false));
        to.WriteOctetString(bytes, Tag(3, constructed: false));
        if (inNames)
            to.WriteBoolean(true, Tag(4, constructed: false));
        to.PopSequence(Tag(9, constructed: true));
        return true;
    }

    private static byte[]? Unescape(string value)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] == '(')
                return null;
            if (value[at] != '\\')
            {
                var length = at + 1 < value.Length && char.IsSurrogatePair(value, at) ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(value.Substring(at, length)));
                at += length - 1;
                continue;
            }

            if (at + 2 >= value.Length || !byte.TryParse(value.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var one))
                return null;
            bytes.Add(one);
            at += 2;
        }

        return [.. bytes];
    }

    private static bool IsName(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ';' or '_');

    private static bool Take(string text, ref int at, char wanted)
    {
        if (at >= text.Length || text[at] != wanted)
            return false;
        at++;
        return true;
    }

    private static Asn1Tag Tag(int number, bool constructed) => new(TagClass.ContextSpecific, number, constructed);
}
