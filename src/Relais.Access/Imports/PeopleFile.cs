using Relais.Kernel.Tables;

namespace Relais.Access.Imports;

/// <summary>Something wrong in a list of people, where it stands.</summary>
/// <param name="Line">From 1, as an editor counts; 0 when the list has no lines.</param>
/// <param name="Column">From 1; 0 for the whole line.</param>
/// <param name="Field">One of <see cref="PeopleColumns"/>, or empty.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Code">Stable name; the words are in PeopleTexts under "Fault." and, for what to do, "Do.".</param>
/// <param name="Detail">What else the words mention: another line, a limit, a person.</param>
internal sealed record ImportFault(int Line, int Column, string Field, string Value, string Code, object? Detail = null);

/// <summary>One line of a list: what stands in each column that it has.</summary>
internal sealed record PeopleRow(int Line, IReadOnlyList<string> Cells);

/// <summary>A list of people as it was given, before anybody knows whether it can be true.</summary>
internal sealed record PeopleFile(IReadOnlyList<string> Columns, IReadOnlyList<PeopleRow> Rows, IReadOnlyList<ImportFault> Faults)
{
    public const int LongestBytes = 2 * 1024 * 1024;
    public const int MostRows = 10_000;

    /// <summary>What stands in a column of a line; null when there is no such column.</summary>
    public string? Cell(PeopleRow row, string column) => At(column) is var at && at < 0 ? null : row.Cells[at];

    /// <summary>Where a column stands, from 1; 0 when it is not there.</summary>
    public int ColumnOf(string column) => At(column) + 1;

    private int At(string column)
    {
        for (var at = 0; at < Columns.Count; at++)
        {
            if (string.Equals(Columns[at], column, StringComparison.Ordinal))
                return at;
        }

        return -1;
    }

    public static PeopleFile Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestBytes)
            return Wrong(new ImportFault(0, 0, "", "", "file-large", LongestBytes / 1024));
        return CsvTable.Decode(bytes) is { } text ? Read(text) : Wrong(new ImportFault(0, 0, "", "", "encoding"));
    }

    public static PeopleFile Read(string text)
    {
        if (CsvTable.Read(text, out var openAt) is not { } records)
            return Wrong(new ImportFault(openAt, 0, "", "", "quote"));
        if (records.Count == 0)
            return Wrong(new ImportFault(1, 0, "", "", "file-empty"));
        if (records.Count > MostRows + 1)
            return Wrong(new ImportFault(records[MostRows + 1].Line, 0, "", "", "file-long", MostRows));

        var faults = new List<ImportFault>();
        var columns = HeadOf(records[0], faults);
        if (faults.Count > 0)
            return new PeopleFile(columns, [], faults);
        if (records.Count == 1)
            return new PeopleFile(columns, [], [new ImportFault(records[0].Line, 0, "", "", "file-empty")]);

        var rows = new List<PeopleRow>();
        foreach (var record in records.Skip(1))
        {
            if (record.Cells.Count == columns.Count)
                rows.Add(new PeopleRow(record.Line, [.. record.Cells.Select(cell => cell.Trim())]));
            else
                faults.Add(new ImportFault(record.Line, 0, "", $"{record.Cells.Count}", "cells", columns.Count));
        }

        return new PeopleFile(columns, rows, faults);
    }

    private static List<string> HeadOf(CsvRecord head, List<ImportFault> faults)
    {
        var columns = new List<string>();
        for (var at = 0; at < head.Cells.Count; at++)
        {
            var typed = head.Cells[at].Trim();
            var column = PeopleColumns.Of(typed);
            if (column is null)
                faults.Add(new ImportFault(head.Line, at + 1, "", typed, "column-unknown", string.Join(", ", PeopleColumns.All)));
            else if (columns.Contains(column, StringComparer.Ordinal))
                faults.Add(new ImportFault(head.Line, at + 1, column, typed, "column-twice"));
            columns.Add(column ?? "");
        }

        faults.AddRange(PeopleColumns.Wanted.Except(columns, StringComparer.Ordinal).Select(column => new ImportFault(head.Line, 0, column, "", "column-missing", column)));
        return columns;
    }

    private static PeopleFile Wrong(ImportFault fault) => new([], [], [fault]);
}
