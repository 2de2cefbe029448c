using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Relais.Audience.Inputs;
using Relais.Audience.Studies;
using Relais.Audience.Waves;
using Relais.Fieldwork.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Audience.Interviews;

/// <summary>A round of interviews in Fieldwork, as far as its interviews have come here.</summary>
internal sealed record FieldWaveShown(int Wave, string Study, string Name, int Interviews);

/// <summary>
/// Makes a wave's input of the interviews that Fieldwork completed: the same two tables that a file would bring, checked by the same rules and kept with their
/// hashes, so that a run of them can be repeated whatever becomes of the interviews.
/// </summary>
internal sealed class TakeInterviews(AudienceDb db, ImportFile files)
{
    /// <summary>How the files that are made here are called.</summary>
    public const string FilePrefix = "fieldwork-";

    private const int MinutesOfQuarter = 15;
    private static readonly SearchValues<char> ToQuote = SearchValues.Create("\",;\t\r\n");

    /// <summary>What there is to take for a wave: interviews made in its period, or on the day after its last one.</summary>
    public async Task<IReadOnlyList<FieldWaveShown>> ListAsync(Wave wave, CancellationToken cancel) =>
        await InPeriod(wave).GroupBy(i => new { i.FieldWave, i.FieldStudyName, i.FieldWaveName }).OrderBy(g => g.Key.FieldStudyName).ThenBy(g => g.Key.FieldWave)
            .Select(g => new FieldWaveShown(g.Key.FieldWave, g.Key.FieldStudyName, g.Key.FieldWaveName, g.Count())).ToListAsync(cancel);

    /// <returns>How many respondents were kept, or what the import said of the table that it refused.</returns>
    /// <param name="completedUntil">Only those completed until then; null: all.</param>
    public async Task<ImportResult> HandleAsync(Guid waveId, int fieldWave, DateTimeOffset? completedUntil, Actor actor, CancellationToken cancel)
    {
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == waveId, cancel) is not { } wave)
            return new ImportResult.Missing();
        var settings = await LatestSettings.OfAsync(db, wave, cancel);
        var interviews = await InPeriod(wave).Where(i => i.FieldWave == fieldWave && (completedUntil == null || i.CompletedAt <= completedUntil)).OrderBy(i => i.Id).ToListAsync(cancel);
        if (interviews.Count == 0)
            return new ImportResult.Missing();

        var (respondents, listening) = (Respondents(interviews, settings.Study.Columns), Listening(interviews, settings.Study));
        var kept = await files.HandleAsync(waveId, InputKind.Respondents, RespondentsName(fieldWave), () => new MemoryStream(respondents, writable: false), actor, cancel);
        if (kept is not ImportResult.Kept)
            return kept;
        var heard = await files.HandleAsync(waveId, InputKind.Listening, string.Create(CultureInfo.InvariantCulture, $"{FilePrefix}{fieldWave}-listening.csv"), () => new MemoryStream(listening, writable: false), actor, cancel);
        return heard is ImportResult.Kept ? kept : heard;
    }

    /// <summary>What the file of respondents is called that is made of a round of interviews.</summary>
    public static string RespondentsName(int fieldWave) => string.Create(CultureInfo.InvariantCulture, $"{FilePrefix}{fieldWave}-respondents.csv");

    // The interview of a day asks for the day before.
    private IQueryable<FieldInterview> InPeriod(Wave wave)
    {
        var (from, until) = (wave.From.AddDays(1), wave.Until.AddDays(1));
        return db.FieldInterviews.AsNoTracking().Where(i => i.Day >= from && i.Day <= until && i.RejectedAt == null);
    }

    private static byte[] Respondents(List<FieldInterview> interviews, SurveyColumns columns)
    {
        var rows = interviews.ConvertAll(i => (i.Id, Variables: AudienceJson.Read<Dictionary<string, string>>(i.Variables)));
        var names = rows.SelectMany(r => r.Variables.Keys).Where(n => n != columns.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var text = new StringBuilder().AppendJoin(',', names.Prepend(columns.Id).Select(Cell)).Append('\n');
        foreach (var (id, variables) in rows)
            text.AppendJoin(',', names.Select(n => Cell(variables.GetValueOrDefault(n, ""))).Prepend(id.ToString("N"))).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Listening(List<FieldInterview> interviews, StudySettings study)
    {
        var text = new StringBuilder($"{Cell(study.Columns.Id)},station,qh\n");
        foreach (var interview in interviews)
        {
            foreach (var heard in AudienceJson.Read<List<HeardStation>>(interview.Heard))
            {
                var quarter = Math.DivRem(heard.Minute - study.Day.StartMinutes, MinutesOfQuarter).Quotient;
                text.Append(CultureInfo.InvariantCulture, $"{interview.Id:N},{Cell(heard.Station)},{quarter}\n");
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Cell(string value) => !value.AsSpan().ContainsAny(ToQuote) ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
