using System.Text;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Privacy;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Verification;

/// <summary>
/// Walks every interview of a wave again from its stored steps: none is missing, what was acknowledged is there, a completed one has no open question and makes
/// its stored record, and the cells that it falls into count as many as they say.
/// </summary>
internal sealed class VerifyInterviews(FieldworkDb db, Findings findings)
{
    private const int AtOnce = 200;

    public long Steps { get; private set; }

    /// <summary>Completed interviews that have a listening day, with the time of their completion.</summary>
    public Dictionary<Guid, DateTimeOffset> Listening { get; } = [];

    /// <returns>How many are completed.</returns>
    public async Task<long> OfWaveAsync(Wave wave, AnswerJournal journal, CancellationToken cancel)
    {
        var cells = await db.QuotaCells.AsNoTracking().Where(c => c.WaveId == wave.Id).OrderBy(c => c.Id).ToListAsync(cancel);
        var conditions = cells.ConvertAll(c => QuotaVariables.Parse(c.Conditions));
        var falls = new int[cells.Count];
        var (completed, rejected, erased) = (0L, 0L, 0);
        var ids = await db.Interviews.AsNoTracking().Where(i => i.WaveId == wave.Id).OrderBy(i => i.Id).Select(i => i.Id).ToListAsync(cancel);
        foreach (var some in ids.Chunk(AtOnce))
        {
            var interviews = await db.Interviews.AsNoTracking().Where(i => some.Contains(i.Id)).ToListAsync(cancel);
            var events = (await db.InterviewEvents.AsNoTracking().Where(e => some.Contains(e.InterviewId)).OrderBy(e => e.Sequence).ToListAsync(cancel)).ToLookup(e => e.InterviewId);
            long[] cases = [.. interviews.Select(i => i.CaseId)];
            var known = await KnownAsync(cases, cancel);
            var gone = await ErasedAsync(cases, cancel);
            foreach (var interview in interviews)
            {
                var steps = events[interview.Id].ToList();
                Steps += steps.Count;
                // What its respondent wanted erased is not missing.
                var kept = !gone.Contains(interview.CaseId);
                journal.Compare(interview.Id, kept ? steps.ConvertAll(s => (s.Path, s.Value)) : null, findings);
                completed += interview.State == InterviewState.Completed ? 1 : 0;
                rejected += interview.State == InterviewState.Rejected ? 1 : 0;
                if (!kept && steps.Count == 0)
                {
                    erased += interview.State == InterviewState.Completed ? 1 : 0;
                    continue;
                }

                if (await WalkAsync(interview, steps, kept, cancel) is not { } session || interview.State != InterviewState.Completed)
                    continue;
                var values = new Dictionary<string, string>(known[interview.CaseId], StringComparer.Ordinal);
                foreach (var (name, value) in new StoredSession(session, null, steps).QuotaValues())
                    values[name] = value;
                for (var cell = 0; cell < cells.Count; cell++)
                    falls[cell] += conditions[cell].All(c => values.GetValueOrDefault(c.Key) == c.Value) ? 1 : 0;
            }
        }

        await CountAsync(wave, cells, falls, completed + rejected, erased, cancel);
        return completed;
    }

    private async Task<FormSession?> WalkAsync(Interview interview, List<InterviewEvent> steps, bool kept, CancellationToken cancel)
    {
        if (steps.Count != interview.LastSequence || (steps.Count > 0 && (steps[0].Sequence != 1 || steps[^1].Sequence != steps.Count)))
        {
            findings.Add(Broken.Answers, $"interview {interview.Id}: {steps.Count} steps are there of {interview.LastSequence}");
            return null;
        }

        var program = await Questionnaires.ProgramAsync(db, interview.QuestionnaireId, cancel);
        var session = FormSession.Restore(program, interview.Start(), steps.Select(s => s.ToForm()), out var refused);
        if (refused is not null)
            findings.Add(Broken.Answers, $"interview {interview.Id}: a stored step of {refused.Path} is refused: {refused.Text}");
        if (interview.State is not (InterviewState.Completed or InterviewState.Rejected))
            return session;
        if (session.Problems() is [var problem, ..])
            findings.Add(Broken.Answers, $"interview {interview.Id}: completed, with a question open: {problem.Path}");
        if (kept && interview.Record is { Length: > 0 } record && Encoding.UTF8.GetString(session.Record(withTimes: true)) != record)
            findings.Add(Broken.Answers, $"interview {interview.Id}: its steps make another record than the one that is stored");
        if (interview is { State: InterviewState.Completed, EndedAt: { } ended } && program.Form.Questions().Any(q => q.ListeningDay is not null))
            Listening[interview.Id] = ended;
        return session;
    }

    // Waves that are worked without a questionnaire of ours complete by the call alone: then there is nothing to say who fell where.
    private async Task CountAsync(Wave wave, List<QuotaCell> cells, int[] falls, long completed, int erased, CancellationToken cancel)
    {
        var calls = await db.Attempts.CountAsync(a => a.WaveId == wave.Id && a.Outcome == Outcomes.Outcome.CompleteId, cancel);
        var reserved = await db.Reservations.AsNoTracking().Join(db.QuotaCells.Where(c => c.WaveId == wave.Id), r => r.CellId, c => c.Id, (r, c) => r.CellId)
            .GroupBy(c => c).Select(g => new { g.Key, Number = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Number, cancel);
        for (var at = 0; at < cells.Count; at++)
        {
            var cell = cells[at];
            var name = $"wave {wave.Id}, cell {cell.Id} {cell.Conditions}";
            // Where erased ones fell nobody knows any more.
            if (completed == calls && (cell.Completed < falls[at] || cell.Completed > falls[at] + erased))
                findings.Add(Broken.Quota, $"{name}: {falls[at]} completed interviews fall into it, {cell.Completed} slots are committed");
            if (cell.Reserved != reserved.GetValueOrDefault(cell.Id))
                findings.Add(Broken.Quota, $"{name}: says {cell.Reserved} slots are reserved, there are {reserved.GetValueOrDefault(cell.Id)}");
            if (cell.Hard && (cell.Completed > cell.Target || falls[at] > cell.Target))
                findings.Add(Broken.Overshoot, $"{name}: {Math.Max(cell.Completed, falls[at])} of {cell.Target}");
        }

        if (completed > calls)
            findings.Add(Broken.Quota, $"wave {wave.Id}: {completed} completed interviews, {calls} completed calls");
    }

    private async Task<HashSet<long>> ErasedAsync(long[] cases, CancellationToken cancel)
    {
        var keys = await db.Records.AsNoTracking().Where(r => cases.Contains(r.CaseId)).Select(r => new { r.CaseId, r.Key }).ToListAsync(cancel);
        return [.. keys.Where(k => ErasedCase.IsErased(k.Key)).Select(k => k.CaseId)];
    }

    private async Task<Dictionary<long, Dictionary<string, string>>> KnownAsync(long[] cases, CancellationToken cancel) =>
        (await (from c in db.Cases.AsNoTracking() where cases.Contains(c.Id) join p in db.Pools on c.PoolId equals p.Id join s in db.Strata on p.StratumId equals s.Id select new { c.Id, s.Known }).ToListAsync(cancel))
        .ToDictionary(c => c.Id, c => QuotaVariables.Parse(c.Known));
}
