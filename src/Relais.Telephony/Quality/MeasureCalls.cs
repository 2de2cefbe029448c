using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Kernel.Audit;
using Relais.Telephony.Protocols.Quality;

namespace Relais.Telephony.Quality;

/// <summary>Measures the legs of all calls of this node every few seconds, and writes all of it in one statement.</summary>
internal sealed class MeasureCalls(
    WatchedCalls calls, HomeLegs homes, IServiceScopeFactory scopes, IOptions<QualityOptions> options, TimeProvider clock, ILogger<MeasureCalls> log) : BackgroundService
{
    private const string Write =
        """
        INSERT INTO telephony.call_leg AS l (call_id, leg, at, series, measures, loss_percent, jitter_ms, round_trip_ms, score, score_sum, worst_score, alerts, bad_since, cause)
        SELECT call_id, leg, $1, series, 1, loss, jitter, trip, score, score, score, alerts, bad_since, cause
        FROM unnest($2::uuid[], $3::text[], $4::bytea[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::int[], $10::timestamptz[], $11::text[])
          AS u (call_id, leg, series, loss, jitter, trip, score, alerts, bad_since, cause)
        WHERE EXISTS (SELECT FROM telephony.call c WHERE c.id = u.call_id)
        ON CONFLICT (call_id, leg) DO UPDATE SET at = excluded.at, series = l.series || excluded.series, measures = l.measures + 1, loss_percent = excluded.loss_percent,
          jitter_ms = excluded.jitter_ms, round_trip_ms = excluded.round_trip_ms, score = excluded.score, score_sum = l.score_sum + excluded.score,
          worst_score = least(l.worst_score, excluded.score), alerts = excluded.alerts, bad_since = excluded.bad_since, cause = coalesce(excluded.cause, l.cause)
        """;

    private const string WriteVoices =
        """
        UPDATE telephony.call c SET dead_air_ms = u.dead, dead_airs = u.deads, silence_ms = u.silence, unheard = u.unheard, respondent_clipped = u.one, interviewer_clipped = u.other
        FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::text[], $6::float8[], $7::float8[]) AS u (id, dead, deads, silence, unheard, one, other) WHERE c.id = u.id
        """;

    private sealed record Sample(Guid Call, LegKind Leg, byte[] Series, LegMeasure Measure, int Alerts, DateTimeOffset? BadSince, QualityCause? Cause);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The pace of what is measured, which is real.
        using var pace = new PeriodicTimer(options.Value.MeasureEvery, TimeProvider.System);
        try
        {
            while (await pace.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await MeasureAsync(stoppingToken);
                }
                catch (Exception e) when (e is NpgsqlException or DbUpdateException or InvalidOperationException)
                {
                    TelephonyLog.NotWritten(log, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node ends.
        }
    }

    private async Task MeasureAsync(CancellationToken cancel)
    {
        var all = calls.All;
        if (all.Count == 0)
            return;
        var samples = new List<Sample>(2 * all.Count);
        var trunks = all.Select(c => (Call: c, Measure: c.Voice.Measure())).Where(m => m.Measure is not null).Select(m => (m.Call, Measure: m.Measure ?? default)).ToList();
        var (bad, carrying) = (
            trunks.Where(t => t.Measure.IsBad).Select(t => t.Call.Trunk).Distinct().Count(), trunks.Select(t => t.Call.Trunk).Distinct().Count());
        foreach (var (call, measure) in trunks)
            samples.Add(Of(call, LegKind.Trunk, measure, () => LikelyCause.OfTrunk(bad, carrying)));
        foreach (var call in all)
        {
            if (homes.Of(call.Person) is not { } told)
                continue;
            var measure = LegMeasure.Of(told.LossPercent, told.JitterMs, told.RoundTripMs);
            call.BestHomeTripMs = told.RoundTripMs is { } trip ? Math.Min(call.BestHomeTripMs ?? trip, trip) : call.BestHomeTripMs;
            samples.Add(Of(call, LegKind.Home, measure, () => LikelyCause.OfHome(new HomeMeasure(measure, call.BestHomeTripMs, told.StarvedPercent))));
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TelephonyDb>();
        await WriteAsync(db, samples, cancel);
        await WriteVoicesAsync(db, [.. all.Select(c => (c.Id, c.Findings))], cancel);
        await NoteFailuresAsync(db, all, cancel);
    }

    // What goes bad says so once, with its cause at that moment; while it lasts, the cause stays.
    private Sample Of(WatchedCall call, LegKind leg, LegMeasure measure, Func<QualityCause> cause)
    {
        var series = new byte[QualitySeries.Length];
        var (since, spell) = (clock.GetUtcNow() - call.AnsweredAt, call.Spells[leg]);
        QualitySeries.Write(series, since, measure);
        QualityCause? why = spell.Add(call.Voice.Age, measure.IsBad) ? cause() : null;
        if (why is { } told)
            TelephonyLog.LegBad(log, leg.ToString(), call.Id, told.ToString(), measure.LossPercent, measure.JitterMs);
        DateTimeOffset? badSince = spell.Since is { } began ? clock.GetUtcNow() - (call.Voice.Age - began) : null;
        return new Sample(call.Id, leg, series, measure, spell.Count, badSince, why);
    }

    private async Task WriteAsync(TelephonyDb db, List<Sample> samples, CancellationToken cancel)
    {
        if (samples.Count == 0)
            return;
        object?[] values =
        [
            clock.GetUtcNow(), samples.ConvertAll(s => s.Call), samples.ConvertAll(s => s.Leg.ToString()), samples.ConvertAll(s => s.Series),
            samples.ConvertAll(s => Math.Round(s.Measure.LossPercent, 2)), samples.ConvertAll(s => Math.Round(s.Measure.JitterMs, 2)), samples.ConvertAll(s => s.Measure.RoundTripMs),
            samples.ConvertAll(s => s.Measure.Score), samples.ConvertAll(s => s.Alerts), samples.ConvertAll(s => s.BadSince), samples.ConvertAll(s => s.Cause?.ToString()),
        ];
        await RunAsync(db, Write, values, cancel);
    }

    /// <summary>Writes what was found in the voices of calls.</summary>
    internal static Task WriteVoicesAsync(TelephonyDb db, List<(Guid Call, VoiceFindings Found)> found, CancellationToken cancel) => RunAsync(
        db, WriteVoices,
        [
            found.ConvertAll(f => f.Call), found.ConvertAll(f => (int)f.Found.DeadAir.TotalMilliseconds), found.ConvertAll(f => f.Found.DeadAirs),
            found.ConvertAll(f => (int)f.Found.Silence.TotalMilliseconds), found.ConvertAll(f => f.Found.Unheard?.ToString()),
            found.ConvertAll(f => Math.Round(f.Found.RespondentClipped, 4)), found.ConvertAll(f => Math.Round(f.Found.InterviewerClipped, 4)),
        ],
        cancel);

    // A disk that failed in mid-call: the call goes on, and it is said.
    private async Task NoteFailuresAsync(TelephonyDb db, IReadOnlyCollection<WatchedCall> all, CancellationToken cancel)
    {
        foreach (var call in all.Where(c => c is { Recorder.Failed: true, FailureNoted: false }))
        {
            call.FailureNoted = true;
            db.Audit(clock, Actor.System, "call-recording.dropped", $"call:{call.Id}", "", new { person = call.Person });
            await db.SaveChangesAsync(cancel);
        }
    }

    private static async Task RunAsync(TelephonyDb db, string sql, object?[] values, CancellationToken cancel)
    {
        await db.Database.OpenConnectionAsync(cancel);
        try
        {
            await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection());
            foreach (var value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            await command.ExecuteNonQueryAsync(cancel);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
