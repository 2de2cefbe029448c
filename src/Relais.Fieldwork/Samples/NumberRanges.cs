namespace Relais.Fieldwork.Samples;

/// <summary>Ranges of numbers as people write them: a line a range, its first and last number with a dash, "to" or "à" between.</summary>
internal static class NumberRanges
{
    private static readonly string[] Between = [" - ", " – ", " à ", " to ", "…", "..", "–", ";", "\t"];

    /// <param name="wrong">The first line that is no range; null: none.</param>
    public static List<GenerateNumbers.NumberRange> Read(string text, out string? wrong)
    {
        var ranges = new List<GenerateNumbers.NumberRange>();
        wrong = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var between = Between.FirstOrDefault(b => line.Contains(b, StringComparison.Ordinal));
            var ends = between is null ? [line] : line.Split(between, 2, StringSplitOptions.TrimEntries);
            if (PhoneNumber.Parse(ends[0]) is { } first && PhoneNumber.Parse(ends[^1]) is { } last && last >= first)
                ranges.Add(new GenerateNumbers.NumberRange(first, last));
            else
                wrong ??= line;
        }

        return ranges;
    }
}
