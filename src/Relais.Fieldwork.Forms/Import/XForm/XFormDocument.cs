using System.Xml;
using System.Xml.Linq;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XForm;

/// <summary>The parts of an XForm's XML. Elements are told by their local names: forms in the field bind the namespaces in many ways.</summary>
internal sealed record XFormDocument(XElement Head, XElement Model, XElement Body)
{
    /// <summary>Reads the XML; null, with the reason reported, when it is no XForm.</summary>
    public static XFormDocument? Read(byte[] file, ImportLimits limits, FindingList findings)
    {
        if (file.Length > limits.FileBytes)
        {
            findings.Add(Say.TooLarge());
            return null;
        }

        try
        {
            if (TooDeep(file, limits) is { } deep)
            {
                findings.Add(Say.TooDeep(deep, limits.Depth));
                return null;
            }

            using var xml = XmlReader.Create(new MemoryStream(file, writable: false), SafeXml.Settings(limits));
            var root = XDocument.Load(xml, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace).Root;
            var head = root?.Local("head");
            if (head?.Local("model") is { } model && root?.Local("body") is { } body)
                return new XFormDocument(head, model, body);
            findings.Add(root?.Name.LocalName == "html" ? Say.NoModel(root.Origin()) : Say.NotAForm());
        }
        catch (XmlException damage)
        {
            var origin = new Origin("", Math.Max(1, damage.LineNumber), Math.Max(1, damage.LinePosition));
            var looksLikeXml = file.AsSpan().TrimStart("\uFEFF \t\r\n"u8) is [(byte)'<', ..] or [0xEF, 0xBB, 0xBF, ..];
            findings.Add(damage.Message.Contains("DTD", StringComparison.Ordinal) ? Say.Dtd(origin) : looksLikeXml ? Say.BadXml(origin, damage.Message) : Say.NotAForm());
        }

        return null;
    }

    // Trees are walked recursively later: their depth is bounded first, while reading does not recurse.
    private static Origin? TooDeep(byte[] file, ImportLimits limits)
    {
        using var xml = XmlReader.Create(new MemoryStream(file, writable: false), SafeXml.Settings(limits));
        while (xml.Read())
        {
            if (xml.Depth > limits.Depth && xml is IXmlLineInfo line)
                return new Origin("", line.LineNumber, line.LinePosition);
        }

        return null;
    }
}

internal static class XmlElements
{
    private const string JavaRosa = "http://openrosa.org/javarosa";

    /// <summary>The first child of a local name.</summary>
    public static XElement? Local(this XElement element, string name) => element.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    /// <summary>All children of a local name.</summary>
    public static IEnumerable<XElement> Locals(this XElement element, string name) => element.Elements().Where(child => child.Name.LocalName == name);

    /// <summary>An attribute without namespace, trimmed; null when it is missing or blank.</summary>
    public static string? Get(this XElement element, string name) => Text(element.Attribute(name));

    /// <summary>An attribute of JavaRosa's namespace, <c>jr:</c>.</summary>
    public static string? Jr(this XElement element, string name) => Text(element.Attribute(XName.Get(name, JavaRosa)));

    /// <summary>Where an element or attribute stands.</summary>
    public static Origin Origin(this XObject node) => node is IXmlLineInfo line && line.HasLineInfo() ? new Origin("", line.LineNumber, line.LinePosition) : Definitions.Origin.File;

    private static string? Text(XAttribute? attribute) => attribute?.Value.Trim() is { Length: > 0 } text ? text : null;
}
