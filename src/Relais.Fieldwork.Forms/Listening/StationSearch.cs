using System.Text;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Listening;

/// <summary>A station that a search found.</summary>
/// <param name="Score">100 for exactly what was typed, down to 1.</param>
public sealed record StationHit(Choice Station, int Score);

/// <summary>
/// Finds stations among hundreds while the name is being typed: by name in any language of the form, frequency or nickname, without regard
/// to accents, capitals, blanks and small typing errors. Best first; equals in the order of the list.
/// </summary>
public sealed class StationSearch
{
    private readonly List<Entry> _entries = [];

    /// <param name="stations">Columns <c>frequency</c> and <c>nickname</c> may hold several, separated by <c>|</c>.</param>
    public StationSearch(IEnumerable<Choice> stations)
    {
        foreach (var station in stations)
        {
            var names = (station.Label?.Translations ?? []).Select(t => string.Concat(t.Parts.Select(part => part.Literal)))
                .Concat(station.Column("nickname").Split('|')).Append(station.Name)
                .Select(Fold).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToList();
            var words = names.SelectMany(name => name.Split(' ')).Distinct(StringComparer.Ordinal).ToList();
            var frequencies = station.Column("frequency").Split('|').Select(Digits).Where(digits => digits.Length > 1).ToList();
            _entries.Add(new Entry(station, names, [.. names.Select(Compact)], words, frequencies));
        }
    }

    public IReadOnlyList<StationHit> Find(string typed, int most = 10)
    {
        var query = Fold(typed);
        if (query.Length == 0 || most <= 0)
            return [];
        var digits = IsFrequency(typed) ? Digits(typed) : "";
        var parts = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var hits = Ranked(entry => Strict(entry, query, digits, parts), most);
        // Errors are forgiven only where nothing fits as typed: it is the slow part, and would put strangers among the right ones.
        return hits.Count > 0 ? hits : Ranked(entry => Forgiving(entry, query), most);
    }

    private List<StationHit> Ranked(Func<Entry, int> score, int most)
    {
        var hits = new List<(int Score, int Place)>();
        for (var i = 0; i < _entries.Count; i++)
        {
            if (score(_entries[i]) is > 0 and var points)
                hits.Add((points, i));
        }

        hits.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Place.CompareTo(b.Place));
        return [.. hits.Take(most).Select(hit => new StationHit(_entries[hit.Place].Station, hit.Score))];
    }

    private static int Strict(Entry entry, string query, string digits, string[] parts)
    {
        var compact = Compact(query);
        var best = 0;
        for (var i = 0; i < entry.Names.Count; i++)
        {
            if (entry.Compact[i] == compact)
                return 100;
            if (entry.Compact[i].StartsWith(compact, StringComparison.Ordinal))
                best = Math.Max(best, 90);
        }

        if (digits.Length > 1)
        {
            foreach (var frequency in entry.Frequencies)
            {
                if (frequency == digits)
                    best = Math.Max(best, 95);
                else if (frequency.StartsWith(digits, StringComparison.Ordinal))
                    best = Math.Max(best, 70);
            }
        }

        if (best > 0)
            return best;
        if (Array.TrueForAll(parts, part => IsFrequency(part) && entry.Frequencies.Contains(Digits(part)) || Array.TrueForAll(Fold(part).Split(' '), word => Begins(entry, word))))
            return 75;
        return compact.Length > 2 && entry.Compact.Exists(name => name.Contains(compact, StringComparison.Ordinal)) ? 60 : 0;
    }

    private static bool Begins(Entry entry, string part) => entry.Words.Exists(word => word.StartsWith(part, StringComparison.Ordinal));

    private static int Forgiving(Entry entry, string query)
    {
        var compact = Compact(query);
        var best = Allowed(compact.Length) + 1;
        foreach (var name in entry.Compact)
            best = Math.Min(best, Edits.Between(compact, name, Allowed(compact.Length)));
        if (best <= Allowed(compact.Length))
            return 50 - best * 5;
        var errors = 0;
        foreach (var part in query.Split(' '))
        {
            var allowed = Allowed(part.Length);
            var nearest = allowed + 1;
            foreach (var word in entry.Words)
            {
                // What is typed may be the beginning of a word only.
                nearest = Math.Min(nearest, Edits.Between(part, word.Length > part.Length ? word[..part.Length] : word, allowed));
                if (nearest == 0)
                    break;
            }

            if (nearest > allowed)
                return 0;
            errors += nearest;
        }

        return Math.Max(1, 40 - errors * 5);
    }

    private static int Allowed(int length) => length < 3 ? 0 : length < 6 ? 1 : 2;

    private static bool IsFrequency(string text)
    {
        foreach (var c in text.Trim())
        {
            if (!char.IsAsciiDigit(c) && c is not ('.' or ','))
                return false;
        }

        return true;
    }

    // 98.20, 98,2 and 98.2 are one; 982 is what is typed in a hurry.
    private static string Digits(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.AsSpan().ContainsAny('.', ','))
            trimmed = trimmed.TrimEnd('0');
        return string.Concat(trimmed.Where(char.IsAsciiDigit));
    }

    private static string Compact(string folded) => folded.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>Lower case without accents; anything but letters and digits parts words.</summary>
    internal static string Fold(string text)
    {
        var built = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var folded = Letters.Plain(char.ToLowerInvariant(c));
            if (folded is not null)
                built.Append(folded);
            else if (built.Length > 0 && built[^1] != ' ')
                built.Append(' ');
        }

        return built.ToString().TrimEnd();
    }

    private sealed record Entry(Choice Station, List<string> Names, List<string> Compact, List<string> Words, List<string> Frequencies);
}
