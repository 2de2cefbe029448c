namespace Relais.Audience.Files;

/// <summary>
/// A file that cannot be used as it is, in words for the person who made it: which file, line and column, what is wrong, what to do.
/// It ends the reading, so it is thrown; verbs and imports catch it at their top.
/// </summary>
/// <param name="line">From 1, the header's; null when the file as a whole is meant.</param>
/// <param name="column">Its name; null when the row as a whole is meant.</param>
/// <param name="problem">What is wrong, without a full stop.</param>
/// <param name="remedy">What to do, as a sentence.</param>
internal sealed class BadFileException(string file, long? line, string? column, string problem, string remedy)
    : Exception(Words(file, line, column, problem, remedy))
{
    public string File { get; } = file;

    public long? Line { get; } = line;

    public string? Column { get; } = column;

    public string Problem { get; } = problem;

    public string Remedy { get; } = remedy;

    private static string Words(string file, long? line, string? column, string problem, string remedy)
    {
        var place = file;
        if (line is not null)
            place += FormattableString.Invariant($", line {line}");
        if (column is not null)
            place += $", column {column}";
        return $"{place}: {problem}. {remedy}";
    }
}
