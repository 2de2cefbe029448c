using System.Text;
using System.Xml.Linq;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XForm;

/// <summary>The translations of an XForm, and its texts that stand where they are used.</summary>
internal sealed class XFormTexts
{
    private const int MostLanguages = 100;

    private readonly Dictionary<string, Dictionary<string, Translation>> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, Translation>> _guidance = new(StringComparer.Ordinal);
    private readonly HashSet<string> _onlyMedia = new(StringComparer.Ordinal);
    private readonly FindingList _findings;

    public XFormTexts(XElement model, FindingList findings)
    {
        _findings = findings;
        var translations = model.Local("itext")?.Locals("translation").Where(t => t.Get("lang") is not null).ToList() ?? [];
        var named = translations.Select(t => t.Get("lang") ?? "").Distinct(StringComparer.Ordinal).ToList();
        if (named.Count > MostLanguages)
            findings.Add(Say.TooManyLanguages(translations[MostLanguages].Origin(), MostLanguages));
        Languages = named.Count == 0 ? ["default"] : [.. named.Take(MostLanguages)];
        Default = translations.FirstOrDefault(t => t.Attribute("default") is not null)?.Get("lang") is { } marked && Languages.Contains(marked, StringComparer.Ordinal) ? marked : Languages[0];
        foreach (var translation in translations)
        {
            foreach (var text in translation.Locals("text"))
                Read(translation.Get("lang") ?? "", text);
        }
    }

    public string Default { get; }

    public IReadOnlyList<string> Languages { get; }

    /// <summary>The text of a label or hint, by reference or inline; null when there is none.</summary>
    public FormText? Of(XElement? element)
    {
        if (element is null)
            return null;
        if (element.Get("ref") is { } reference)
            return Reference(reference, element.Origin());
        var parts = Parts(element);
        return parts.Count == 0 ? null : new FormText([new Translation(Default, parts, element.Origin())]);
    }

    /// <summary>The text of an attribute: words, or <c>jr:itext('id')</c>.</summary>
    public FormText? Of(string? written, Origin origin) =>
        written is null ? null
        : IdOf(written) is not null ? Reference(written, origin)
        : new FormText([new Translation(Default, [TextPart.Words(written)], origin)]);

    /// <summary>The guidance that stands with a hint's translations.</summary>
    public FormText? GuidanceOf(XElement? element) => element?.Get("ref") is { } reference && IdOf(reference) is { } id ? Known(_guidance, id) : null;

    /// <summary>The text of an id; null when there is none or it has only pictures and sounds.</summary>
    public FormText? ById(string id, Origin origin)
    {
        if (Known(_texts, id) is not { } text)
        {
            if (!_onlyMedia.Contains(id) && !_guidance.ContainsKey(id))
                _findings.Add(Say.UnknownText(origin, id));
            return null;
        }

        foreach (var language in Languages.Where(language => text.Find(language) is null))
            _findings.Add(Say.TranslationMissing(origin, id, language));
        return text;
    }

    private FormText? Reference(string reference, Origin origin)
    {
        if (IdOf(reference) is { } id)
            return ById(id, origin);
        _findings.Add(Say.UnknownText(origin, reference));
        return null;
    }

    /// <summary>The id of <c>jr:itext('id')</c>.</summary>
    private static string? IdOf(string reference)
    {
        var text = reference.Trim();
        if (!text.StartsWith("jr:itext(", StringComparison.Ordinal) || !text.EndsWith(')'))
            return null;
        var inner = text[9..^1].Trim();
        return inner.Length >= 2 && inner[0] is '\'' or '"' && inner[^1] == inner[0] ? inner[1..^1] : null;
    }

    private void Read(string language, XElement text)
    {
        if (text.Get("id") is not { } id)
            return;
        foreach (var value in text.Locals("value"))
        {
            var form = value.Get("form");
            if (form is not (null or "long" or "guidance"))
            {
                _onlyMedia.Add(id);
                continue;
            }

            var into = form == "guidance" ? _guidance : _texts;
            var parts = Parts(value);
            // pyxform writes a lone hyphen where an author left a translation out.
            if (parts.Count == 0 || parts is [{ Literal: "-" }])
            {
                _onlyMedia.Add(id);
                continue;
            }

            if (!into.TryGetValue(id, out var languages))
                into[id] = languages = new(StringComparer.Ordinal);
            languages.TryAdd(language, new Translation(language, parts, value.Origin()));
        }
    }

    private FormText? Known(Dictionary<string, Dictionary<string, Translation>> from, string id) =>
        from.TryGetValue(id, out var languages) ? new FormText([.. Languages.Where(languages.ContainsKey).Select(language => languages[language])]) : null;

    /// <summary>Words and <c>output</c> elements; blanks and line ends of the XML's own layout become one blank.</summary>
    private static List<TextPart> Parts(XElement element)
    {
        var parts = new List<TextPart>();
        var words = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            if (node is XText text)
            {
                words.Append(text.Value);
            }
            else if (node is XElement { Name.LocalName: "output" } output && (output.Get("value") ?? output.Get("ref")) is { } value)
            {
                Flush(last: false);
                parts.Add(TextPart.Value(value));
            }
        }

        Flush(last: true);
        return parts;

        void Flush(bool last)
        {
            var plain = string.Join(' ', words.ToString().Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
            if (plain.Length > 0)
            {
                var before = parts.Count > 0 && char.IsWhiteSpace(words[0]) ? " " : "";
                var after = !last && char.IsWhiteSpace(words[^1]) ? " " : "";
                parts.Add(TextPart.Words(before + plain + after));
            }
            else if (words.Length > 0 && parts.Count > 0 && !last)
            {
                parts.Add(TextPart.Words(" "));
            }

            words.Clear();
        }
    }
}
