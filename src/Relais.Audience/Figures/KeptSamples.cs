using Microsoft.EntityFrameworkCore;
using Relais.Audience.Inputs;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;
using Relais.Audience.Runs;
using Relais.Audience.Waves;

namespace Relais.Audience.Figures;

/// <summary>The interviews of a run with their weights, as they were computed from.</summary>
internal sealed record RunSample(RadioSample Sample, IReadOnlyList<Variable> Variables)
{
    public RespondentMask Of(string expression) =>
        TargetExpression.Compile(expression, Variables, Sample.Respondents, out var error) ?? throw new InvalidOperationException($"A target that a run understood is refused: {error}");
}

/// <summary>
/// Interviews of the runs that were looked at last, in memory: some 30 MB for 126,000. They never change, so nothing here grows old. What pages ask of
/// them is counted in milliseconds; reading them again takes a second.
/// </summary>
internal sealed class KeptSamples : IDisposable
{
    private const int Most = 3;
    private readonly SemaphoreSlim _one = new(1);
    private readonly List<(Guid Run, RunSample Sample)> _kept = [];

    /// <param name="shown">A run that this person may see.</param>
    public async Task<RunSample> OfAsync(AudienceDb db, ShownWave shown, CancellationToken cancel)
    {
        // One is read at a time, whoever asks, so that memory has a bound.
        await _one.WaitAsync(cancel);
        try
        {
            var at = _kept.FindIndex(k => k.Run == shown.Run.Id);
            var found = at >= 0 ? _kept[at] : (shown.Run.Id, await ReadAsync(db, shown, cancel));
            if (at >= 0)
                _kept.RemoveAt(at);
            _kept.Insert(0, found);
            if (_kept.Count > Most)
                _kept.RemoveAt(Most);
            return found.Item2;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static async Task<RunSample> ReadAsync(AudienceDb db, ShownWave shown, CancellationToken cancel)
    {
        var (run, study, margins) = (shown.Run, shown.Settings.Study, shown.Settings.Universe.Margins);
        var faults = new ImportFaults();
        var people = await KeptInput.ReadAsync(db, run.RespondentsId, cancel);
        var heard = await KeptInput.ReadAsync(db, run.ListeningId, cancel);
        var weights = SaveRun.WeightsOf((await db.Weights.AsNoTracking().SingleAsync(w => w.RunId == run.Id, cancel)).Bytes);
        var respondents = Respondents.Read(KeptInput.Opener(people), study.Columns, margins, study.Targets, faults, cancel);
        var listening = respondents is null ? null : ReadListening.From(KeptInput.Opener(heard), study, respondents, faults, cancel);
        return respondents is null || listening is not { Listening: var of }
            ? throw new InvalidOperationException($"Files that a run was computed from are refused: {faults.Count} faults.")
            : new RunSample(new RadioSample(of, weights, respondents.Strata, respondents.Clusters), respondents.Variables);
    }
}
