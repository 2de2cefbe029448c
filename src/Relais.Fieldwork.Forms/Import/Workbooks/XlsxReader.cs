using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Relais.Fieldwork.Forms.Import.Workbooks;

/// <summary>Reads the sheets of an .xlsx (ECMA-376, transitional and strict): a ZIP of XML. No DTD, no entity, no outside reference is read.</summary>
internal sealed class XlsxReader(ImportLimits limits, Func<string, bool> wanted)
{
    private const int MostEntries = 4000;

    private readonly CellBudget _budget = new(limits);
    private long _unpacked;
    private IReadOnlyList<string> _shared = [];
    private IReadOnlyList<bool> _dates = [];
    private bool _from1904;

    public Workbook Read(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file, writable: false), ZipArchiveMode.Read);
        if (zip.Entries.Count > MostEntries)
            throw new WorkbookException(WorkbookRefusal.TooLarge);
        if (zip.GetEntry("EncryptedPackage") is not null)
            throw new WorkbookException(WorkbookRefusal.Encrypted);
        if (zip.GetEntry("xl/workbook.xml") is not { } workbook)
            throw new WorkbookException(WorkbookRefusal.NotAWorkbook);

        var targets = Targets(zip);
        var listed = Listed(workbook);
        if (zip.GetEntry("xl/sharedStrings.xml") is { } shared)
            _shared = Shared(shared);
        if (zip.GetEntry("xl/styles.xml") is { } styles)
            _dates = DateStyles(styles);

        var sheets = new List<Sheet>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, id) in listed)
        {
            if (!names.Add(name))
                continue;
            if (!wanted(name))
                sheets.Add(new Sheet(name, []));
            else if (targets.TryGetValue(id, out var target) && zip.GetEntry(target) is { } entry)
                sheets.Add(new Sheet(name, Rows(entry)));
        }

        return new Workbook(sheets);
    }

    /// <summary>Relation to part: targets are relative to <c>xl/</c> or start at the root.</summary>
    private Dictionary<string, string> Targets(ZipArchive zip)
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        if (zip.GetEntry("xl/_rels/workbook.xml.rels") is not { } entry)
            return targets;
        using var xml = Open(entry);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "Relationship" && xml.GetAttribute("Id") is { } id && xml.GetAttribute("Target") is { } target)
                targets[id] = target.StartsWith('/') ? target[1..] : "xl/" + target;
        }

        return targets;
    }

    private List<(string Name, string Id)> Listed(ZipArchiveEntry entry)
    {
        var listed = new List<(string Name, string Id)>();
        using var xml = Open(entry);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "workbookPr")
                _from1904 = xml.GetAttribute("date1904") is "1" or "true";
            else if (xml.LocalName == "sheet")
                listed.Add((xml.GetAttribute("name") ?? "", RelationOf(xml)));
        }

        return listed;
    }

    // The relation's namespace differs between the transitional and the strict form; its local name does not.
    private static string RelationOf(XmlReader xml)
    {
        var id = "";
        for (var more = xml.MoveToFirstAttribute(); more; more = xml.MoveToNextAttribute())
        {
            if (xml.LocalName == "id" && xml.Prefix.Length > 0)
                id = xml.Value;
        }

        xml.MoveToElement();
        return id;
    }

    private List<string> Shared(ZipArchiveEntry entry)
    {
        var texts = new List<string>();
        using var xml = Open(entry);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "si")
                texts.Add(RichText(xml));
        }

        return texts;
    }

    /// <summary>All runs of a string item or inline string, without how it is pronounced.</summary>
    private static string RichText(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return "";
        var text = new StringBuilder();
        var depth = xml.Depth;
        var phonetic = int.MaxValue;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.Depth > phonetic)
                continue;
            phonetic = xml.NodeType == XmlNodeType.Element && xml.LocalName == "rPh" ? xml.Depth : int.MaxValue;
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
                text.Append(xml.Value);
        }

        return Unescaped(text.ToString());
    }

    // _x000D_ and the like stand for characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19).
    private static string Unescaped(string text)
    {
        if (!text.Contains("_x", StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '_' && at + 7 <= text.Length && text[at + 1] == 'x' && text[at + 6] == '_' &&
                ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                at += 6;
            }
            else
            {
                plain.Append(text[at]);
            }
        }

        return plain.ToString();
    }

    /// <summary>For each cell style, whether it shows a date or time.</summary>
    private List<bool> DateStyles(ZipArchiveEntry entry)
    {
        var codes = new Dictionary<int, bool>();
        var styles = new List<bool>();
        var inCells = false;
        using var xml = Open(entry);
        while (xml.Read())
        {
            if (xml.LocalName == "cellXfs")
                inCells = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "numFmt" && !inCells)
                codes[Number(xml.GetAttribute("numFmtId"))] = NumberText.IsDateCode(xml.GetAttribute("formatCode") ?? "");
            else if (xml.LocalName == "xf" && inCells && Number(xml.GetAttribute("numFmtId") ?? "0") is var format)
                styles.Add(codes.TryGetValue(format, out var date) ? date : NumberText.IsBuiltInDate(format));
        }

        return styles;
    }

    private List<SheetRow> Rows(ZipArchiveEntry entry)
    {
        var rows = new List<SheetRow>();
        var cells = new List<SheetCell>();
        var (row, column) = (0, 0);
        using var xml = Open(entry);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "row")
            {
                Close(row);
                row = xml.GetAttribute("r") is { } number ? Number(number) : row + 1;
                column = 0;
            }
            else if (xml.LocalName == "c")
            {
                column = xml.GetAttribute("r") is { } reference ? ColumnOf(reference) : column + 1;
                var (text, formula) = Value(xml);
                if (text.Length > 0 || formula)
                    cells.Add(new SheetCell(column, _budget.Spend(text), formula));
            }
        }

        Close(row);
        return rows;

        void Close(int number)
        {
            if (cells.Count > 0)
                rows.Add(new SheetRow(number, [.. cells.OrderBy(cell => cell.Column)]));
            cells.Clear();
        }
    }

    /// <summary>The cell that the reader stands on; leaves it at the cell's end.</summary>
    private (string Text, bool Formula) Value(XmlReader xml)
    {
        var type = xml.GetAttribute("t") ?? "n";
        var style = xml.GetAttribute("s") is { } s ? Number(s) : -1;
        if (xml.IsEmptyElement)
            return ("", false);

        var (raw, inline, formula, part) = ("", "", false, "");
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                part = xml.LocalName;
                formula |= part == "f";
                if (part == "is")
                    inline = RichText(xml);
            }
            else if (part == "v" && (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace))
            {
                raw += xml.Value;
            }
        }

        var text = type switch
        {
            "s" => Number(raw) is var at && at >= 0 && at < _shared.Count ? _shared[at] : throw new InvalidDataException("no such shared string"),
            "inlineStr" => inline,
            "str" => Unescaped(raw),
            "b" => raw is "1" or "true" ? "TRUE" : "FALSE",
            "e" => raw,
            "d" => raw.Replace('T', ' '),
            _ => raw.Length == 0 ? "" : Numeric(raw, style),
        };
        return (text, formula);
    }

    private string Numeric(string raw, int style) =>
        !double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? throw new InvalidDataException("not a number")
        : style >= 0 && style < _dates.Count && _dates[style] ? NumberText.Moment(number, _from1904)
        : NumberText.Plain(number);

    private static int Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidDataException("not a whole number");

    private static int ColumnOf(string reference)
    {
        var column = 0;
        foreach (var letter in reference.AsSpan().TrimEnd("0123456789"))
        {
            column = letter is >= 'A' and <= 'Z' ? (column * 26) + letter - 'A' + 1 : throw new InvalidDataException("not a cell");
            if (column > 16384)
                throw new InvalidDataException("not a cell");
        }

        return column > 0 ? column : throw new InvalidDataException("not a cell");
    }

    private XmlReader Open(ZipArchiveEntry entry)
    {
        // The length written in the archive may lie: what really comes out is counted too.
        if (entry.Length > limits.UnpackedBytes - _unpacked)
            throw new WorkbookException(WorkbookRefusal.TooLarge);
        _unpacked += entry.Length;
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            CloseInput = true,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = limits.UnpackedBytes,
        };
        return XmlReader.Create(new BoundedStream(entry.Open(), entry.Length), settings);
    }
}
