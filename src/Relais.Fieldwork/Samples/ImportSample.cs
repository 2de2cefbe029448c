using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Relais.Fieldwork.Privacy;
using Relais.Fieldwork.Quotas;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Samples;

/// <summary>How a sample's file is to be read.</summary>
/// <param name="Language">Of cases whose line names none.</param>
/// <param name="Zone">Of cases whose line names none and whose number's country has several or is not known.</param>
/// <param name="Country">The country code of numbers written without one.</param>
/// <param name="Replicates">Cases are dealt into so many replicates, when the file does not say.</param>
/// <param name="Known">The columns that quotas know beforehand; null: those of the wave's quotas.</param>
/// <param name="InterviewedWithinMonths">Whoever was interviewed within so many months is left out; 0: nobody.</param>
internal sealed record SampleSettings(
    string Language = "fr", string Zone = "Europe/Paris", string Country = PhoneNumber.France, int Replicates = 1, IReadOnlyList<string>? Known = null,
    int InterviewedWithinMonths = 0);

internal abstract record SampleResult
{
    private SampleResult() { }

    public sealed record Kept(Guid Batch, long Cases, long Suppressed) : SampleResult;

    /// <summary>Nothing of it was kept; the batch holds what is wrong, line by line.</summary>
    public sealed record Refused(Guid Batch, long FaultCount, IReadOnlyList<LineFault> Faults) : SampleResult;

    public sealed record Missing : SampleResult;
}

/// <summary>Imports a file of cases: all of it or nothing.</summary>
internal sealed class ImportSample(FieldworkDb db, IServiceScopeFactory scopes, NumberHashes hashes, TimeProvider clock)
{
    public const int MostFaultsKept = 5000;

    /// <summary>Of a page's form: more than a million cases. The server keeps it on disk while it reads.</summary>
    public const long LongestFormBytes = 1L << 30;

    public async Task<SampleResult> HandleAsync(int waveId, string fileName, Func<Stream> open, SampleSettings settings, Actor actor, CancellationToken cancel)
    {
        if (await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == waveId, cancel) is not { } wave)
            return new SampleResult.Missing();
        var now = clock.GetUtcNow();
        var batch = new SampleBatch { Id = Guid.CreateVersion7(now), WaveId = waveId, FileName = Path.GetFileName(fileName), At = now, ByName = actor.Name };
        await AsideAsync(b => b.Batches.Add(batch), cancel);
        var faults = new LineFaults();
        try
        {
            var known = settings.Known ?? await QuotaVariables.OfAsync(db, waveId, cancel);
            await using var turn = await db.Database.BeginTransactionAsync(cancel);
            var writer = await CaseWriter.BeginAsync(db, wave, hashes, now, cancel);
            var lines = await ReadAsync(open, new SampleReader(settings, known, faults), writer, faults, batch.Id, cancel);
            if (faults.Count == 0)
            {
                var since = settings.InterviewedWithinMonths > 0 ? now.AddMonths(-settings.InterviewedWithinMonths) : (DateTimeOffset?)null;
                var suppressed = await writer.EndAsync(since, cancel);
                (batch.Lines, batch.Cases, batch.Suppressed, batch.Kept) = (lines, writer.Written, suppressed, true);
                db.Batches.Update(batch);
                db.Audit(clock, actor, "sample.imported", $"fieldwork-wave:{waveId}", wave.Name, new { file = batch.FileName, cases = writer.Written, suppressed });
                await db.SaveChangesAsync(cancel);
                await turn.CommitAsync(cancel);
                return new SampleResult.Kept(batch.Id, writer.Written, suppressed);
            }

            batch.Lines = lines;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            faults.Add(new LineFault(null, "id", "id-taken", e.Detail));
        }

        return await RefuseAsync(batch, faults, cancel);
    }

    private async Task<long> ReadAsync(Func<Stream> open, SampleReader reader, CaseWriter writer, LineFaults faults, Guid batch, CancellationToken cancel)
    {
        using var table = SampleTable.Open(open, faults);
        if (table is null || !reader.Begin(table.Columns))
            return 0;
        long lines = 0;
        while (table.Next())
        {
            lines++;
            if (reader.Read(table) is not { } read)
                continue;
            if (!writer.HasRoomFor(read.Pool.Known))
                faults.Add(new LineFault(table.Line, null, "strata-many", read.Pool.Known));
            // What follows a fault is still checked, but written in vain.
            if (faults.Count == 0 && await writer.AddAsync(read, cancel))
                await AsideAsync(b => b.Database.ExecuteSql($"UPDATE fieldwork.sample_batch SET lines = {lines} WHERE id = {batch}"), cancel);
        }

        if (lines == 0 && faults.Count == 0)
            faults.Add(new LineFault(null, null, "empty"));
        return lines;
    }

    private async Task<SampleResult> RefuseAsync(SampleBatch batch, LineFaults faults, CancellationToken cancel)
    {
        await AsideAsync(b =>
        {
            (batch.FaultCount, batch.Kept) = (faults.Count, false);
            b.Batches.Update(batch);
            b.SampleFaults.AddRange(faults.First.Select((f, i) => new SampleFault
            {
                BatchId = batch.Id, Position = i, Line = f.Line, Column = f.Column, Code = f.Code, Named = f.Named is { Length: > 200 } named ? named[..200] : f.Named,
            }));
        }, cancel);
        return new SampleResult.Refused(batch.Id, faults.Count, faults.First);
    }

    // Beside the transaction of the import: progress is seen meanwhile, and faults stay when it is undone.
    private async Task AsideAsync(Action<FieldworkDb> change, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var aside = scope.ServiceProvider.GetRequiredService<FieldworkDb>();
        change(aside);
        await aside.SaveChangesAsync(cancel);
    }
}

/// <summary>What is wrong with a file: all of it is counted, and the first are kept.</summary>
internal sealed class LineFaults
{
    private readonly List<LineFault> _first = [];

    public long Count { get; private set; }

    public IReadOnlyList<LineFault> First => _first;

    public void Add(LineFault fault)
    {
        Count++;
        if (_first.Count < ImportSample.MostFaultsKept)
            _first.Add(fault);
    }
}
