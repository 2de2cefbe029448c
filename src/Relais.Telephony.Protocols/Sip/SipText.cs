using System.Text;

namespace Relais.Telephony.Protocols.Sip;

/// <summary>The grammar's small parts (RFC 3261, 25.1).</summary>
internal static class SipText
{
    /// <summary>Takes a text apart at a separator that stands neither in quotes nor in angle brackets.</summary>
    public static IEnumerable<string> Split(string text, char separator)
    {
        var (from, quoted, inside) = (0, false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c == '\\')
                    i++;
                else if (c == '"')
                    quoted = false;
            }
            else if (c == '"' && !inside)
            {
                quoted = true;
            }
            else if (c is '<' or '>')
            {
                inside = c == '<';
            }
            else if (c == separator && !inside)
            {
                yield return text[from..i].Trim();
                from = i + 1;
            }
        }

        yield return text[from..].Trim();
    }

    /// <summary>Whether a text is a token: a method, a header's name, a tag.</summary>
    public static bool IsToken(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"-.!%*_+`'~".Contains(c, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    /// <summary>Parameters as <c>;name=value;flag</c>; null where they are malformed. Names are in lower case; quotes are taken off.</summary>
    public static Dictionary<string, string?>? Parameters(string text)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in Split(text, ';'))
        {
            if (part.Length == 0)
                continue;
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var name = (at < 0 ? part : part[..at]).Trim();
            // The first of a name counts: one that comes again is not another's to set.
            if (!IsToken(name) || !all.TryAdd(name, at < 0 ? null : Unquote(part[(at + 1)..].Trim())))
                return null;
        }

        return all;
    }

    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text.Where(c => c is not ('\r' or '\n' or '\0')))
            quoted.Append(c is '"' or '\\' ? "\\" : "").Append(c);
        return quoted.Append('"').ToString();
    }

    public static string Unquote(string text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"')
            return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length - 1; i++)
            plain.Append(text[i] == '\\' && i + 1 < text.Length - 1 ? text[++i] : text[i]);
        return plain.ToString();
    }
}
