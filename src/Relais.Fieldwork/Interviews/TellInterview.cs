using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Contracts;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Listening;
using Relais.Kernel.Events;

namespace Relais.Fieldwork.Interviews;

/// <summary>Tells the other modules of an interview that was completed, or rejected at its review.</summary>
internal static class TellInterview
{
    private const int MinutesOfQuarter = 15;

    /// <summary>Called in the transaction that completes it, while its row is locked.</summary>
    public static async Task CompletedAsync(FieldworkDb db, Outbox outbox, Interview interview, FormDefinition form, DateTimeOffset at, CancellationToken cancel) =>
        outbox.Tell(db, await OfAsync(db, interview, form, at, cancel));

    /// <summary>Called in the transaction that rejects it, or undoes that, while its case is locked.</summary>
    public static async Task RejectedAsync(FieldworkDb db, Outbox outbox, Interview interview, bool undone, DateTimeOffset at, CancellationToken cancel)
    {
        var program = await Questionnaires.ProgramAsync(db, interview.QuestionnaireId, cancel);
        var told = await OfAsync(db, interview, program.Form, interview.EndedAt ?? at, cancel);
        outbox.Tell(db, new InterviewRejected(Guid.CreateVersion7(at), told.Key, told, undone, at));
    }

    private static async Task<InterviewCompleted> OfAsync(FieldworkDb db, Interview interview, FormDefinition form, DateTimeOffset at, CancellationToken cancel)
    {
        var wave = await db.Waves.AsNoTracking().SingleAsync(w => w.Id == interview.WaveId, cancel);
        var study = await db.Studies.AsNoTracking().SingleAsync(s => s.Id == wave.StudyId, cancel);
        var record = InterviewRecord.Read(interview.Record ?? "");
        var start = interview.Start();
        return new InterviewCompleted(
            interview.Id, $"case:{interview.CaseId}", wave.Id, wave.Name, study.Id, study.Name, at, DateOnly.FromDateTime(start.At.DateTime), interview.Language,
            Plain(form, record), start.Known.ToDictionary(StringComparer.Ordinal), Heard(form, record), form.Questions().Any(q => q.ListeningDay is not null));
    }

    /// <summary>Answers by name, and those of quota variables by the variable's name too: questions that are asked once.</summary>
    private static Dictionary<string, string> Plain(FormDefinition form, InterviewRecord record)
    {
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var question in form.Questions())
        {
            if (question is not { Path: { } path, ListeningDay: null } || !record.Answers.TryGetValue(path, out var value))
                continue;
            answers.TryAdd(question.Name, value);
            if (question.Quota is { } variable)
                answers.TryAdd(variable, value);
        }

        return answers;
    }

    private static List<HeardStation> Heard(FormDefinition form, InterviewRecord record)
    {
        var heard = new List<HeardStation>();
        foreach (var question in form.Questions())
        {
            if (question is { Path: { } path, ListeningDay: { } day } && record.Answers.TryGetValue(path, out var value) && ListeningJournal.Parse(value, out _) is { } journal)
                heard.AddRange(journal.Quarters(day).Select(q => new HeardStation(q.Station, day.FirstMinute + (q.QuarterHour * MinutesOfQuarter))));
        }

        return heard;
    }
}
