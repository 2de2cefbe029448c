using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Relais.Fieldwork.Exports;

/// <summary>
/// A table as Triple-S XML 2.0 (http://www.triple-s.org), with its data as CSV, both in one ZIP archive. A question with several answers is one variable, whose
/// cell has a 0 or a 1 for each choice.
/// </summary>
internal static class TripleS
{
    public const string MediaType = "application/zip";

    public static async Task WriteAsync(Stream to, ExportTable table, string name, DateTimeOffset at, CancellationToken cancel)
    {
        var variables = Variables(table.Columns);
        var lengths = new int[variables.Count];
        await foreach (var row in table.Rows(cancel).WithCancellation(cancel))
        {
            for (var i = 0; i < variables.Count; i++)
                lengths[i] = Math.Max(lengths[i], Cell(variables[i], table.Columns, row).Length);
        }

        await using var archive = await ZipArchive.CreateAsync(to, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancel);
        await using (var definition = await archive.CreateEntry($"{name}.sss").OpenAsync(cancel))
            await DefineAsync(definition, table, variables, lengths, at);
        await using var data = await archive.CreateEntry($"{name}.csv").OpenAsync(cancel);
        await using var writer = new StreamWriter(data, new UTF8Encoding(false));
        await writer.WriteLineAsync(string.Join(',', variables.Select(v => ExportCsv.Cell(v.Name, ExportKind.Whole))));
        await foreach (var row in table.Rows(cancel).WithCancellation(cancel))
            await writer.WriteLineAsync(string.Join(',', variables.Select(v => Quoted(v, Cell(v, table.Columns, row)))));
    }

    private static async Task DefineAsync(Stream to, ExportTable table, List<Variable> variables, int[] lengths, DateTimeOffset at)
    {
        await using var xml = XmlWriter.Create(to, new XmlWriterSettings { Async = true, Indent = true, Encoding = new UTF8Encoding(false) });
        await xml.WriteStartDocumentAsync();
        xml.WriteStartElement("sss");
        xml.WriteAttributeString("version", "2.0");
        xml.WriteElementString("date", at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        xml.WriteElementString("time", at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        xml.WriteElementString("origin", "Relais");
        xml.WriteStartElement("survey");
        xml.WriteElementString("title", DdiCodebook.Plain(table.Title));
        xml.WriteStartElement("record");
        xml.WriteAttributeString("ident", "A");
        xml.WriteAttributeString("format", "csv");
        xml.WriteAttributeString("skip", "1");
        for (var i = 0; i < variables.Count; i++)
            Define(xml, variables[i], table.Columns, i + 1, lengths[i]);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        await xml.WriteEndDocumentAsync();
    }

    private static void Define(XmlWriter xml, Variable variable, IReadOnlyList<ExportColumn> columns, int number, int length)
    {
        var column = columns[variable.Places[0]];
        var (type, literal) = TypeOf(variable, column);
        xml.WriteStartElement("variable");
        xml.WriteAttributeString("ident", number.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("type", type);
        if (literal)
            xml.WriteAttributeString("format", "literal");
        xml.WriteElementString("name", variable.Name);
        xml.WriteElementString("label", DdiCodebook.Plain(variable.Label));
        xml.WriteStartElement("position");
        xml.WriteAttributeString("start", number.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        switch (type)
        {
            case "single":
                Values(xml, column.Codes.Select(c => (c.Value, c.Label)));
                break;
            case "multiple":
                Values(xml, variable.Places.Select((place, i) => ((i + 1).ToString(CultureInfo.InvariantCulture), columns[place].Label)));
                break;
            case "character":
                xml.WriteElementString("size", Math.Max(1, length).ToString(CultureInfo.InvariantCulture));
                break;
            case "quantity":
                xml.WriteStartElement("values");
                xml.WriteStartElement("range");
                xml.WriteAttributeString("from", "-999999999999");
                xml.WriteAttributeString("to", "999999999999");
                xml.WriteEndElement();
                xml.WriteEndElement();
                break;
            default:
                break;
        }

        xml.WriteEndElement();
    }

    private static void Values(XmlWriter xml, IEnumerable<(string Code, string Label)> values)
    {
        xml.WriteStartElement("values");
        foreach (var (code, label) in values)
        {
            xml.WriteStartElement("value");
            xml.WriteAttributeString("code", code);
            xml.WriteString(DdiCodebook.Plain(label));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static (string Type, bool Literal) TypeOf(Variable variable, ExportColumn column) => column switch
    {
        _ when variable.Places.Count > 1 || column.Set is not null => ("multiple", false),
        { Codes.Count: > 0 } => ("single", column.Codes.Any(c => !uint.TryParse(c.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))),
        { Kind: ExportKind.Whole or ExportKind.Number } => ("quantity", false),
        { Kind: ExportKind.Date } => ("date", false),
        _ => ("character", false),
    };

    private static List<Variable> Variables(IReadOnlyList<ExportColumn> columns) =>
    [
        .. columns.Select((column, place) => (column, place))
            .GroupBy(c => c.column.Set is { } set ? "set " + set.Name : "column " + c.column.Name, StringComparer.Ordinal)
            .Select(group => new Variable(
                group.First().column.Set?.Name ?? group.First().column.Name, group.First().column.Set?.Label ?? group.First().column.Label, [.. group.Select(c => c.place)])),
    ];

    private static string Cell(Variable variable, IReadOnlyList<ExportColumn> columns, string?[] row)
    {
        var column = columns[variable.Places[0]];
        if (column.Set is not null)
            return variable.Places.All(place => row[place] is null) ? "" : string.Concat(variable.Places.Select(place => row[place] is "1" ? '1' : '0'));
        var cell = row[variable.Places[0]] ?? "";
        return column.Kind is ExportKind.Date ? cell.Replace("-", "", StringComparison.Ordinal) : cell;
    }

    // A row of bits that begins with a zero would lose it in a reader that takes it for a number.
    private static string Quoted(Variable variable, string cell) =>
        variable.Places.Count > 1 || cell.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    private sealed record Variable(string Name, string Label, IReadOnlyList<int> Places);
}
