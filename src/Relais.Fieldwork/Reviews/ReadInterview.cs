using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Listening;
using Relais.Fieldwork.Interviews;

namespace Relais.Fieldwork.Reviews;

/// <summary>A question as it was asked and answered.</summary>
/// <param name="Lines">The answer in words: a line for each choice or stretch of listening.</param>
/// <param name="At">When it was last answered, on the interviewer's clock; null: the questionnaire computed it.</param>
/// <param name="Comment">The interviewer's remark.</param>
/// <param name="Confirmed">A soft check doubted it and was overridden.</param>
internal sealed record AnswerShown(string Question, IReadOnlyList<string> Lines, DateTimeOffset? At, string? Comment, bool Confirmed);

internal sealed record CallShown(DateTimeOffset From, TimeSpan Length, Guid Person, string Outcome, bool ByAppointment, string? Comment);

internal sealed record InterviewShown(Interview Interview, string Key, string Wave, ReviewState State, double? Median, IReadOnlyList<AnswerShown> Answers, IReadOnlyList<CallShown> Calls, IReadOnlyList<Review> Reviews);

/// <summary>One completed interview, readable: answers in the order of the questionnaire, with the calls of its case. No phone number is in it.</summary>
internal sealed class ReadInterview(FieldworkDb db)
{
    /// <param name="language">Of the labels, such as "fr", where the questionnaire has it.</param>
    /// <returns>Null: there is none, or it was not completed.</returns>
    public async Task<InterviewShown?> OfAsync(Guid id, string language, CancellationToken cancel)
    {
        if (await db.Interviews.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id && (i.State == InterviewState.Completed || i.State == InterviewState.Rejected), cancel) is not { } interview)
            return null;
        var wave = await db.Waves.AsNoTracking().Where(w => w.Id == interview.WaveId).Select(w => w.Name).SingleAsync(cancel);
        var key = await db.Records.AsNoTracking().Where(r => r.CaseId == interview.CaseId).Select(r => r.Key).SingleOrDefaultAsync(cancel) ?? "";
        var program = await Questionnaires.ProgramAsync(db, interview.QuestionnaireId, cancel);
        var attempts = await db.Attempts.AsNoTracking().Where(a => a.CaseId == interview.CaseId).OrderBy(a => a.Id).ToListAsync(cancel);
        var reviews = await db.Reviews.AsNoTracking().Where(r => r.InterviewId == id).OrderBy(r => r.Id).ToListAsync(cancel);
        var median = await ReadReviews.MedianAsync(db, interview.WaveId, cancel);
        return new InterviewShown(
            interview, key, wave, ReadReviews.StateOf(interview), median, Answers(program.Form, InterviewRecord.Read(interview.Record ?? ""), language), attempts.ConvertAll(Call), reviews);
    }

    private static CallShown Call(Attempt attempt) => new(
        attempt.From, attempt.Until - attempt.From, attempt.PersonId, Outcomes.Outcome.Of(attempt.Outcome)?.Code ?? "unknown", attempt.ByAppointment, attempt.Comment);

    private static List<AnswerShown> Answers(FormDefinition form, InterviewRecord record, string wanted)
    {
        var language = form.Languages.FirstOrDefault(l => l.Equals(wanted, StringComparison.OrdinalIgnoreCase) || l.EndsWith($"({wanted})", StringComparison.OrdinalIgnoreCase)) ?? form.DefaultLanguage;
        var questions = new Dictionary<string, FormQuestion>(StringComparer.Ordinal);
        foreach (var question in form.Questions())
        {
            if (question.Path is { } path)
                questions.TryAdd(path, question);
        }

        var shown = new List<AnswerShown>();
        foreach (var (path, value) in record.Answers)
        {
            var question = questions.GetValueOrDefault(Unnumbered(path));
            var passes = string.Join('.', path.Split('[').Skip(1).Select(p => p.Split(']')[0]));
            var name = (question is null ? path : Words(question.Label, form, language) is { Length: > 0 } label ? label : question.Name) + (passes.Length > 0 ? $" ({passes})" : "");
            DateTimeOffset? at = DateTimeOffset.TryParse(record.Times.GetValueOrDefault(path), CultureInfo.InvariantCulture, out var time) ? time : null;
            shown.Add(new AnswerShown(name, Lines(question, value, form, language), at, record.Comments.GetValueOrDefault(path), record.Confirmed.Contains(path)));
        }

        return shown;
    }

    private static List<string> Lines(FormQuestion? question, string value, FormDefinition form, string language)
    {
        if (question?.ListeningDay is { } day && ListeningJournal.Parse(value, out _) is { } journal)
        {
            return journal.Entries.Count == 0 ? ["–"] : [.. journal.Entries.Select(e => string.Create(CultureInfo.InvariantCulture,
                $"{Clock(e.From)} – {Clock(e.To)} : {string.Join(" + ", e.Stations.Select(s => Named(form, day.Stations, s, language)))}{After(Named(form, day.Places, e.Place, language))}{After(Named(form, day.Devices, e.Device, language))}"))];
        }

        return question is { Type: QuestionType.SelectOne or QuestionType.SelectMultiple or QuestionType.Rank, Choices.List: { Length: > 0 } list }
            ? [.. value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => Named(form, list, v, language))]
            : [value];
    }

    private static string Named(FormDefinition form, string? list, string code, string language) =>
        form.Lists.FirstOrDefault(l => l.Name == list)?.Choices.FirstOrDefault(c => c.Name == code) is { } choice && Words(choice.Label, form, language) is { Length: > 0 } words ? words : code;

    private static string Words(FormText? text, FormDefinition form, string language) =>
        text is null ? "" : string.Concat(text.In(language, form.DefaultLanguage).Select(part => part.Literal ?? "…")).Trim();

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60 % 24:00}:{minute % 60:00}");

    private static string After(string words) => words.Length == 0 ? "" : $", {words}";

    private static string Unnumbered(string path)
    {
        while (path.IndexOf('[', StringComparison.Ordinal) is >= 0 and var open && path.IndexOf(']', open) is > 0 and var close)
            path = path.Remove(open, close - open + 1);
        return path;
    }
}
