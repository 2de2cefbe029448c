using System.Buffers.Binary;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Relais.Audience.Figures;
using Relais.Kernel.Audit;

namespace Relais.Audience.Runs;

/// <summary>Writes what came of a run, in one transaction and only while it is this try's: results are whole or not there.</summary>
internal static class SaveRun
{
    private const string CopyFigures = """
        COPY audience.figure ("RunId", "Place", "Target", "Band", "Station", "Kind", "Interviews", "Listeners", "Universe", "Ac", "AcSe", "AcPct", "AcPctSe",
          "Qhm", "QhmSe", "QhmPct", "QhmPctSe", "Volume", "Dea", "DeaSe", "Pda", "PdaSe") FROM STDIN (FORMAT BINARY)
        """;

    private const string CopyCurves =
        "COPY audience.curve (\"RunId\", \"Target\", \"Station\", \"Interviews\", \"Listeners\", \"Pct\", \"Se\") FROM STDIN (FORMAT BINARY)";

    /// <returns>False when the run is not this try's any more: nothing was written.</returns>
    public static async Task<bool> DoneAsync(AudienceDb db, Run run, int attempt, RunOutcome.Computed results, TimeProvider clock, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (now, sha) = (clock.GetUtcNow(), FigureFile.Sha256(results.Figures));
        var report = AudienceJson.Write(results.Report);
        var ours = await Ours(db, run.Id, attempt).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RunState.Done).SetProperty(r => r.FinishedAt, now).SetProperty(r => r.ResultSha256, sha).SetProperty(r => r.Report, report), cancel);
        if (ours == 0)
            return false;
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await WriteFiguresAsync(connection, results.Figures, cancel);
        await WriteCurvesAsync(connection, results.Curves, cancel);
        db.Weights.Add(new RunWeights { RunId = run.Id, Bytes = BytesOf(results.Weights) });
        db.Audit(clock, Actor.System, "run.done", StartRun.Subject(run.Id), $"{run.Number}", new { wave = run.WaveId, result = sha });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    public static async Task FailedAsync(AudienceDb db, Run run, int attempt, IReadOnlyList<RunFault> faults, TimeProvider clock, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (now, json) = (clock.GetUtcNow(), AudienceJson.Write(faults));
        if (await Ours(db, run.Id, attempt).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RunState.Failed).SetProperty(r => r.FinishedAt, now).SetProperty(r => r.Faults, json), cancel) == 0)
            return;
        db.Audit(clock, Actor.System, "run.failed", StartRun.Subject(run.Id), $"{run.Number}", new { wave = run.WaveId, reasons = faults.Select(f => f.Code).Distinct(StringComparer.Ordinal) });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    public static IQueryable<Run> Ours(AudienceDb db, Guid run, int attempt) => db.Runs.Where(r => r.Id == run && r.State == RunState.Running && r.Attempt == attempt);

    public static byte[] BytesOf(double[] weights)
    {
        var bytes = new byte[weights.Length * sizeof(double)];
        for (var i = 0; i < weights.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), weights[i]);
        return bytes;
    }

    public static double[] WeightsOf(byte[] bytes)
    {
        var weights = new double[bytes.Length / sizeof(double)];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)));
        return weights;
    }

    private static async Task WriteFiguresAsync(NpgsqlConnection connection, IReadOnlyList<Figure> figures, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyFigures, cancel);
        foreach (var f in figures)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(f.RunId, NpgsqlDbType.Uuid, cancel);
            await copy.WriteAsync(f.Place, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(f.Target, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(f.Band, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(f.Station, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync((short)f.Kind, NpgsqlDbType.Smallint, cancel);
            await copy.WriteAsync(f.Interviews, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(f.Listeners, NpgsqlDbType.Integer, cancel);
            foreach (var value in (double[])[f.Universe, f.Ac, f.AcSe, f.AcPct, f.AcPctSe, f.Qhm, f.QhmSe, f.QhmPct, f.QhmPctSe, f.Volume, f.Dea, f.DeaSe, f.Pda, f.PdaSe])
                await copy.WriteAsync(value, NpgsqlDbType.Double, cancel);
        }

        await copy.CompleteAsync(cancel);
    }

    private static async Task WriteCurvesAsync(NpgsqlConnection connection, IReadOnlyList<Curve> curves, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyCurves, cancel);
        foreach (var c in curves)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(c.RunId, NpgsqlDbType.Uuid, cancel);
            await copy.WriteAsync(c.Target, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(c.Station, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(c.Interviews, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(c.Listeners, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(c.Pct, NpgsqlDbType.Array | NpgsqlDbType.Double, cancel);
            await copy.WriteAsync(c.Se, NpgsqlDbType.Array | NpgsqlDbType.Double, cancel);
        }

        await copy.CompleteAsync(cancel);
    }
}
