using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Relais.Audience.Inputs;
using Relais.Audience.Waves;
using Relais.Fieldwork.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Audience.Interviews;

/// <summary>
/// A respondent objected: their interview goes from what waits to be taken, and from the input of waves that are still worked at. Figures that are proposed or
/// published stay as they are: they name nobody.
/// </summary>
internal sealed class OnInterviewErased(AudienceDb db, ImportFile files)
{
    /// <summary>Stored with each event: it never changes.</summary>
    public const string Name = "audience.erasures";

    public async Task HandleAsync(InterviewErased told, CancellationToken cancel)
    {
        if (told.Columns is { } columns)
        {
            await StripAsync(told.Interview, columns, cancel);
            return;
        }

        await EmptyAsync(told.Interview, cancel);
        var waves = await db.Waves.AsNoTracking().Where(w => w.State == WaveState.Fieldwork || w.State == WaveState.Weighting).Select(w => w.Id).ToListAsync(cancel);
        foreach (var wave in waves)
            await DropAsync(wave, told.Interview, cancel);
    }

    // What was answered under the same name came after what the sample said, and cannot be told from it here: it goes as well.
    private async Task StripAsync(Guid id, IReadOnlyList<string> columns, CancellationToken cancel)
    {
        if (await db.FieldInterviews.SingleOrDefaultAsync(i => i.Id == id, cancel) is not { } interview)
            return;
        var variables = AudienceJson.Read<Dictionary<string, string>>(interview.Variables);
        foreach (var column in columns)
            variables.Remove(column);
        db.Entry(interview).Property(i => i.Variables).CurrentValue = AudienceJson.Write(variables);
        await db.SaveChangesAsync(cancel);
    }

    // Its id stays, in a row that no wave takes: so the interview does not come in afterwards, should this be told before it.
    private async Task EmptyAsync(Guid id, CancellationToken cancel)
    {
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        await db.FieldInterviews.Where(i => i.Id == id).ExecuteDeleteAsync(cancel);
        db.FieldInterviews.Add(new FieldInterview
        {
            Id = id, FieldWave = 0, FieldWaveName = "", FieldStudyName = "", Day = DateOnly.MinValue, CompletedAt = DateTimeOffset.MaxValue, Variables = "{}", Heard = "[]",
        });
        await db.SaveChangesAsync(cancel);
        await turn.CommitAsync(cancel);
    }

    private async Task DropAsync(Guid wave, Guid interview, CancellationToken cancel)
    {
        foreach (var kind in new[] { InputKind.Respondents, InputKind.Listening })
        {
            if (await ImportFile.LatestAsync(db, wave, kind, cancel) is not { } latest || !latest.FileName.StartsWith(TakeInterviews.FilePrefix, StringComparison.Ordinal))
                continue;
            if (await WithoutAsync(latest.Id, interview, cancel) is { } rest)
                await files.HandleAsync(wave, kind, latest.FileName, () => new MemoryStream(rest, writable: false), Actor.System, cancel);
        }

        // Every earlier version that names it, also those of before.
        var versions = await db.Inputs.AsNoTracking().Where(i => i.WaveId == wave && i.FileName.StartsWith(TakeInterviews.FilePrefix)).Select(i => i.Id).ToListAsync(cancel);
        foreach (var id in versions)
        {
            if (await WithoutAsync(id, interview, cancel) is not null)
                await db.InputChunks.Where(c => c.InputId == id).ExecuteDeleteAsync(cancel);
        }
    }

    /// <returns>The file without the interview's lines; null when it names no such interview.</returns>
    private async Task<byte[]?> WithoutAsync(Guid input, Guid interview, CancellationToken cancel)
    {
        var kept = await KeptInput.ReadAsync(db, input, cancel);
        if (kept.Length == 0)
            return null;
        using var reader = new StreamReader(new GZipStream(new MemoryStream(kept, writable: false), CompressionMode.Decompress), Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancel);
        var id = interview.ToString("N");
        if (!text.Contains(id, StringComparison.Ordinal))
            return null;
        // A row begins with its respondent's id; one whose text has several lines goes as far as the next row's id.
        var (rest, dropping) = (new StringBuilder(text.Length), false);
        foreach (var line in text.Split('\n'))
        {
            if (StartsRow(line))
                dropping = line.StartsWith(id, StringComparison.Ordinal);
            if (!dropping)
                rest.Append(line).Append('\n');
        }

        rest.Length--;
        return Encoding.UTF8.GetBytes(rest.ToString());
    }

    private static bool StartsRow(string line) => line.Length > 32 && line[32] == ',' && Guid.TryParseExact(line.AsSpan(0, 32), "N", out _);
}
