namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Finds what a misspelt word probably means.</summary>
internal static class Nearby
{
    // A form of a hundred thousand misspelt names is nobody's mistake, and shall not take minutes to answer.
    private const int MostCandidates = 500;
    private const int LongestWord = 40;

    /// <summary>The candidate that differs least, in two letters at most (one in short words); null when there is none.</summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        var most = word.Length <= 4 ? 1 : 2;
        string? best = null;
        foreach (var candidate in candidates.Take(MostCandidates))
        {
            if (Math.Abs(candidate.Length - word.Length) > most || word.Length > LongestWord)
                continue;
            var distance = Distance(word, candidate);
            if (distance <= most)
                (best, most) = (candidate, distance - 1);
        }

        return best;
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.Min(same, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
