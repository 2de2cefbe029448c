namespace Relais.Fieldwork.Forms.Listening;

/// <summary>A stretch of listening.</summary>
/// <param name="From">Minutes after midnight of the day asked about; beyond 1440 in the night after.</param>
/// <param name="To">Its end, the same way; after <paramref name="From"/>.</param>
/// <param name="Stations">Names of stations, each once; at least one.</param>
/// <param name="Place">Name of the place; empty when it is not asked or not known.</param>
/// <param name="Device">Name of the device; empty likewise.</param>
public sealed record ListeningEntry(int From, int To, IReadOnlyList<string> Stations, string Place, string Device)
{
    public bool Overlaps(ListeningEntry other) => From < other.To && other.From < To;
}

/// <summary>One station heard in one quarter hour: a row of the listening file (id, station, qh) that Audience imports.</summary>
/// <param name="QuarterHour">0 is the first of the day asked about: 05:00 to 05:15 for a day from 05:00.</param>
public readonly record struct HeardQuarter(string Station, int QuarterHour);
