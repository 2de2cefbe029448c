namespace Relais.Fieldwork.Forms.Import.Workbooks;

/// <summary>Reads the sheets of an .xls of Excel 97 to 2003 (MS-XLS): BIFF8 records in a compound file.</summary>
internal sealed class XlsReader(ImportLimits limits, Func<string, bool> wanted)
{
    private const int MostSheets = 500;

    private readonly CellBudget _budget = new(limits);
    private readonly List<bool> _dates = [];
    private List<string> _shared = [];
    private bool _from1904;

    public Workbook Read(byte[] file)
    {
        if (CompoundFile.Find(file, "EncryptedPackage") is not null)
            throw new WorkbookException(WorkbookRefusal.Encrypted);
        if (CompoundFile.Find(file, "Workbook", "Book") is not { } stream)
            throw new WorkbookException(WorkbookRefusal.NotAWorkbook);
        var records = new BiffRecords(stream);
        // A name counts once: a stream that lists the same sheet ten thousand times is read once.
        return new Workbook([.. Globals(records).DistinctBy(sheet => sheet.Name, StringComparer.OrdinalIgnoreCase).Select(sheet => new Sheet(sheet.Name, wanted(sheet.Name) ? Rows(records, sheet.Start) : []))]);
    }

    private List<(string Name, int Start)> Globals(BiffRecords records)
    {
        var sheets = new List<(string Name, int Start)>();
        var codes = new Dictionary<int, bool>();
        for (var at = 0; records.At(at) is { } record && record.Kind != 0x0A; at = record.Start + record.Length)
        {
            switch (record.Kind)
            {
                case 0x809 when records.U16(record.Start) != 0x600:
                case 0x09 or 0x209 or 0x409:
                    throw new WorkbookException(WorkbookRefusal.TooOld);
                case 0x2F:
                    throw new WorkbookException(WorkbookRefusal.Encrypted);
                case 0x22:
                    _from1904 = records.U16(record.Start) == 1;
                    break;
                case 0x85 when sheets.Count < MostSheets:
                    sheets.Add((records.Characters(record.Start + 7, records.U8(record.Start + 6)), (int)(records.U32(record.Start) & int.MaxValue)));
                    break;
                case 0xFC:
                    _shared = records.SharedStrings(record);
                    break;
                case 0x41E:
                    codes[records.U16(record.Start)] = NumberText.IsDateCode(records.Characters(record.Start + 4, records.U16(record.Start + 2)));
                    break;
                case 0xE0:
                    var format = records.U16(record.Start + 2);
                    _dates.Add(codes.TryGetValue(format, out var date) ? date : NumberText.IsBuiltInDate(format));
                    break;
                default:
                    break;
            }
        }

        return sheets;
    }

    private List<SheetRow> Rows(BiffRecords records, int start)
    {
        var rows = new SortedDictionary<int, List<SheetCell>>();
        (int Row, int Column)? awaited = null;
        for (var at = start; records.At(at) is { } record && record.Kind != 0x0A; at = record.Start + record.Length)
        {
            var s = record.Start;
            switch (record.Kind)
            {
                case 0xFD:
                    var index = records.U32(s + 6);
                    Add(0, index < (uint)_shared.Count ? _shared[(int)index] : throw new InvalidDataException("no such shared string"));
                    break;
                case 0x204 or 0xD6:
                    Add(0, records.Characters(s + 8, records.U16(s + 6)));
                    break;
                case 0x203:
                    Add(0, Numeric(records.Double(s + 6), records.U16(s + 4)));
                    break;
                case 0x27E:
                    Add(0, Numeric(records.Rk(s + 6), records.U16(s + 4)));
                    break;
                case 0xBD:
                    for (var i = 0; 4 + (6 * i) + 6 <= record.Length - 2; i++)
                        Add(i, Numeric(records.Rk(s + 4 + (6 * i) + 2), records.U16(s + 4 + (6 * i))));
                    break;
                case 0x205:
                    Add(0, records.U8(s + 7) != 0 ? "#ERROR" : records.U8(s + 6) != 0 ? "TRUE" : "FALSE");
                    break;
                case 0x06:
                    Formula(record);
                    break;
                case 0x207 when awaited is { } cell:
                    Put(cell.Row, cell.Column, records.Characters(s + 2, records.U16(s)), true);
                    awaited = null;
                    break;
                default:
                    break;
            }

            void Add(int offset, string text, bool formula = false) => Put(records.U16(s), records.U16(s + 2) + offset, text, formula);

            void Formula(BiffRecord formula)
            {
                var value = formula.Start + 6;
                if (records.U16(value + 6) != 0xFFFF)
                    Add(0, Numeric(records.Double(value), records.U16(s + 4)), formula: true);
                else if (records.U8(value) == 0)
                    awaited = (records.U16(s), records.U16(s + 2)); // The text follows in a record of its own.
                else
                    Add(0, records.U8(value) switch { 1 => records.U8(value + 2) != 0 ? "TRUE" : "FALSE", 2 => "#ERROR", _ => "" }, formula: true);
            }
        }

        return [.. rows.Select(row => new SheetRow(row.Key + 1, [.. row.Value.OrderBy(cell => cell.Column)]))];

        void Put(int row, int column, string text, bool formula)
        {
            if (text.Length == 0 && !formula)
                return;
            if (!rows.TryGetValue(row, out var cells))
                rows[row] = cells = [];
            cells.Add(new SheetCell(column + 1, _budget.Spend(text), formula));
        }
    }

    private string Numeric(double number, int style) =>
        style < _dates.Count && _dates[style] ? NumberText.Moment(number, _from1904) : NumberText.Plain(number);
}
