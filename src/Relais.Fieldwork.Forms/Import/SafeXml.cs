using System.Text;
using System.Xml;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import;

/// <summary>Reads XML safely: no DTD, no entity, nothing from outside, and no deeper than the limits.</summary>
internal static class SafeXml
{
    public static XmlReaderSettings Settings(ImportLimits limits) => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = limits.FileBytes,
    };

    /// <summary>The tree of an .xml; null when it cannot be read.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="limits">Size and depth.</param>
    /// <param name="line">Where reading stopped, from 1.</param>
    public static InstanceNode? Read(byte[] bytes, ImportLimits limits, out int line)
    {
        line = 1;
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(bytes, writable: false), Settings(limits));
            var open = new Stack<(string Name, StringBuilder Text, List<InstanceNode> Children)>();
            while (xml.Read())
            {
                line = (xml as IXmlLineInfo)?.LineNumber ?? 1;
                if (xml.Depth > limits.Depth)
                    return null;
                if (xml.NodeType == XmlNodeType.Element)
                    open.Push((xml.LocalName, new StringBuilder(), []));
                else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && open.Count > 0)
                    open.Peek().Text.Append(xml.Value);
                if (xml.NodeType != XmlNodeType.EndElement && !(xml.NodeType == XmlNodeType.Element && xml.IsEmptyElement))
                    continue;
                var (name, text, children) = open.Pop();
                var node = new InstanceNode(name, children.Count > 0 ? null : text.ToString(), children);
                if (open.Count == 0)
                    return node;
                open.Peek().Children.Add(node);
            }
        }
        catch (XmlException damage)
        {
            line = Math.Max(1, damage.LineNumber);
        }

        return null;
    }
}
