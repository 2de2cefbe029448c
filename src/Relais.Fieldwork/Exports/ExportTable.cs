namespace Relais.Fieldwork.Exports;

/// <summary>What the cells of a column are. A cell is text, or null where nothing was answered.</summary>
internal enum ExportKind
{
    Text,

    /// <summary>Digits with an optional sign.</summary>
    Whole,

    /// <summary>As the invariant culture writes a double.</summary>
    Number,

    /// <summary><c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>ISO 8601, in UTC.</summary>
    Moment,
}

/// <summary>One answer that a closed question offers.</summary>
/// <param name="Value">What stands in the cells.</param>
/// <param name="Label">What the interviewer reads.</param>
internal sealed record ExportCode(string Value, string Label);

/// <summary>One column of an export.</summary>
/// <param name="Name">A question's name, or <c>question.choice</c> for one choice of a question with several answers.</param>
/// <param name="Label">The question's text.</param>
internal sealed record ExportColumn(string Name, string Label, ExportKind Kind)
{
    /// <summary>The answers that a closed question offers; none for an open one.</summary>
    public IReadOnlyList<ExportCode> Codes { get; init; } = [];

    /// <summary>The question with several answers that this column is one choice of: its cells are 0 and 1.</summary>
    public ExportSet? Set { get; init; }

    /// <summary>Whether the codes are numbers, which statistics programs prefer.</summary>
    public bool Numeric => Kind is not ExportKind.Text;
}

/// <summary>A question with several answers.</summary>
internal sealed record ExportSet(string Name, string Label);

/// <summary>The interviews of a study as a table.</summary>
/// <param name="Title">The study's name.</param>
/// <param name="Columns">In the order of the questionnaire.</param>
/// <param name="Rows">Reads the rows from the first; some formats read them twice. A row has one cell a column.</param>
internal sealed record ExportTable(string Title, IReadOnlyList<ExportColumn> Columns, Func<CancellationToken, IAsyncEnumerable<string?[]>> Rows);
