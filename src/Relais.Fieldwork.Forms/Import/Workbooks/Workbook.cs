using System.Xml;

namespace Relais.Fieldwork.Forms.Import.Workbooks;

/// <summary>A cell with something in it.</summary>
/// <param name="Column">From 1.</param>
/// <param name="Text">As its author sees it: whole numbers without decimals, dates as <c>yyyy-MM-dd HH:mm:ss</c>, TRUE and FALSE.</param>
/// <param name="Formula">It is computed; <paramref name="Text"/> is what it gave when the workbook was saved.</param>
internal readonly record struct SheetCell(int Column, string Text, bool Formula);

/// <summary>A row with something in it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Cells">In the order of their columns.</param>
internal sealed record SheetRow(int Number, IReadOnlyList<SheetCell> Cells);

/// <summary>A sheet.</summary>
internal sealed record Sheet(string Name, IReadOnlyList<SheetRow> Rows);

/// <summary>Why a file could not be read as a workbook.</summary>
internal enum WorkbookRefusal
{
    /// <summary>Neither .xlsx nor .xls.</summary>
    NotAWorkbook,

    /// <summary>Damaged, or made to harm.</summary>
    Damaged,

    /// <summary>Larger than <see cref="ImportLimits"/> allows, packed or unpacked.</summary>
    TooLarge,

    /// <summary>Protected by a password.</summary>
    Encrypted,

    /// <summary>Written by an Excel before 97.</summary>
    TooOld,
}

/// <summary>The sheets of a workbook, or why there are none.</summary>
internal sealed record Workbook(IReadOnlyList<Sheet> Sheets, WorkbookRefusal? Refusal = null)
{
    /// <summary>Reads .xlsx or .xls, told apart by their first bytes. Never throws on bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="limits">How much is read at most.</param>
    /// <param name="wanted">Which sheets to read; the others are left out with all their cells.</param>
    public static Workbook Read(byte[] file, ImportLimits limits, Func<string, bool> wanted)
    {
        if (file.Length > limits.FileBytes)
            return Refused(WorkbookRefusal.TooLarge);
        try
        {
            return file.AsSpan() switch
            {
                [(byte)'P', (byte)'K', ..] => new XlsxReader(limits, wanted).Read(file),
                [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => new XlsReader(limits, wanted).Read(file),
                _ => Refused(WorkbookRefusal.NotAWorkbook),
            };
        }
        catch (WorkbookException refusal)
        {
            return Refused(refusal.Refusal);
        }
        catch (Exception damage) when (damage is InvalidDataException or XmlException or IOException or FormatException or OverflowException or NotSupportedException)
        {
            // What the platform's ZIP, XML and number readers say of bytes that they cannot read.
            return Refused(WorkbookRefusal.Damaged);
        }
    }

    private static Workbook Refused(WorkbookRefusal refusal) => new([], refusal);
}

/// <summary>Ends the reading of a workbook; caught by <see cref="Workbook.Read"/> and never seen outside.</summary>
internal sealed class WorkbookException(WorkbookRefusal refusal) : Exception(refusal.ToString())
{
    public WorkbookRefusal Refusal => refusal;
}
