using System.Text;
using System.Xml;

namespace Relais.Gateway.Protocols.Feeds;

/// <summary>
/// The list of what a client may open, as RemoteApp and Desktop Connections read it ([MS-TSWP] 2.2.1). What is unchanged is written in the
/// same bytes.
/// </summary>
/// <param name="Publisher">Whose list it is, as people read it.</param>
/// <param name="Server">The server's name, which is also the publisher's id.</param>
/// <param name="LastUpdated">When an entry last changed, came or went.</param>
/// <param name="Resources">The entries.</param>
public sealed record ResourceList(string Publisher, string Server, DateTimeOffset LastUpdated, IReadOnlyList<FeedResource> Resources)
{
    private const string Namespace = "http://schemas.microsoft.com/ts/2007/05/tswf";

    /// <summary>The document, in UTF-8 without a byte order mark.</summary>
    /// <param name="version">What the client can read.</param>
    public byte[] Write(FeedVersion version)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true }))
        {
            xml.WriteStartElement("ResourceCollection", Namespace);
            xml.WriteAttributeString("PubDate", Time(LastUpdated));
            xml.WriteAttributeString("SchemaVersion", version.Schema);
            WritePublisher(xml, version != FeedVersion.Oldest);
            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    private void WritePublisher(XmlWriter xml, bool two)
    {
        xml.WriteStartElement("Publisher");
        xml.WriteAttributeString("LastUpdated", Time(LastUpdated));
        xml.WriteAttributeString("Name", Clean(Publisher));
        xml.WriteAttributeString("ID", Server);
        xml.WriteAttributeString("Description", "");
        // [MS-RDWR] is not spoken: sessions are taken up by opening the entry again.
        if (two)
            xml.WriteAttributeString("SupportsReconnect", "false");
        xml.WriteStartElement("Resources");
        foreach (var resource in Resources)
            WriteResource(xml, resource, two);
        xml.WriteEndElement();
        xml.WriteStartElement("TerminalServers");
        xml.WriteStartElement("TerminalServer");
        xml.WriteAttributeString("ID", Server);
        xml.WriteAttributeString("Name", Server);
        xml.WriteAttributeString("LastUpdated", Time(LastUpdated));
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private void WriteResource(XmlWriter xml, FeedResource resource, bool two)
    {
        xml.WriteStartElement("Resource");
        xml.WriteAttributeString("ID", resource.Id);
        xml.WriteAttributeString("Alias", resource.Id);
        xml.WriteAttributeString("Title", Clean(resource.Title));
        xml.WriteAttributeString("LastUpdated", Time(resource.LastUpdated));
        xml.WriteAttributeString("Type", "Desktop");
        xml.WriteStartElement("Icons");
        WriteIcon(xml, "IconRaw", null, "Ico", resource.Icon);
        WriteIcon(xml, "Icon32", "32x32", "Png", resource.Icon32);
        WriteIcon(xml, "Icon256", "256x256", "Png", resource.Icon256);
        xml.WriteEndElement();
        xml.WriteStartElement("FileExtensions");
        xml.WriteEndElement();
        if (two)
        {
            xml.WriteStartElement("Folders");
            xml.WriteStartElement("Folder");
            xml.WriteAttributeString("Name", "/");
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        xml.WriteStartElement("HostingTerminalServers");
        xml.WriteStartElement("HostingTerminalServer");
        xml.WriteStartElement("ResourceFile");
        xml.WriteAttributeString("FileExtension", ".rdp");
        xml.WriteAttributeString("URL", resource.File);
        xml.WriteEndElement();
        xml.WriteStartElement("TerminalServerRef");
        xml.WriteAttributeString("Ref", Server);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteIcon(XmlWriter xml, string element, string? dimensions, string type, string address)
    {
        xml.WriteStartElement(element);
        if (dimensions is not null)
            xml.WriteAttributeString("Dimensions", dimensions);
        xml.WriteAttributeString("FileType", type);
        xml.WriteAttributeString("FileURL", address);
        xml.WriteEndElement();
    }

    private static string Time(DateTimeOffset when) => XmlConvert.ToString(when.UtcDateTime, XmlDateTimeSerializationMode.Utc);

    // Names are free text; one that XML cannot hold must not take the whole list with it.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i]) && !char.IsControl(text[i]))
                clean.Append(text[i]);
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                clean.Append(text[i]).Append(text[++i]);
        }

        return clean.ToString();
    }
}
