using System.Text;

namespace Relais.Fieldwork.Exports;

/// <summary>
/// A study's interviews as an SPSS system file (.sav): names, labels, codes with their labels, questions with several answers as sets, dates as dates.
/// </summary>
internal static class SavFile
{
    public const string MediaType = "application/x-spss-sav";

    /// <summary>Reads the rows twice: the widths of the texts come before the data.</summary>
    /// <param name="at">The time that the file says it was made at.</param>
    public static async Task WriteAsync(Stream to, ExportTable table, DateTimeOffset at, CancellationToken cancel)
    {
        var (widths, cases) = await MeasureAsync(table, cancel);
        var variables = SavVariable.Of(table.Columns, widths);
        await using var buffer = new MemoryStream();
        await using (var writer = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true))
            new SavDictionary(writer, variables).Write(table.Title, cases, at);

        var values = new SavValues(buffer);
        await foreach (var row in table.Rows(cancel).WithCancellation(cancel))
        {
            for (var i = 0; i < variables.Count; i++)
                Write(values, variables[i], row[i]);
            await FlushAsync(buffer, to, 1 << 16, cancel);
        }

        values.End();
        await FlushAsync(buffer, to, 0, cancel);
    }

    private static void Write(SavValues values, SavVariable variable, string? cell)
    {
        if (variable.Width == 0)
            values.Write(SavValues.Number(cell, variable.Kind));
        else
            values.Write(SavValues.Text(cell, variable.Width), variable.Width);
    }

    private static async Task<(int[] Widths, long Cases)> MeasureAsync(ExportTable table, CancellationToken cancel)
    {
        var widths = table.Columns.Select(c => c.Codes.Select(code => Encoding.UTF8.GetByteCount(code.Value)).DefaultIfEmpty().Max()).ToArray();
        var cases = 0L;
        await foreach (var row in table.Rows(cancel).WithCancellation(cancel))
        {
            cases++;
            for (var i = 0; i < widths.Length; i++)
                widths[i] = Math.Max(widths[i], Encoding.UTF8.GetByteCount(row[i] ?? ""));
        }

        return (widths, cases);
    }

    // The codes' groups of eight may straddle rows: only what is complete is in the buffer.
    private static async Task FlushAsync(MemoryStream buffer, Stream to, int above, CancellationToken cancel)
    {
        if (buffer.Length <= above)
            return;
        await to.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancel);
        buffer.SetLength(0);
    }
}
