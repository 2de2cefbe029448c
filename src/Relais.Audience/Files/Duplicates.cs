namespace Relais.Audience.Files;

/// <summary>Two rows with the same id: where the first one is.</summary>
internal static class Duplicates
{
    /// <summary>Reads the file once more up to the first of the two.</summary>
    public static BadFileException At(string path, CsvRow row, int column, string name)
    {
        var (id, line) = (row.Text(column).ToString(), row.Line);
        var first = 0L;
        using (var again = CsvTable.Open(path))
        {
            foreach (var other in again)
            {
                if (!other.Text(column).SequenceEqual(id))
                    continue;
                first = other.Line;
                break;
            }
        }

        return new BadFileException(path, line, name, FormattableString.Invariant($"the id {id} is there already, on line {first}"), "Every respondent has one row and an id of their own: remove or rename one of the two.");
    }
}
