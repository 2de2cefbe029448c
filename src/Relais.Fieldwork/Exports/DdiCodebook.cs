using System.Globalization;
using System.Xml;

namespace Relais.Fieldwork.Exports;

/// <summary>What the columns of a table are, as a DDI Codebook 2.5 (https://ddialliance.org/Specification/DDI-Codebook/2.5/), which archives and statistics programs read.</summary>
internal static class DdiCodebook
{
    public const string MediaType = "application/xml";

    private const string Namespace = "ddi:codebook:2_5";

    /// <param name="software">Name and version of what made the data.</param>
    /// <param name="language">ISO 639-1, of the labels.</param>
    public static async Task WriteAsync(Stream to, ExportTable table, DateTimeOffset at, string software, string language, CancellationToken cancel)
    {
        var cases = 0L;
        await foreach (var _ in table.Rows(cancel).WithCancellation(cancel))
            cases++;

        await using var xml = XmlWriter.Create(to, new XmlWriterSettings { Async = true, Indent = true, CloseOutput = false });
        await xml.WriteStartDocumentAsync();
        xml.WriteStartElement("codeBook", Namespace);
        xml.WriteAttributeString("version", "2.5");
        xml.WriteAttributeString("xml", "lang", null, language);
        xml.WriteStartElement("stdyDscr", Namespace);
        xml.WriteStartElement("citation", Namespace);
        xml.WriteStartElement("titlStmt", Namespace);
        Element(xml, "titl", table.Title);
        xml.WriteEndElement();
        xml.WriteStartElement("prodStmt", Namespace);
        xml.WriteStartElement("software", Namespace);
        xml.WriteAttributeString("date", at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        xml.WriteString(software);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteStartElement("fileDscr", Namespace);
        xml.WriteAttributeString("ID", "F1");
        xml.WriteStartElement("fileTxt", Namespace);
        xml.WriteStartElement("dimensns", Namespace);
        Element(xml, "caseQnty", cases.ToString(CultureInfo.InvariantCulture));
        Element(xml, "varQnty", table.Columns.Count.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteStartElement("dataDscr", Namespace);
        Sets(xml, table.Columns);
        for (var i = 0; i < table.Columns.Count; i++)
            Variable(xml, table.Columns[i], i + 1);
        xml.WriteEndElement();
        xml.WriteEndElement();
        await xml.WriteEndDocumentAsync();
    }

    // A question with several answers is a group of variables.
    private static void Sets(XmlWriter xml, IReadOnlyList<ExportColumn> columns)
    {
        var places = columns.Select((column, i) => (column.Set, Id: Id(i + 1))).Where(c => c.Set is not null);
        foreach (var (set, number) in places.GroupBy(c => c.Set!.Name, StringComparer.Ordinal).Select((set, i) => (set, i + 1)))
        {
            xml.WriteStartElement("varGrp", Namespace);
            xml.WriteAttributeString("ID", string.Create(CultureInfo.InvariantCulture, $"G{number}"));
            xml.WriteAttributeString("type", "multipleResp");
            xml.WriteAttributeString("var", string.Join(' ', set.Select(c => c.Id)));
            xml.WriteAttributeString("name", set.Key);
            Element(xml, "labl", set.First().Set!.Label);
            xml.WriteEndElement();
        }
    }

    private static void Variable(XmlWriter xml, ExportColumn column, int number)
    {
        xml.WriteStartElement("var", Namespace);
        xml.WriteAttributeString("ID", Id(number));
        xml.WriteAttributeString("name", column.Name);
        xml.WriteAttributeString("files", "F1");
        xml.WriteAttributeString("intrvl", column.Kind is ExportKind.Text || column.Codes.Count > 0 || column.Set is not null ? "discrete" : "contin");
        Element(xml, "labl", column.Label);
        xml.WriteStartElement("qstn", Namespace);
        Element(xml, "qstnLit", column.Set?.Label ?? column.Label);
        xml.WriteEndElement();
        foreach (var code in column.Codes)
        {
            xml.WriteStartElement("catgry", Namespace);
            Element(xml, "catValu", code.Value);
            Element(xml, "labl", code.Label);
            xml.WriteEndElement();
        }

        xml.WriteStartElement("varFormat", Namespace);
        xml.WriteAttributeString("type", column.Kind is ExportKind.Whole or ExportKind.Number ? "numeric" : "character");
        if (column.Kind is ExportKind.Date or ExportKind.Moment)
        {
            xml.WriteAttributeString("category", column.Kind is ExportKind.Date ? "date" : "time");
            xml.WriteAttributeString("schema", "ISO");
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"V{number}");

    private static void Element(XmlWriter xml, string name, string text)
    {
        xml.WriteStartElement(name, Namespace);
        xml.WriteString(Plain(text));
        xml.WriteEndElement();
    }

    /// <summary>A text without what XML 1.0 cannot hold.</summary>
    internal static string Plain(string text) => text.Any(c => !Allowed(c)) ? string.Concat(text.Where(Allowed)) : text;

    private static bool Allowed(char c) => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c);
}
