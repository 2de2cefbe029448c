using System.Globalization;
using System.Text;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Listening;

/// <summary>
/// The day before as one value: entries separated by blanks, each <c>0700-0830:station,station:place:device</c> (place and device left
/// out when empty), or <c>-</c> for a day without radio. What is none of that is no journal.
/// </summary>
public sealed record ListeningJournal(IReadOnlyList<ListeningEntry> Entries)
{
    /// <summary>A day without radio: asked and answered.</summary>
    public const string Nothing = "-";

    /// <summary>Most entries of one day: as many as it has slots of five minutes.</summary>
    public const int MostEntries = 288;

    private const int MinutesOfQuarter = 15;

    /// <summary>Reads a value; entries come sorted by time. Null when it is not a journal, and why.</summary>
    public static ListeningJournal? Parse(string value, out BilingualText? why)
    {
        why = null;
        if (value.Trim() == Nothing)
            return new ListeningJournal([]);
        var entries = new List<ListeningEntry>();
        foreach (var part in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entries.Count == MostEntries || Entry(part) is not { } entry)
            {
                why = new BilingualText(
                    $"« {Short(part)} » n'est pas un moment d'écoute ; il s'écrit 0700-0830:station:lieu:appareil.",
                    $"\"{Short(part)}\" is not a stretch of listening; it is written 0700-0830:station:place:device.");
                return null;
            }

            entries.Add(entry);
        }

        if (entries.Count > 0)
            return new ListeningJournal(Sorted(entries));
        why = new BilingualText("Le journal est vide ; écrivez « - » pour une journée sans radio.", "The journal is empty; write \"-\" for a day without radio.");
        return null;
    }

    /// <summary>The value that is stored: the same journal always gives the same text.</summary>
    public string Write()
    {
        if (Entries.Count == 0)
            return Nothing;
        var built = new StringBuilder();
        foreach (var entry in Sorted(Entries))
        {
            if (built.Length > 0)
                built.Append(' ');
            built.Append(Clock(entry.From)).Append('-').Append(Clock(entry.To)).Append(':').AppendJoin(',', entry.Stations.Select(Escape));
            if (entry.Place.Length > 0 || entry.Device.Length > 0)
                built.Append(':').Append(Escape(entry.Place));
            if (entry.Device.Length > 0)
                built.Append(':').Append(Escape(entry.Device));
        }

        return built.ToString();
    }

    /// <summary>What was heard by quarter hour, each station at most once in each, in order.</summary>
    public IReadOnlyList<HeardQuarter> Quarters(ListeningDay day)
    {
        var heard = new SortedSet<(int, string)>(Comparer<(int Quarter, string Station)>.Create(static (a, b) =>
            a.Quarter != b.Quarter ? a.Quarter.CompareTo(b.Quarter) : string.CompareOrdinal(a.Station, b.Station)));
        foreach (var entry in Entries)
        {
            for (var quarter = (entry.From - day.FirstMinute) / MinutesOfQuarter; quarter * MinutesOfQuarter < entry.To - day.FirstMinute; quarter++)
            {
                foreach (var station in entry.Stations)
                    heard.Add((quarter, station));
            }
        }

        return [.. heard.Select(h => new HeardQuarter(h.Item2, h.Item1))];
    }

    /// <summary>Minutes with any radio on.</summary>
    public int Minutes()
    {
        var (total, until) = (0, int.MinValue);
        foreach (var entry in Sorted(Entries))
        {
            total += Math.Max(0, entry.To - Math.Max(entry.From, until));
            until = Math.Max(until, entry.To);
        }

        return total;
    }

    private static List<ListeningEntry> Sorted(IEnumerable<ListeningEntry> entries) =>
        [.. entries.OrderBy(e => e.From).ThenBy(e => e.To).ThenBy(e => string.Join(',', e.Stations), StringComparer.Ordinal)];

    private static ListeningEntry? Entry(string part)
    {
        var fields = part.Split(':');
        if (fields.Length is < 2 or > 4 || fields[0].Length != 9 || fields[0][4] != '-' || Minute(fields[0][..4]) is not { } from || Minute(fields[0][5..]) is not { } to || from >= to)
            return null;
        var stations = fields[1].Split(',').Select(Unescape).ToList();
        if (stations.Any(station => station.Length == 0) || stations.Distinct(StringComparer.Ordinal).Count() < stations.Count)
            return null;
        return new ListeningEntry(from, to, stations, fields.Length > 2 ? Unescape(fields[2]) : "", fields.Length > 3 ? Unescape(fields[3]) : "");
    }

    private static int? Minute(string clock) =>
        int.TryParse(clock, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number / 100 < 48 && number % 100 < 60 ? number / 100 * 60 + number % 100 : null;

    private static string Clock(int minute) => (minute / 60 * 100 + minute % 60).ToString("0000", CultureInfo.InvariantCulture);

    private static string Escape(string name) => name.Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);

    private static string Unescape(string name) => name.Replace("%2C", ",", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);

    private static string Short(string part) => part.Length > 60 ? part[..60] + "…" : part;
}
