using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import.Workbooks;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>A sheet whose first row named its columns.</summary>
internal sealed class FormSheet
{
    private const int MostColumns = 500;

    private FormSheet(string name, IReadOnlyList<Header> headers, IReadOnlyList<FormRow> rows) => (Name, Headers, Rows) = (name, headers, rows);

    public string Name { get; }

    public IReadOnlyList<Header> Headers { get; }

    /// <summary>The rows below the head, in their order.</summary>
    public IReadOnlyList<FormRow> Rows { get; private set; }

    /// <summary>Reads the head, and says of every column and formula that is not simply read why.</summary>
    public static FormSheet Read(Sheet sheet, SheetKind kind, FindingList findings)
    {
        if (sheet.Rows.Count == 0)
            return new FormSheet(sheet.Name, [], []);

        var head = sheet.Rows[0];
        var headers = new List<Header>();
        foreach (var cell in head.Cells.Take(MostColumns))
        {
            var header = Columns.Parse(kind, cell.Column, cell.Text);
            if (header.Use != ColumnUse.Data && header.Use != ColumnUse.Unknown && headers.Any(h => h.Use == header.Use && h.Field == header.Field && h.Language == header.Language) && header.Field != "media")
                findings.Add(Say.DoubleColumn(new Origin(sheet.Name, head.Number, cell.Column), header.Written));
            headers.Add(header);
        }

        var result = new FormSheet(sheet.Name, headers, []);
        result.Rows = [.. sheet.Rows.Skip(1).Select(row => new FormRow(result, row))];
        result.Report(sheet, kind, head.Number, findings);
        return result;
    }

    private void Report(Sheet sheet, SheetKind kind, int head, FindingList findings)
    {
        var filled = sheet.Rows.Skip(1).SelectMany(row => row.Cells).Select(cell => cell.Column).ToHashSet();
        foreach (var header in Headers)
        {
            var origin = new Origin(Name, head, header.Column);
            if (header.Use == ColumnUse.Unknown)
                findings.Add(Say.UnknownColumn(origin, header.Written, Columns.Nearest(kind, header.Written)));
            else if (header.Use == ColumnUse.NotUsed && filled.Contains(header.Column))
                findings.Add(Say.ColumnNotUsed(origin, header.Written));
        }

        var named = Headers.Select(header => header.Column).ToHashSet();
        foreach (var row in sheet.Rows)
        {
            foreach (var cell in row.Cells)
            {
                var origin = new Origin(Name, row.Number, cell.Column);
                if (cell.Formula)
                    findings.Add(cell.Text.Length == 0 ? Say.FormulaWithoutValue(origin) : Say.Formula(origin, cell.Text));
                if (cell.Text is ['#', ..] && cell.Text is "#REF!" or "#N/A" or "#NAME?" or "#VALUE!" or "#DIV/0!" or "#NULL!" or "#NUM!" or "#ERROR")
                    findings.Add(Say.ErrorCell(origin, cell.Text));
                if (!named.Contains(cell.Column))
                    findings.Add(Say.CellWithoutHead(origin));
            }
        }
    }
}

/// <summary>A cell of a row: its text without blanks around it.</summary>
internal readonly record struct FormCell(string Text, Origin Origin);

/// <summary>A row below the head.</summary>
internal sealed class FormRow(FormSheet sheet, SheetRow row)
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\u00A0'];

    private readonly Dictionary<int, string> _texts = row.Cells
        .DistinctBy(cell => cell.Column).ToDictionary(cell => cell.Column, cell => cell.Text.Trim(Blanks));

    public FormSheet Sheet => sheet;

    public int Number => row.Number;

    public Origin Origin { get; } = new(sheet.Name, row.Number, 0);

    /// <summary>The first filled cell of a field, in any language; empty text when there is none.</summary>
    public FormCell Cell(string field)
    {
        foreach (var (_, cell) in Translations(field))
            return cell;
        return new FormCell("", Origin);
    }

    /// <summary>The filled cells of a field, with the language of their columns.</summary>
    public IEnumerable<(string? Language, FormCell Cell)> Translations(string field)
    {
        foreach (var header in sheet.Headers)
        {
            if (header.Use != ColumnUse.Read || !string.Equals(header.Field, field, StringComparison.Ordinal))
                continue;
            if (TextAt(header.Column) is { Length: > 0 } text)
                yield return (header.Language, new FormCell(text, Origin.At(header.Column)));
        }
    }

    /// <summary>The filled data columns.</summary>
    public IEnumerable<NamedValue> Data() =>
        from header in sheet.Headers
        where header.Use == ColumnUse.Data
        let text = TextAt(header.Column)
        where text.Length > 0
        select new NamedValue(header.Field, text);

    public bool IsEmpty => _texts.Values.All(text => text.Length == 0);

    /// <summary>Whether a column is filled, whatever it is used for.</summary>
    public bool Has(int column) => TextAt(column).Length > 0;

    private string TextAt(int column) => _texts.GetValueOrDefault(column, "");
}
