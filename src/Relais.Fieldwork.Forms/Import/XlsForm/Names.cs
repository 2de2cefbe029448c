using System.Text;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>
/// Turns <c>${name}</c> into a path: relative where both lie in the same repeat, so that it means this pass of it, absolute elsewhere.
/// The paths are those that pyxform writes.
/// </summary>
internal sealed class Names
{
    private readonly Dictionary<string, List<Draft>> _byName = new(StringComparer.Ordinal);
    private readonly FindingList _findings;

    public Names(Draft root, FindingList findings)
    {
        _findings = findings;
        Add(root);
    }

    public IEnumerable<string> All => _byName.Keys;

    public Draft? Find(string name) => _byName.TryGetValue(name, out var found) ? found[0] : null;

    /// <summary>The expression with its names resolved. Unknown names are reported and stay, so that the expression does not compile unseen.</summary>
    /// <param name="text">As written.</param>
    /// <param name="context">The item that the expression belongs to: its context node.</param>
    /// <param name="origin">Where it is written.</param>
    /// <param name="inChoices">The context is an item of a list: the form is reached through <c>current()</c>.</param>
    public string Resolve(string text, Draft context, Origin origin, bool inChoices = false)
    {
        text = Straight(text);
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        var result = new StringBuilder(text.Length + 64);
        var scan = new Scan();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '$' || at + 1 >= text.Length || text[at + 1] != '{')
            {
                scan.Pass(text, at);
                result.Append(text[at]);
                continue;
            }

            var end = text.IndexOf('}', at);
            if (end < 0)
            {
                _findings.Add(Say.OpenReference(origin, text[at..]));
                return result.Append(text, at, text.Length - at).ToString();
            }

            var name = text[(at + 2)..end].Trim();
            result.Append(PathTo(name, context, origin, inChoices || scan.InPredicate, scan) ?? text[at..(end + 1)]);
            at = end;
        }

        return result.ToString();
    }

    /// <summary>A cell as an expression of an item.</summary>
    public FormExpression Expression(FormCell cell, Draft context, bool inChoices = false)
    {
        var xpath = Resolve(cell.Text, context, cell.Origin, inChoices);
        return new FormExpression(xpath, cell.Origin, xpath == cell.Text ? null : cell.Text);
    }

    /// <summary>The path from an item to another.</summary>
    public static string PathTo(Draft target, Draft context) => Path(target, context, throughCurrent: false, scan: null);

    /// <summary>A text with its names as expressions.</summary>
    public List<TextPart> Template(string text, Draft context, Origin origin)
    {
        var parts = new List<TextPart>();
        var from = 0;
        while (from < text.Length)
        {
            var at = text.IndexOf("${", from, StringComparison.Ordinal);
            var end = at < 0 ? -1 : text.IndexOf('}', at);
            if (end < 0)
            {
                if (at >= 0)
                    _findings.Add(Say.OpenReference(origin, text[at..]));
                parts.Add(TextPart.Words(text[from..]));
                break;
            }

            if (at > from)
                parts.Add(TextPart.Words(text[from..at]));
            parts.Add(PathTo(text[(at + 2)..end].Trim(), context, origin, false, null) is { } path ? TextPart.Value(path.Trim()) : TextPart.Words(text[at..(end + 1)]));
            from = end + 1;
        }

        return parts.Count == 0 ? [TextPart.Words("")] : parts;
    }

    private string? PathTo(string name, Draft context, Origin origin, bool throughCurrent, Scan? scan)
    {
        if (name.StartsWith("last-saved#", StringComparison.Ordinal))
        {
            _findings.Add(Say.LastSaved(origin, name));
            return null;
        }

        if (!_byName.TryGetValue(name, out var found))
        {
            _findings.Add(Say.UnknownReference(origin, name, _findings.Nearest(name, _byName.Keys)));
            return null;
        }

        if (found.Count > 1)
        {
            _findings.Add(Say.AmbiguousReference(origin, name, found[0].Origin, found[1].Origin));
            return null;
        }

        return $" {Path(found[0], context, throughCurrent, scan)} ";
    }

    private static string Path(Draft target, Draft context, bool throughCurrent, Scan? scan)
    {
        var (to, from) = (target.Nodes(), context.Nodes());
        var shared = 0;
        while (shared < to.Count && shared < from.Count && ReferenceEquals(to[shared], from[shared]))
            shared++;
        // A repeat seen from inside itself is all its passes, except to position(), which asks for this one.
        var own = shared == to.Count && target.IsRepeat;
        if (own && scan?.Function == "position")
            return Relative(from.Count - shared, [], throughCurrent);
        if (own)
            shared--;
        var inRepeat = to.Take(shared).Any(node => node.IsRepeat);
        return !inRepeat || scan?.WantsAbsolute == true ? target.Path : Relative(from.Count - shared, to.Skip(shared), throughCurrent);
    }

    private static string Relative(int up, IEnumerable<Draft> down, bool throughCurrent)
    {
        var steps = string.Join('/', Enumerable.Repeat("..", up).Concat(down.Select(node => node.Name)));
        return (throughCurrent ? "current()/" : "") + (steps.Length == 0 ? "." : steps);
    }

    private void Add(Draft draft)
    {
        foreach (var child in draft.Children)
        {
            if (!_byName.TryGetValue(child.Name, out var same))
                _byName[child.Name] = same = [];
            same.Add(child);
            Add(child);
        }
    }

    // Word processors turn quotation marks; no expression means them. A no-break space comes from copying a web page.
    private static string Straight(string text) => text
        .Replace('\u2018', '\'').Replace('\u2019', '\'').Replace('\u201C', '"').Replace('\u201D', '"').Replace('\u00A0', ' ');

    /// <summary>Where in the expression a name stands: in a predicate, in which function, at which argument.</summary>
    private sealed class Scan
    {
        private readonly Stack<(string Function, int Argument)> _calls = new();
        private int _predicates;
        private char _quote;

        public bool InPredicate => _predicates > 0;

        public string Function => _calls.TryPeek(out var call) ? call.Function : "";

        /// <summary>The nodes and repeats of indexed-repeat() name all passes: it picks one itself.</summary>
        public bool WantsAbsolute => _calls.TryPeek(out var call) && call.Function == "indexed-repeat" && call.Argument is 0 or 1 or 3 or 5;

        public void Pass(string text, int at)
        {
            var letter = text[at];
            if (_quote != 0)
            {
                _quote = letter == _quote ? '\0' : _quote;
                return;
            }

            switch (letter)
            {
                case '\'' or '"':
                    _quote = letter;
                    break;
                case '[':
                    _predicates++;
                    break;
                case ']':
                    _predicates = Math.Max(0, _predicates - 1);
                    break;
                case '(':
                    _calls.Push((WordBefore(text, at), 0));
                    break;
                case ')':
                    _calls.TryPop(out _);
                    break;
                case ',' when _calls.TryPop(out var call):
                    _calls.Push((call.Function, call.Argument + 1));
                    break;
                default:
                    break;
            }
        }

        private static string WordBefore(string text, int end)
        {
            while (end > 0 && text[end - 1] == ' ')
                end--;
            var start = end;
            while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '-' or '_' or ':'))
                start--;
            return text[start..end];
        }
    }
}
