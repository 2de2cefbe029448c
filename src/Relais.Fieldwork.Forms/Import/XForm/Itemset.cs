namespace Relais.Fieldwork.Forms.Import.XForm;

/// <summary>The nodeset of an itemset, taken apart.</summary>
/// <param name="Nodes">The nodes without randomize().</param>
/// <param name="Instance">The secondary instance they lie in; null when they lie in the interview.</param>
/// <param name="Filter">The predicate on its items.</param>
/// <param name="Randomize">They are shuffled.</param>
/// <param name="Seed">The seed of the shuffle.</param>
internal sealed record Itemset(string Nodes, string? Instance, string? Filter, bool Randomize, string? Seed)
{
    /// <summary>Reads <c>randomize(instance('list')/root/item[filter], seed)</c>, every part but the nodes optional; null when it is none of that.</summary>
    public static Itemset? Parse(string nodeset)
    {
        var text = nodeset.Trim();
        var randomize = text.StartsWith("randomize(", StringComparison.Ordinal) && text.EndsWith(')');
        string? seed = null;
        if (randomize)
        {
            var inner = text[10..^1];
            var comma = Outside(inner, ',');
            seed = comma < 0 ? null : inner[(comma + 1)..].Trim();
            text = (comma < 0 ? inner : inner[..comma]).Trim();
        }

        if (!text.StartsWith("instance(", StringComparison.Ordinal))
            return text.Length > 0 && text[0] is '/' or '.' or 'c' ? new Itemset(text, null, null, randomize, seed) : null;

        var quote = text.Length > 10 ? text[9] : ' ';
        var end = quote is '\'' or '"' ? text.IndexOf(quote, 10) : -1;
        if (end < 0)
            return null;
        var rest = text[(end + 1)..].Trim();
        if (!rest.StartsWith(")/root/item", StringComparison.Ordinal))
            return null;
        rest = rest[11..].Trim();
        if (rest.Length == 0)
            return new Itemset(text, text[10..end], null, randomize, seed);
        return rest[0] == '[' && Outside(rest[1..], ']') == rest.Length - 2 ? new Itemset(text, text[10..end], rest[1..^1].Trim(), randomize, seed) : null;
    }

    /// <summary>The first place of a letter outside quotation marks, parentheses and brackets; -1 when there is none.</summary>
    private static int Outside(string text, char wanted)
    {
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (depth == 0 && text[at] == wanted)
                return at;
            if (text[at] is '\'' or '"')
            {
                at = text.IndexOf(text[at], at + 1);
                if (at < 0)
                    return -1;
            }
            else if (text[at] is '(' or '[')
            {
                depth++;
            }
            else if (text[at] is ')' or ']')
            {
                depth--;
            }
        }

        return -1;
    }
}
