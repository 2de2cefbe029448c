using System.IO.Compression;
using System.Security;
using System.Text;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import;

namespace Relais.Fieldwork.Forms.Tests.Import;

/// <summary>Writes workbooks and parts of them, and imports them.</summary>
internal static class Book
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    /// <summary>A workbook; each sheet is its name and its rows, cells separated by <c>|</c>. A cell that begins with <c>=</c> is a formula worth what follows.</summary>
    public static byte[] Write(params IEnumerable<(string Name, string[] Rows)> sheets)
    {
        var list = sheets.ToList();
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["xl/workbook.xml"] = $"<workbook xmlns='{Main}' xmlns:r='r'><sheets>{string.Concat(list.Select((s, i) => $"<sheet name='{s.Name}' sheetId='{i + 1}' r:id='r{i}'/>"))}</sheets></workbook>",
            ["xl/_rels/workbook.xml.rels"] = $"<Relationships>{string.Concat(list.Select((_, i) => $"<Relationship Id='r{i}' Target='worksheets/s{i}.xml'/>"))}</Relationships>",
        };
        for (var i = 0; i < list.Count; i++)
            parts[$"xl/worksheets/s{i}.xml"] = $"<worksheet xmlns='{Main}'><sheetData>{string.Concat(list[i].Rows.Select(Row))}</sheetData></worksheet>";
        return Zip(parts);
    }

    public static byte[] Zip(IReadOnlyDictionary<string, string> parts)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in parts)
            {
                using var stream = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                stream.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }

    public static FormImport Import(string[] survey, string[]? choices = null, string[]? settings = null, Func<string, byte[]?>? attached = null)
    {
        var sheets = new List<(string, string[])> { ("survey", survey) };
        if (choices is not null)
            sheets.Add(("choices", choices));
        if (settings is not null)
            sheets.Add(("settings", settings));
        return FormImporter.Import("form.xlsx", Write(sheets), attached);
    }

    /// <summary>The form of a workbook that has no error.</summary>
    public static FormDefinition Form(string[] survey, string[]? choices = null, string[]? settings = null, Func<string, byte[]?>? attached = null)
    {
        var import = Import(survey, choices, settings, attached);
        Assert.True(import.Usable, string.Join('\n', import.Findings.Select(f => $"{f.Origin} {f.Code} {f.Text.English}")));
        return import.Definition!;
    }

    public static FormQuestion Question(this FormDefinition form, string name) => form.Questions().Single(q => q.Name == name);

    private static string Row(string row, int at) =>
        $"<row r='{at + 1}'>{string.Concat(row.Split('|').Select((cell, column) => Cell(cell.Trim(), Origin.ColumnName(column + 1) + (at + 1))))}</row>";

    private static string Cell(string text, string reference) => text switch
    {
        "" => "",
        ['=', .. var value] => $"<c r='{reference}' t='str'><f>1</f><v>{SecurityElement.Escape(value)}</v></c>",
        _ => $"<c r='{reference}' t='inlineStr'><is><t>{SecurityElement.Escape(text)}</t></is></c>",
    };
}
