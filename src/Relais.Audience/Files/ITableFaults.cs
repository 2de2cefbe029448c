namespace Relais.Audience.Files;

/// <summary>
/// Takes what a table's reader finds wrong, as a code with what its words name. The verbs end at the first; pages count, and read on after a row
/// that is wrong.
/// </summary>
internal interface ITableFaults
{
    /// <param name="line">From 1, the header's; null when the file as a whole is meant.</param>
    /// <param name="column">Its name; null when the row as a whole is meant.</param>
    void Add(long? line, string? column, string code, params IReadOnlyList<string> named);
}

/// <summary>The codes of a table's reader, and what each names.</summary>
internal static class TableFault
{
    public const string Empty = "empty";
    public const string ColumnTwice = "column-twice";

    /// <summary>The name, and the names that there are.</summary>
    public const string ColumnMissing = "column-missing";

    /// <summary>The byte's place in its line, from 1, and the byte in hexadecimal; nothing when the file is no text at all.</summary>
    public const string Encoding = "encoding";

    /// <summary>A quotation mark that the file does not close, or not within 16 million characters: the line where the row begins.</summary>
    public const string QuoteOpen = "quote-open";
    public const string LineEmpty = "line-empty";

    /// <summary>How many values the row has, how many the header, and the separator.</summary>
    public const string Width = "width";
    public const string CompressedDamaged = "gzip-damaged";
    public const string ParquetDamaged = "parquet-damaged";

    /// <summary>The column.</summary>
    public const string ParquetColumn = "parquet-column";
}
