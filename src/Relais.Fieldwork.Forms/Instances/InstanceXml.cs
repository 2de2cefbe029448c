using System.Xml;

namespace Relais.Fieldwork.Forms.Instances;

/// <summary>Instances written as XML.</summary>
public static class InstanceXml
{
    private const int Deepest = 100;

    /// <summary>The root element with all below. Attributes and elements lose their prefix.</summary>
    /// <returns>Null when the text is not well-formed, has a document type, or is nested too deeply.</returns>
    public static FormNode? Read(string xml)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true, IgnoreProcessingInstructions = true });
            reader.MoveToContent();
            return Element(reader, 0);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static FormNode? Element(XmlReader reader, int depth)
    {
        if (depth > Deepest)
            return null;
        var node = new FormNode(reader.LocalName);
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.Prefix != "xmlns" && reader.Name != "xmlns")
                node.SetAttribute(reader.LocalName, reader.Value);
        }

        reader.MoveToElement();
        if (reader.IsEmptyElement)
            return node;
        var text = "";
        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (Element(reader, depth + 1) is not { } child)
                    return null;
                node.Add(child);
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
            {
                text += reader.Value;
            }
        }

        node.Text = node.Children.Count == 0 ? text : "";
        return node;
    }
}
