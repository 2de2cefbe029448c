using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Listening;

/// <summary>A moment of the day that the respondent is reminded of: getting up, the way to work, the evening.</summary>
/// <param name="From">Minutes after midnight of the day asked about.</param>
/// <param name="HeardMinutes">How much of it the journal already has radio in.</param>
public sealed record ListeningMoment(Choice Prompt, int From, int To, int HeardMinutes)
{
    public bool IsCovered => HeardMinutes > 0;
}

/// <summary>The prompts that help to remember the day, in its order.</summary>
public static class ListeningMoments
{
    /// <summary>The moments of the form, with what the journal has for each; those whose hours cannot be read are left out.</summary>
    public static IReadOnlyList<ListeningMoment> Of(FormDefinition form, ListeningDay day, ListeningJournal journal)
    {
        var moments = new List<ListeningMoment>();
        foreach (var choice in form.Lists.FirstOrDefault(list => list.Name == day.Moments)?.Choices ?? [])
        {
            if (ListeningTime.ReadStart(choice.Column("from"), day) is not { } from || ListeningTime.ReadEnd(choice.Column("to"), from, day) is not { } to)
                continue;
            var heard = new ListeningJournal([.. journal.Entries.Where(entry => entry.From < to && from < entry.To)
                .Select(entry => entry with { From = Math.Max(entry.From, from), To = Math.Min(entry.To, to) })]);
            moments.Add(new ListeningMoment(choice, from, to, heard.Minutes()));
        }

        return moments;
    }

    /// <summary>The next moment to ask about: the first without radio after a moment that was asked; null when all were.</summary>
    /// <param name="asked">Names of the moments already asked about.</param>
    public static ListeningMoment? Next(IReadOnlyList<ListeningMoment> moments, IReadOnlySet<string> asked) =>
        moments.FirstOrDefault(moment => !moment.IsCovered && !asked.Contains(moment.Prompt.Name));
}
