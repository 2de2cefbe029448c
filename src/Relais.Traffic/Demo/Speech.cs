using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Kernel.Audit;
using Relais.Traffic.Markers;
using Relais.Traffic.Replay;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Demo;

internal enum SpeechPhase
{
    Never,
    Running,

    /// <summary>All is sent; the last figures are waited for.</summary>
    Counting,
    Over,

    /// <summary>It could not begin, or broke off.</summary>
    Failed,
}

/// <summary>The demo's speech: a hundredfold crowd for a minute, from this node to its own collector, open-loop, measured as <c>relais traffic replay</c> does. One at a time.</summary>
internal sealed class Speech(
    OwnAddress own, IServiceScopeFactory scopes, NpgsqlDataSource source, IOptions<DemoOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<Speech> log)
{
    // Enough for the default's 2,000 a second, and few enough that the handshakes do not drown a small machine.
    private const int Connections = 48;

    private readonly Lock _gate = new();
    private Run? _run;

    public DemoOptions Options => options.Value;

    /// <summary>The one that goes on, or went on last, as it is now.</summary>
    public SpeechState State
    {
        get
        {
            var run = _run;
            return run is null
                ? new SpeechState(SpeechPhase.Never, 0, Options.SpeechSeconds, 0, 0, 0, 0, 0, null)
                : run.StateAt(clock.GetUtcNow());
        }
    }

    /// <returns>False when one goes on already.</returns>
    public bool TryBegin(string marker, Actor actor)
    {
        lock (_gate)
        {
            if (_run is { Phase: SpeechPhase.Running or SpeechPhase.Counting })
                return false;
            var run = _run = new Run(LoadCurve.Step(Options.SpeechFrom, Options.SpeechTo, Options.SpeechSeconds), clock.GetUtcNow());
            Playing = Task.Run(() => PlayAsync(run, marker, actor, lifetime.ApplicationStopping), CancellationToken.None);
            return true;
        }
    }

    /// <summary>Ends with the speech that goes on.</summary>
    internal Task Playing { get; private set; } = Task.CompletedTask;

    private async Task PlayAsync(Run run, string marker, Actor actor, CancellationToken stop)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var site = await DemoAudience.FindSiteAsync(scope.ServiceProvider.GetRequiredService<EditSites>(), DemoAudience.SpeechSite, stop);
            if (site is null || own.Find() is not { } address)
            {
                run.Phase = SpeechPhase.Failed;
                return;
            }

            await ReplayVerb.UntilKnownAsync(address, site.Key, stop);
            await scope.ServiceProvider.GetRequiredService<EditMarkers>().AddAsync(marker, null, actor, stop);
            run.Load = new SendLoad(address, site.Key, run.Curve, Connections, retries: false, DemoAudience.Channels);
            run.BegunAt = clock.GetUtcNow();
            run.Outcome = await new MeasuredLoad(source, site.Id, run.Load, clock).RunAsync(stop);
            run.Phase = SpeechPhase.Over;
        }
        catch (Exception e) when (e is NpgsqlException or HttpRequestException or IOException or InvalidOperationException or OperationCanceledException or TimeoutException)
        {
            run.Phase = SpeechPhase.Failed;
            if (!stop.IsCancellationRequested)
                TrafficLog.SpeechFailed(log, e);
        }
    }

    private sealed class Run(LoadCurve curve, DateTimeOffset begunAt)
    {
        public LoadCurve Curve => curve;

        public DateTimeOffset BegunAt { get; set; } = begunAt;

        public SendLoad? Load { get; set; }

        public LoadOutcome? Outcome { get; set; }

        public SpeechPhase Phase { get; set; } = SpeechPhase.Running;

        public SpeechState StateAt(DateTimeOffset now)
        {
            var (second, result) = (Math.Clamp((now - BegunAt).TotalSeconds, 0, curve.Seconds), Load?.Result);
            var phase = Phase is SpeechPhase.Running && second >= curve.Seconds ? SpeechPhase.Counting : Phase;
            return new SpeechState(
                phase, phase is SpeechPhase.Running ? second : curve.Seconds, curve.Seconds, (long)curve.DueAt(curve.Seconds), result is null ? 0 : Interlocked.Read(ref result.Sent), result?.Accepted ?? 0,
                result is null ? 0 : Interlocked.Read(ref result.Refused), result is null ? 0 : Interlocked.Read(ref result.Unanswered), SpeechFigures.Of(Outcome));
        }
    }
}

/// <summary>A speech as the page shows it.</summary>
/// <param name="Second">Of <paramref name="Seconds"/>.</param>
/// <param name="Planned">Beacons that are sent in all.</param>
/// <param name="Outcome">Once it is over.</param>
internal sealed record SpeechState(
    [property: JsonConverter(typeof(JsonStringEnumConverter<SpeechPhase>))] SpeechPhase Phase, double Second, int Seconds, long Planned, long Sent, long Accepted, long Refused, long Unanswered, SpeechFigures? Outcome);

/// <summary>What was measured of a speech, times in milliseconds.</summary>
internal sealed record SpeechFigures(long Accepted, long Refused, long Unanswered, long Lost, double P50, double P99, double Longest, double Lag, double LagP99)
{
    public static SpeechFigures? Of(LoadOutcome? outcome) => outcome is null ? null : new SpeechFigures(
        outcome.Accepted, outcome.Refused, outcome.Unanswered, outcome.Lost, LoadOutcome.At(outcome.LatenciesMs, 0.5), LoadOutcome.At(outcome.LatenciesMs, 0.99),
        LoadOutcome.At(outcome.LatenciesMs, 1), LoadOutcome.At(outcome.LagsMs, 0.5), LoadOutcome.At(outcome.LagsMs, 0.99));
}
