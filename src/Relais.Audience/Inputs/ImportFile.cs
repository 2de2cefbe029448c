using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Relais.Audience.Studies;
using Relais.Audience.Universes;
using Relais.Audience.Waves;
using Relais.Kernel.Audit;

namespace Relais.Audience.Inputs;

internal abstract record ImportResult
{
    private ImportResult() { }

    public sealed record Kept(long Rows) : ImportResult;

    /// <summary>Nothing was kept.</summary>
    public sealed record Refused(ImportFaults Faults) : ImportResult;

    public sealed record Missing : ImportResult;

    /// <summary>The wave takes no files any more.</summary>
    public sealed record WrongState : ImportResult;

    /// <summary>Listening names respondents, so they come first.</summary>
    public sealed record RespondentsFirst : ImportResult;
}

/// <summary>Checks a file of respondents or listening against the study and the universe, and keeps all of it or nothing.</summary>
internal sealed class ImportFile(AudienceDb db, TimeProvider clock)
{
    /// <summary>Longest that a page takes. Larger ones are for the command line, or for several waves.</summary>
    public const long LongestBytes = 512L << 20;

    /// <param name="open">Opens the file from its beginning; called several times.</param>
    public async Task<ImportResult> HandleAsync(Guid waveId, InputKind kind, string fileName, Func<Stream> open, Actor actor, CancellationToken cancel)
    {
        if (await db.Waves.SingleOrDefaultAsync(w => w.Id == waveId, cancel) is not { } wave)
            return new ImportResult.Missing();
        if (wave.State is not (WaveState.Fieldwork or WaveState.Weighting))
            return new ImportResult.WrongState();

        var settings = await LatestSettings.OfAsync(db, wave, cancel);
        var faults = new ImportFaults();
        if (kind == InputKind.Respondents)
        {
            return Respondents.Read(open, settings.Study.Columns, settings.Universe.Margins, faults, cancel) is { } read
                ? await KeepAsync(wave, kind, fileName, open, read.Count, actor, cancel)
                : new ImportResult.Refused(faults);
        }

        if (await LatestAsync(db, waveId, InputKind.Respondents, cancel) is not { } kept)
            return new ImportResult.RespondentsFirst();
        var bytes = await KeptInput.ReadAsync(db, kept.Id, cancel);
        return Respondents.Read(KeptInput.Opener(bytes), settings.Study.Columns, settings.Universe.Margins, faults, cancel) is { } respondents
            && ReadListening.From(open, settings.Study, respondents, faults, cancel) is { } listening
            ? await KeepAsync(wave, kind, fileName, open, listening.Rows, actor, cancel)
            : new ImportResult.Refused(faults);
    }

    /// <summary>The file that the next run takes.</summary>
    public static Task<WaveInput?> LatestAsync(AudienceDb db, Guid wave, InputKind kind, CancellationToken cancel) =>
        db.Inputs.AsNoTracking().Where(i => i.WaveId == wave && i.Kind == kind).OrderByDescending(i => i.ImportedAt).ThenByDescending(i => i.Id).FirstOrDefaultAsync(cancel);

    private async Task<ImportResult> KeepAsync(Wave wave, InputKind kind, string fileName, Func<Stream> open, long rows, Actor actor, CancellationToken cancel)
    {
        var (sha, length) = await MeasureAsync(open, cancel);
        var now = clock.GetUtcNow();
        var input = new WaveInput
        {
            Id = Guid.CreateVersion7(now), WaveId = wave.Id, Kind = kind, FileName = Shortened(fileName), Sha256 = sha, LengthBytes = length, Rows = rows,
            ImportedAt = now, ImportedByName = actor.Name,
        };
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Inputs.Add(input);
        await db.SaveChangesAsync(cancel);
        await using (var bytes = open())
            await KeptInput.WriteAsync(db, input.Id, bytes, cancel);
        db.Audit(clock, actor, "wave.file-imported", EditWaves.Subject(wave), wave.Name, new { kind = kind.ToString(), file = input.FileName, sha256 = sha, rows });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new ImportResult.Kept(rows);
    }

    private static string Shortened(string fileName) => Path.GetFileName(fileName) is { Length: > WaveInput.NameLength } name ? name[..WaveInput.NameLength] : Path.GetFileName(fileName);

    private static async Task<(string Sha, long Length)> MeasureAsync(Func<Stream> open, CancellationToken cancel)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        long length = 0;
        await using (var bytes = open())
        {
            int read;
            while ((read = await bytes.ReadAsync(buffer, cancel)) > 0)
            {
                sha.AppendData(buffer, 0, read);
                length += read;
            }
        }

        return (Convert.ToHexStringLower(sha.GetHashAndReset()), length);
    }
}

/// <summary>What a run of a wave would take now.</summary>
internal static class LatestSettings
{
    public static async Task<Runs.RunSettings> OfAsync(AudienceDb db, Wave wave, CancellationToken cancel)
    {
        var version = await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == wave.StudyId).OrderByDescending(v => v.Number).FirstAsync(cancel);
        var universe = await db.Universes.AsNoTracking().SingleAsync(u => u.Id == wave.UniverseId, cancel);
        return new Runs.RunSettings(
            AudienceJson.Read<StudySettings>(version.Settings), version.Number,
            new Runs.UsedUniverse(universe.Name, universe.Version, universe.Source, universe.Date, AudienceJson.Read<List<MarginTotal>>(universe.Margins)));
    }
}
