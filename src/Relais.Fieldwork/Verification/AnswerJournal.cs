using System.Globalization;

namespace Relais.Fieldwork.Verification;

/// <summary>What consoles were told was stored: lines of interview, number, path and value, apart by tabs, as <c>relais interviewers --journal</c> writes them.</summary>
internal sealed class AnswerJournal
{
    private readonly Dictionary<Guid, List<(long Sequence, string Path, string Value)>> _told = [];

    public long Lines { get; private set; }

    public IEnumerable<Guid> Interviews => _told.Keys;

    /// <exception cref="FormatException">A line is none of a journal.</exception>
    public void Read(string text)
    {
        // A console that was killed leaves the beginning of a line behind.
        var whole = text.LastIndexOf('\n') is >= 0 and var end ? text[..end] : "";
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.TrimEnd('\r').Split('\t', 4);
            if (parts.Length != 4 || !Guid.TryParseExact(parts[0], "D", out var interview) || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
                throw new FormatException($"\"{line}\" is no line of a journal: interview, number, path and value are expected, apart by tabs.");
            if (!_told.TryGetValue(interview, out var told))
                _told[interview] = told = [];
            told.Add((sequence, parts[2], parts[3]));
            Lines++;
        }
    }

    /// <summary>Holds what was told of an interview against its stored steps, and forgets it.</summary>
    /// <param name="stored">Path and value by number, beginning with 1; null when its respondent wanted it erased.</param>
    public void Compare(Guid interview, IReadOnlyList<(string Path, string Value)>? stored, Findings findings)
    {
        if (!_told.Remove(interview, out var told) || stored is null)
            return;
        foreach (var (sequence, path, value) in told)
        {
            if (sequence < 1 || sequence > stored.Count)
                findings.Add(Broken.Answers, string.Create(CultureInfo.InvariantCulture, $"interview {interview}: step {sequence} was acknowledged and is not there"));
            else if (stored[(int)sequence - 1] is var kept && (kept.Path != path || kept.Value.ReplaceLineEndings(" ") != value))
                findings.Add(Broken.Answers, string.Create(CultureInfo.InvariantCulture, $"interview {interview}: step {sequence} was acknowledged as {path} and is another"));
        }
    }
}
