namespace Relais.Audience.Files;

/// <summary>Ends a verb at the first thing that is wrong with a table, in words.</summary>
internal sealed class RefusedTable(string path) : ITableFaults
{
    private const string Encoding = "Save the file as UTF-8; a file in Windows-1252 or ISO 8859-1 is converted by: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.";

    public void Add(long? line, string? column, string code, params IReadOnlyList<string> named) => throw Of(line, column, code, named);

    private BadFileException Of(long? line, string? column, string code, IReadOnlyList<string> named) => code switch
    {
        TableFault.Empty => new(path, 1, null, "there is no header", "The first line must name the columns."),
        TableFault.ColumnTwice when column is null => new(path, 1, null, "several columns have no name", "Give every column a name of its own."),
        TableFault.ColumnTwice => new(path, 1, column, "the name stands twice in the header", "Give every column a name of its own."),
        TableFault.ColumnMissing => new(path, 1, named[0], "there is no such column", $"The file has: {named[1]}. Names are compared letter by letter."),
        TableFault.Encoding when named.Count == 0 => new(path, 1, null, "the file is not UTF-8 text", "Save it as CSV in UTF-8 or as Parquet; a spreadsheet or a UTF-16 file cannot be read."),
        TableFault.Encoding => new(path, line, column, $"byte {named[0]} of the line, 0x{named[1]}, is not UTF-8", Encoding),
        TableFault.QuoteOpen => new(path, line, null, "a quotation mark in the row that begins here is not closed by the end of the file, or within 16 million characters", "Close it; one that belongs to the text is doubled, in a value between quotation marks."),
        TableFault.LineEmpty => new(path, line, null, "the line is empty", "Remove it."),
        TableFault.Width => new(path, line, null, $"the row has {named[0]} values and the header {named[1]}", Width(named)),
        TableFault.CompressedDamaged => new(path, null, null, "this is not a whole .gz file", "Compress it again with gzip, or give the file without compression and without .gz at the end of its name."),
        TableFault.ParquetDamaged => new(path, null, null, "this Parquet file is damaged or incomplete", "Save it again, or give a CSV file."),
        TableFault.ParquetColumn => new(path, null, column, "the column holds lists or objects", "Keep texts, numbers, dates and true or false, or give a CSV file."),
        _ => throw new InvalidOperationException($"A fault without words: {code}."),
    };

    private static string Width(IReadOnlyList<string> named) => named[2] == "," && int.Parse(named[0], System.Globalization.CultureInfo.InvariantCulture) > int.Parse(named[1], System.Globalization.CultureInfo.InvariantCulture)
        ? "A value that holds a comma needs quotation marks round it; a decimal comma needs a semicolon or tab between the columns (and --decimal comma)."
        : "Give every row as many values as the header has names; a value that holds the separator needs quotation marks round it, and a quotation mark within it is doubled.";
}
