using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Fieldwork.Interviews;

namespace Relais.Fieldwork.Exports;

/// <summary>How a wave's interviews came about, a row a step: which question, when, how long, changed or not, forward or back. What was answered is not in it.</summary>
internal sealed partial class ParadataTable(FieldworkDb db, People people)
{
    private static readonly ExportColumn[] Columns =
    [
        new("interview", "Interview", ExportKind.Text), new("case", "Case", ExportKind.Whole), new("state", "State of the interview", ExportKind.Text),
        new("questionnaire", "Version of the questionnaire", ExportKind.Whole), new("sequence", "Step, from 1", ExportKind.Whole), new("kind", "What was done", ExportKind.Text),
        new("question", "Question", ExportKind.Text), new("position", "Place of the question in the questionnaire, from 1", ExportKind.Whole),
        new("path", "Question with the number of each time round", ExportKind.Text), new("at", "When, by the interviewer's clock, UTC", ExportKind.Moment),
        new("received_at", "When the server had it, UTC", ExportKind.Moment), new("seconds", "Seconds since the step before, within the same call", ExportKind.Number),
        new("move", "forward, back or again", ExportKind.Text), new("changed", "Whether an answer was changed", ExportKind.Whole),
        new("language", "Language it was asked in", ExportKind.Text), new("interviewer", "Interviewer, by name or pseudonym", ExportKind.Text),
    ];

    /// <param name="named">Whether interviewers are called by their names.</param>
    /// <returns>Null for a wave that is not there.</returns>
    public async Task<ExportTable?> OfAsync(int wave, bool named, CancellationToken cancel)
    {
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == wave, cancel) is not { } found)
            return null;
        var interviewers = await (from e in db.InterviewEvents join i in db.Interviews on e.InterviewId equals i.Id where i.WaveId == wave select e.PersonId).Distinct().ToListAsync(cancel);
        var names = await InterviewerNames.OfAsync(found.StudyId, interviewers, named, people, cancel);
        var ids = await db.Interviews.Where(i => i.WaveId == wave).Select(i => i.QuestionnaireId).Distinct().ToListAsync(cancel);
        var versions = await db.Questionnaires.AsNoTracking().Where(q => ids.Contains(q.Id)).Select(q => new { q.Id, q.Number, q.Canonical }).ToListAsync(cancel);
        var forms = versions.ToDictionary(v => v.Id, v => new Version(v.Number, Positions(FormJson.Read(System.Text.Encoding.UTF8.GetBytes(v.Canonical)))));
        return new ExportTable(found.Name, Columns, token => RowsAsync(wave, names, forms, token));
    }

    private sealed record Version(int Number, Dictionary<string, int> Positions);

    private static Dictionary<string, int> Positions(FormDefinition form) =>
        form.All().Where(i => i.Path is not null).Select((item, i) => (item.Path, Place: i + 1)).DistinctBy(p => p.Path, StringComparer.Ordinal).ToDictionary(p => p.Path ?? "", p => p.Place, StringComparer.Ordinal);

    private async IAsyncEnumerable<string?[]> RowsAsync(int wave, InterviewerNames names, Dictionary<Guid, Version> forms, [EnumeratorCancellation] CancellationToken cancel)
    {
        var steps = (from e in db.InterviewEvents.AsNoTracking() join i in db.Interviews on e.InterviewId equals i.Id where i.WaveId == wave
                     orderby i.Id, e.Sequence select new { Step = e, i.CaseId, i.QuestionnaireId, i.State, i.BegunAt }).AsAsyncEnumerable();
        Trail? trail = null;
        await foreach (var row in steps.WithCancellation(cancel))
        {
            var step = row.Step;
            if (trail?.Interview != step.InterviewId)
                trail = new Trail(step.InterviewId, row.BegunAt, step.Fence);
            var (seconds, move, changed) = trail.Follow(step);
            var plain = Round().Replace(step.Path, "");
            var form = forms[row.QuestionnaireId];
            yield return
            [
                step.InterviewId.ToString("N"), row.CaseId.ToString(CultureInfo.InvariantCulture), row.State.ToString().ToLowerInvariant(), form.Number.ToString(CultureInfo.InvariantCulture),
                step.Sequence.ToString(CultureInfo.InvariantCulture), step.Kind.ToString().ToLowerInvariant(), plain[(plain.LastIndexOf('/') + 1)..],
                form.Positions.TryGetValue(plain, out var place) ? place.ToString(CultureInfo.InvariantCulture) : null, step.Path,
                step.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), step.ReceivedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                seconds?.ToString("0.###", CultureInfo.InvariantCulture), move, changed ? "1" : "0", step.Language, names.Of(step.PersonId),
            ];
        }
    }

    // The number of a time round a repeat: /study/person[2]/age.
    [GeneratedRegex(@"\[\d+\]", RegexOptions.None, 1000)]
    private static partial Regex Round();

    /// <summary>One interview, step by step.</summary>
    private sealed class Trail(Guid interview, DateTimeOffset begunAt, long fence)
    {
        private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private DateTimeOffset _before = begunAt;
        private long _fence = fence;
        private string _path = "";

        public Guid Interview => interview;

        public (double? Seconds, string Move, bool Changed) Follow(InterviewEvent step)
        {
            // Between two calls, or two computers, nobody was asked anything.
            var seconds = step.Fence == _fence && step.At >= _before ? (step.At - _before).TotalSeconds : (double?)null;
            var move = _path == step.Path ? "again" : _seen.Add(step.Path) ? "forward" : "back";
            var changed = step.Kind == FormEventKind.Answer && _answers.TryGetValue(step.Path, out var answered) && answered != step.Value;
            if (step.Kind == FormEventKind.Answer)
                _answers[step.Path] = step.Value;
            (_before, _fence, _path) = (step.At, step.Fence, step.Path);
            _seen.Add(step.Path);
            return (seconds, move, changed);
        }
    }
}
