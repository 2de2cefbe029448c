using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Listening;
using Relais.Fieldwork.Interviews;

namespace Relais.Fieldwork.Exports;

/// <summary>The listening days of a wave as Audience imports them: id, station, qh, a row for each quarter hour in which a station was heard.</summary>
internal sealed class ListeningTable(FieldworkDb db)
{
    private static readonly ExportColumn[] Columns =
        [new("id", "Interview", ExportKind.Text), new("station", "Station", ExportKind.Text), new("qh", "Quarter hour", ExportKind.Whole)];

    public async Task<ExportTable?> OfAsync(int wave, CancellationToken cancel)
    {
        if (await db.Waves.AsNoTracking().Where(w => w.Id == wave).Select(w => w.Name).SingleOrDefaultAsync(cancel) is not { } name)
            return null;
        return new ExportTable(name, Columns, token => RowsAsync(wave, token));
    }

    private async IAsyncEnumerable<string?[]> RowsAsync(int wave, [EnumeratorCancellation] CancellationToken cancel)
    {
        var days = new Dictionary<Guid, List<FormQuestion>>();
        var interviews = db.Interviews.AsNoTracking().Where(i => i.WaveId == wave && i.State == InterviewState.Completed).OrderBy(i => i.Id)
            .Select(i => new { i.Id, i.QuestionnaireId, i.Record }).AsAsyncEnumerable();
        foreach (var id in await db.Interviews.AsNoTracking().Where(i => i.WaveId == wave).Select(i => i.QuestionnaireId).Distinct().ToListAsync(cancel))
            days[id] = [.. (await Questionnaires.ProgramAsync(db, id, cancel)).Form.Questions().Where(q => q is { Path: not null, ListeningDay: not null })];
        await foreach (var interview in interviews.WithCancellation(cancel))
        {
            var answers = InterviewRecord.Read(interview.Record ?? "").Answers;
            foreach (var question in days[interview.QuestionnaireId])
            {
                if (!answers.TryGetValue(question.Path ?? "", out var value) || ListeningJournal.Parse(value, out _) is not { } journal)
                    continue;
                foreach (var heard in journal.Quarters(question.ListeningDay!))
                    yield return [interview.Id.ToString("N"), heard.Station, heard.QuarterHour.ToString(CultureInfo.InvariantCulture)];
            }
        }
    }
}
