using System.IO.Compression;
using System.Security;
using System.Text;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import;

namespace Relais.Gateway.Fuzz;

/// <summary>What a survey designer uploads: workbooks, old and new, and XForms.</summary>
internal static class FormTargets
{
    private static readonly ImportLimits Small = ImportLimits.Default with { FileBytes = 2_000_000, UnpackedBytes = 4_000_000, Cells = 50_000, Characters = 4_000_000 };

    /// <summary>The bytes of a file, told apart by the importer: .xlsx, .xls or XML.</summary>
    public static int File(byte[] bytes) => Imported("form.xlsx", bytes);

    /// <summary>
    /// The rows of a workbook: a sheet begins with a line <c># NAME</c>, cells are separated by bars. Mutations of these reach what those of
    /// a compressed archive never would.
    /// </summary>
    public static int Rows(byte[] bytes)
    {
        var sheets = Encoding.UTF8.GetString(bytes).Split("\n#").Select(sheet => sheet.TrimStart('#').Split('\n')).Take(5).ToList();
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Part(zip, "xl/workbook.xml", $"<workbook xmlns:r='r'><sheets>{string.Concat(sheets.Select((s, i) => $"<sheet name='{Safe(s[0].Trim())}' r:id='r{i}'/>"))}</sheets></workbook>");
            Part(zip, "xl/_rels/workbook.xml.rels", $"<R>{string.Concat(sheets.Select((_, i) => $"<Relationship Id='r{i}' Target='s{i}.xml'/>"))}</R>");
            for (var i = 0; i < sheets.Count; i++)
                Part(zip, $"xl/s{i}.xml", $"<w>{string.Concat(sheets[i].Skip(1).Select(Row))}</w>");
        }

        return Imported("form.xlsx", memory.ToArray());
    }

    private static int Imported(string name, byte[] bytes)
    {
        var import = FormImporter.Import(name, bytes, static file => file.Length % 2 == 0 ? "name,label\na,A\n"u8.ToArray() : null, Small);
        Targets.Promise(import.Definition is not null || import.Findings.Any(f => f.Level == FindingLevel.Error), "a form, or a reason why not");
        Targets.Promise(import.Findings.All(f => f.Text.French.Length > 0 && f.Text.English.Length > 0), "both languages");
        if (import.Definition is { } form)
        {
            var json = FormJson.Write(form);
            Targets.Promise(FormJson.Write(FormJson.Read(json)).AsSpan().SequenceEqual(json), "its JSON gives the same form");
            Targets.Promise(!import.Usable || form.All().Select(item => item.Path).OfType<string>().Distinct(StringComparer.Ordinal).Count() == form.All().Count(item => item.Path is not null), "a path is one item's");
            Targets.Promise(form.Languages.Contains(form.DefaultLanguage, StringComparer.Ordinal), "the default language is one of them");
        }

        var hash = new HashCode();
        foreach (var code in import.Findings.Select(f => f.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            hash.Add(code, StringComparer.Ordinal);
        hash.Add(import.Definition?.All().Count() / 2);
        return hash.ToHashCode();
    }

    private static string Row(string line) => $"<row>{string.Concat(line.Split('|').Select(cell => $"<c t='str'><v>{Safe(cell)}</v></c>"))}</row>";

    private static string Safe(string text) => SecurityElement.Escape(string.Concat(text.Where(letter => letter is >= ' ' and < '\uD800'))) ?? "";

    private static void Part(ZipArchive zip, string name, string text)
    {
        using var stream = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
