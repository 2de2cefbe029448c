using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Interviews;

namespace Relais.Fieldwork.Exports;

/// <summary>The completed interviews of a wave as a table: what the sample said, then the answers. No phone number is in it, nor a name.</summary>
internal sealed class InterviewTable(FieldworkDb db)
{
    private const int AtOnce = 500;

    private static readonly ExportColumn[] Head =
    [
        new("interview", "Interview", ExportKind.Text), new("case", "Case", ExportKind.Whole), new("completed_at", "Completed", ExportKind.Moment),
        new("language", "Language", ExportKind.Text), new("questionnaire", "Questionnaire", ExportKind.Whole),
    ];

    /// <param name="language">Of the labels: the form's language whose name says it, such as "fr" for "Français (fr)".</param>
    /// <returns>Null for a wave that is not there.</returns>
    public async Task<ExportTable?> OfAsync(int wave, string language, CancellationToken cancel)
    {
        var found = await db.Waves.AsNoTracking().Where(w => w.Id == wave).Join(db.Studies, w => w.StudyId, s => s.Id, (w, s) => new { Wave = w.Name, Study = s.Name }).SingleOrDefaultAsync(cancel);
        if (found is null)
            return null;
        var ids = await Completed(wave).Select(i => i.QuestionnaireId).Distinct().ToListAsync(cancel);
        var versions = await db.Questionnaires.AsNoTracking().Where(q => ids.Contains(q.Id)).OrderBy(q => q.Number).Select(q => new { q.Id, q.Number, q.Canonical }).ToListAsync(cancel);
        var forms = versions.ConvertAll(v => FormJson.Read(System.Text.Encoding.UTF8.GetBytes(v.Canonical)));
        var (paths, known) = await NamesAsync(wave, cancel);
        var columns = InterviewColumns.Of(forms, paths, forms.Count == 0 ? "" : Language(forms[^1], language));
        var numbers = versions.ToDictionary(v => v.Id, v => v.Number.ToString(CultureInfo.InvariantCulture));
        return new ExportTable(
            $"{found.Study}, {found.Wave}", [.. Head, .. known.Select(k => new ExportColumn($"sample_{k}", k, ExportKind.Text)), .. columns.Columns],
            token => RowsAsync(wave, columns, known, numbers, token));
    }

    private IQueryable<Interview> Completed(int wave) => db.Interviews.AsNoTracking().Where(i => i.WaveId == wave && i.State == InterviewState.Completed && i.Record != null);

    private async Task<(HashSet<string> Paths, List<string> Known)> NamesAsync(int wave, CancellationToken cancel)
    {
        var (paths, known) = (new HashSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        await foreach (var (record, sample) in Completed(wave).Select(i => new ValueTuple<string?, string>(i.Record, i.Known)).AsAsyncEnumerable().WithCancellation(cancel))
        {
            paths.UnionWith(InterviewRecord.Read(record ?? "").Answers.Keys);
            known.UnionWith(FieldworkJson.Read<Dictionary<string, string>>(sample).Keys);
        }

        return (paths, [.. known]);
    }

    private async IAsyncEnumerable<string?[]> RowsAsync(
        int wave, InterviewColumns columns, List<string> known, Dictionary<Guid, string> versions, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = Guid.Empty;
        while (true)
        {
            var batch = await Completed(wave).Where(i => i.Id > last).OrderBy(i => i.Id).Take(AtOnce).ToListAsync(cancel);
            foreach (var interview in batch)
            {
                var sample = FieldworkJson.Read<Dictionary<string, string>>(interview.Known);
                yield return
                [
                    interview.Id.ToString("N"), interview.CaseId.ToString(CultureInfo.InvariantCulture), interview.EndedAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                    interview.Language, versions[interview.QuestionnaireId], .. known.Select(sample.GetValueOrDefault), .. columns.Cells(InterviewRecord.Read(interview.Record ?? "").Answers),
                ];
            }

            if (batch.Count < AtOnce)
                yield break;
            last = batch[^1].Id;
        }
    }

    private static string Language(FormDefinition form, string wanted) =>
        form.Languages.FirstOrDefault(l => l.Equals(wanted, StringComparison.OrdinalIgnoreCase) || l.EndsWith($"({wanted})", StringComparison.OrdinalIgnoreCase)) ?? form.DefaultLanguage;
}
