using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Listening;

/// <summary>What an expert interviewer would stop at.</summary>
public enum ListeningDoubt
{
    /// <summary>A short pause in the same station: was it off, or forgotten?</summary>
    Gap,

    /// <summary>Two stations at once on one device.</summary>
    Overlap,

    /// <summary>Deep in the night for more than an hour: on, or listened to?</summary>
    Asleep,

    /// <summary>More than five hours without a break.</summary>
    LongStretch,

    /// <summary>More than twelve hours in all.</summary>
    LongDay,

    /// <summary>The station was off the air on the day asked about.</summary>
    Ended,

    /// <summary>Two places at the same time.</summary>
    TwoPlaces,
}

/// <param name="Entries">Places in the journal, from 0.</param>
public sealed record ListeningFinding(ListeningDoubt Doubt, BilingualText Text, IReadOnlyList<int> Entries);

/// <summary>Refuses what cannot be, and doubts what is unlikely.</summary>
public static class ListeningChecks
{
    private const int ShortGap = 30;
    private const int NightFrom = 25 * 60;
    private const int NightTo = 29 * 60;
    private const int LongestNight = 60;
    private const int LongestStretch = 5 * 60;
    private const int LongestDay = 12 * 60;

    /// <summary>Why a journal cannot be: a time outside the day or between slots, a name that is on no list, a station twice at once. Null when it can.</summary>
    public static BilingualText? Refusal(ListeningJournal journal, ListeningDay day, FormDefinition form)
    {
        for (var i = 0; i < journal.Entries.Count; i++)
        {
            var entry = journal.Entries[i];
            if (entry.From < day.FirstMinute || entry.To > day.LastMinute || (entry.From - day.FirstMinute) % day.SlotMinutes != 0 || (entry.To - day.FirstMinute) % day.SlotMinutes != 0)
            {
                return Say(entry, "ces heures ne sont pas dans la journée demandée", "these hours are not within the day asked about");
            }

            if (entry.Stations.FirstOrDefault(station => !Has(form, day.Stations, station)) is { } stranger)
                return Say(entry, $"la station « {stranger} » n'est pas dans la liste", $"the station \"{stranger}\" is not on the list");
            if (entry.Place.Length > 0 && !Has(form, day.Places, entry.Place))
                return Say(entry, $"le lieu « {entry.Place} » n'est pas dans la liste", $"the place \"{entry.Place}\" is not on the list");
            if (entry.Device.Length > 0 && !Has(form, day.Devices, entry.Device))
                return Say(entry, $"l'appareil « {entry.Device} » n'est pas dans la liste", $"the device \"{entry.Device}\" is not on the list");
            for (var j = 0; j < i; j++)
            {
                if (entry.Overlaps(journal.Entries[j]) && entry.Stations.FirstOrDefault(station => journal.Entries[j].Stations.Contains(station, StringComparer.Ordinal)) is { } twice)
                    return Say(entry, $"{Label(form, day, twice, false)} y est deux fois au même moment", $"{Label(form, day, twice, true)} is there twice at the same time");
            }
        }

        return null;
    }

    /// <summary>What should be asked again before going on.</summary>
    /// <param name="date">The day asked about.</param>
    public static IReadOnlyList<ListeningFinding> Doubts(ListeningJournal journal, ListeningDay day, FormDefinition form, DateOnly date)
    {
        var found = new List<ListeningFinding>();
        var entries = journal.Entries;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.To - entry.From > LongestStretch)
                found.Add(new(ListeningDoubt.LongStretch, Say(entry, "plus de cinq heures sans interruption ?", "more than five hours without a break?"), [i]));
            if (Math.Min(entry.To, NightTo) - Math.Max(entry.From, NightFrom) > LongestNight)
                found.Add(new(ListeningDoubt.Asleep, Say(entry, "en pleine nuit : la personne écoutait-elle, ou dormait-elle ?", "deep in the night: listening, or asleep?"), [i]));
            foreach (var station in entry.Stations)
            {
                if (form.Lists.FirstOrDefault(list => list.Name == day.Stations)?.Choices.FirstOrDefault(choice => choice.Name == station) is { } choice && HasEnded(choice, date))
                    found.Add(new(ListeningDoubt.Ended, Say(entry, $"{Label(form, day, station, false)} n'émettait plus ce jour-là.", $"{Label(form, day, station, true)} was no longer on the air that day."), [i]));
            }

            for (var j = 0; j < i; j++)
                Together(found, entries, j, i);
        }

        if (journal.Minutes() > LongestDay)
            found.Add(new(ListeningDoubt.LongDay, new BilingualText("Plus de douze heures d'écoute dans la journée : à confirmer.", "More than twelve hours of listening in the day: please confirm."), []));
        return found;
    }

    private static void Together(List<ListeningFinding> found, IReadOnlyList<ListeningEntry> entries, int first, int second)
    {
        var (a, b) = (entries[first], entries[second]);
        if (a.Overlaps(b))
        {
            if (a.Place != b.Place && a.Place.Length > 0 && b.Place.Length > 0)
                found.Add(new(ListeningDoubt.TwoPlaces, Say(b, "deux lieux en même temps ?", "two places at the same time?"), [first, second]));
            else if (a.Device == b.Device)
                found.Add(new(ListeningDoubt.Overlap, Say(b, "deux stations en même temps sur le même appareil ?", "two stations at once on the same device?"), [first, second]));
        }
        else if (b.From - a.To is > 0 and <= ShortGap && a.Stations.Intersect(b.Stations, StringComparer.Ordinal).Any())
        {
            found.Add(new(ListeningDoubt.Gap, new BilingualText(
                $"De {ListeningTime.Say(a.To, false)} à {ListeningTime.Say(b.From, false)} : la radio était-elle éteinte ?",
                $"From {ListeningTime.Say(a.To, true)} to {ListeningTime.Say(b.From, true)}: was the radio off?"), [first, second]));
        }
    }

    // A column "ended" holds the last day on the air, yyyy-MM-dd.
    private static bool HasEnded(Choice station, DateOnly date) =>
        DateOnly.TryParseExact(station.Column("ended"), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var ended) && date > ended;

    private static bool Has(FormDefinition form, string? list, string name) =>
        list is not null && form.Lists.FirstOrDefault(known => known.Name == list) is { } found && found.Choices.Any(choice => choice.Name == name);

    private static string Label(FormDefinition form, ListeningDay day, string station, bool english)
    {
        var label = form.Lists.FirstOrDefault(list => list.Name == day.Stations)?.Choices.FirstOrDefault(choice => choice.Name == station)?.Label;
        var language = form.Languages.FirstOrDefault(known => known.Contains(english ? "en)" : "fr)", StringComparison.OrdinalIgnoreCase)) ?? form.DefaultLanguage;
        return label is null ? station : string.Concat(label.In(language, form.DefaultLanguage).Select(part => part.Literal));
    }

    private static BilingualText Say(ListeningEntry entry, string french, string english) => new(
        $"De {ListeningTime.Say(entry.From, false)} à {ListeningTime.Say(entry.To, false)} : {french}",
        $"From {ListeningTime.Say(entry.From, true)} to {ListeningTime.Say(entry.To, true)}: {english}");
}
