using System.Globalization;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Listening;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Simulation;

/// <summary>Somebody on the telephone who answers whatever is asked, by chance from a seed: the same questionnaire gets the same answers.</summary>
internal sealed class SimulatedRespondent(int seed)
{
    private const int MostTrials = 60;
    private const int FirstWaking = 6 * 60;
    private const int LastWaking = 23 * 60;

    private static readonly string[] Remarks = ["rien de particulier", "trop de publicité", "de bonnes émissions le matin", "j’aime surtout la musique"];

    private readonly Random _chance = new(seed);

    /// <summary>Answers all questions of the present screen and confirms what is doubted.</summary>
    /// <returns>False when a question that wants an answer refuses all that come to mind.</returns>
    public bool Answer(FormSession session, DateTimeOffset at)
    {
        var screen = session.Screen();
        foreach (var question in screen.Questions)
        {
            // What stands there already, as the sample says it, is right.
            if (question.IsReadOnly || question.Value.Length > 0 || question.Definition.Type is QuestionType.Note || (!question.IsRequired && _chance.Next(10) == 0))
                continue;
            if (!Give(session, question, at) && question.IsRequired)
                return false;
        }

        if (screen.Kind is ScreenKind.AnotherPass && screen.Passes < _chance.Next(3))
            session.AddPass(screen.Key, at);
        for (var doubts = 0; doubts < screen.Questions.Count + 1; doubts++)
        {
            var went = session.Next(at);
            if (went.Accepted)
                return true;
            foreach (var problem in went.Problems)
                session.Confirm(problem.Path, at);
        }

        return false;
    }

    private bool Give(FormSession session, ScreenQuestion question, DateTimeOffset at)
    {
        for (var trial = 0; trial < MostTrials; trial++)
        {
            if (session.Answer(question.Path, Value(session, question, at, trial), at).Accepted)
                return true;
        }

        return false;
    }

    private string Value(FormSession session, ScreenQuestion question, DateTimeOffset at, int trial) => question.Definition.Type switch
    {
        QuestionType.SelectOne => One(question).Name,
        QuestionType.SelectMultiple => string.Join(' ', Some(question).Select(c => c.Name)),
        QuestionType.Rank => string.Join(' ', question.Choices.Select(c => c.Name).OrderBy(_ => _chance.Next())),
        QuestionType.WholeNumber or QuestionType.Range => Number(trial).ToString(CultureInfo.InvariantCulture),
        QuestionType.Number => (Number(trial) + 0.5).ToString(CultureInfo.InvariantCulture),
        QuestionType.Date => at.AddDays(-_chance.Next(400)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        QuestionType.Time => $"{_chance.Next(7, 22):00}:{15 * _chance.Next(4):00}",
        QuestionType.DateTime => at.AddHours(-_chance.Next(400)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        QuestionType.Acknowledge => "OK",
        QuestionType.ListeningDay when question.Definition.ListeningDay is { } day => Day(session.Program.Form, day),
        _ => Remarks[_chance.Next(Remarks.Length)],
    };

    // An age first, then a small count, then anything.
    private int Number(int trial) => trial switch
    {
        < 5 => _chance.Next(18, 85),
        < 20 => _chance.Next(0, 8),
        < 40 => _chance.Next(0, 101),
        _ => _chance.Next(1900, 2030),
    };

    private ScreenChoice One(ScreenQuestion question)
    {
        var offered = question.Choices.Where(c => c.Definition?.Disposition is null).ToList();
        var read = offered.Where(c => !c.DoNotRead).ToList();
        var from = read.Count > 0 && _chance.Next(20) > 0 ? read : offered.Count > 0 ? offered : [.. question.Choices];
        return from[_chance.Next(from.Count)];
    }

    private List<ScreenChoice> Some(ScreenQuestion question)
    {
        var read = question.Choices.Where(c => c is { DoNotRead: false, Definition.Disposition: null }).ToList();
        return read.Count == 0 ? [One(question)] : [.. read.Where(_ => _chance.Next(3) == 0).Append(read[_chance.Next(read.Count)]).Distinct()];
    }

    // A few stretches of a quarter hour to two hours, apart from one another; one day in ten without radio.
    private string Day(FormDefinition form, ListeningDay day)
    {
        var stations = form.Lists.First(l => l.Name == day.Stations).Choices;
        var entries = new List<ListeningEntry>();
        if (_chance.Next(10) > 0)
        {
            var slot = day.SlotMinutes;
            var at = Math.Max(day.FirstMinute, FirstWaking) + (slot * _chance.Next(0, 16));
            while (at < Math.Min(day.LastMinute, LastWaking) - (2 * slot) && entries.Count < 5)
            {
                var until = Math.Min(at + (slot * _chance.Next(1, Math.Max(2, 120 / slot))), Math.Min(day.LastMinute, LastWaking));
                // Few stations have most listeners.
                var station = stations[(int)(stations.Count * Math.Pow(_chance.NextDouble(), 3))].Name;
                entries.Add(new ListeningEntry(at, until, [station], Of(form, day.Places), Of(form, day.Devices)));
                at = until + (slot * _chance.Next(2, 24));
            }
        }

        return new ListeningJournal(entries).Write();
    }

    private string Of(FormDefinition form, string? list) =>
        list is not null && form.Lists.FirstOrDefault(l => l.Name == list)?.Choices is { Count: > 0 } choices ? choices[_chance.Next(choices.Count)].Name : "";
}
