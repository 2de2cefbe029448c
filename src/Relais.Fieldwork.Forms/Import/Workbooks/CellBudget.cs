namespace Relais.Fieldwork.Forms.Import.Workbooks;

/// <summary>Counts what was read against the limits; a text shared by a million cells counts a million times.</summary>
internal sealed class CellBudget(ImportLimits limits)
{
    private int _cells;
    private long _characters;

    public string Spend(string text)
    {
        _characters += text.Length;
        if (++_cells > limits.Cells || _characters > limits.Characters)
            throw new WorkbookException(WorkbookRefusal.TooLarge);
        return text;
    }
}
