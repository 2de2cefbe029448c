using Relais.Audience.Numerics.Radio;
using Relais.Audience.Waves;

namespace Relais.Audience.Figures;

/// <summary>What may be shown of the people who listened to two stations. Where the study's rule withholds it, nothing of it is here.</summary>
/// <param name="People">Who listened to both, with their interval.</param>
/// <param name="OfTarget">The same in per cent of the target.</param>
/// <param name="OfStation">In per cent of the first station's listeners.</param>
internal sealed record SharedListeners(int Interviews, Estimate People, double OfTarget, double OfStation);

/// <summary>The duplication matrix of a run: how many listeners each two stations share, in one band among one target.</summary>
internal sealed class ShownDuplication
{
    private readonly Duplication _matrix;
    private readonly int _listeners;
    private readonly double _universe;

    private ShownDuplication(Duplication matrix, int interviews, int listeners, double universe) =>
        (_matrix, Interviews, _listeners, _universe) = (matrix, interviews, listeners, universe);

    /// <summary>In the target.</summary>
    public int Interviews { get; }

    /// <summary>Why nothing at all is shown; null when something may be.</summary>
    public Suppression? Withheld { get; private init; }

    public static async Task<ShownDuplication> OfAsync(AudienceDb db, KeptSamples samples, ShownWave shown, string target, string band, CancellationToken cancel)
    {
        var study = shown.Settings.Study;
        var sample = await samples.OfAsync(db, shown, cancel);
        var mask = sample.Of(study.Targets.First(t => t.Name == target).Expression);
        var hours = Band.TryParse(band, study.Day.Day, out var error) ?? throw new InvalidOperationException($"A band that was checked is refused: {error}");
        var (interviews, universe) = (0, 0.0);
        for (var respondent = 0; respondent < sample.Sample.Respondents; respondent++)
        {
            if (!mask[respondent])
                continue;
            interviews++;
            universe += sample.Sample.Weights[respondent];
        }

        return new ShownDuplication(Duplication.From(sample.Sample, mask, hours.QuarterHours), interviews, study.Publication.Listeners, universe)
        {
            Withheld = ShownFigure.WithheldBy(study.Publication, interviews, int.MaxValue),
        };
    }

    /// <summary>Of two stations by their places in the study's list; of one and itself: its own listeners.</summary>
    /// <returns>Null when too few interviews stand behind it.</returns>
    public SharedListeners? Both(int station, int other) =>
        Shown(_matrix.BothInterviews(station, other), station, _matrix.Both(station, other), _matrix.BothSe(station, other));

    /// <summary>Who listened to this station and to no other.</summary>
    public SharedListeners? Exclusive(int station) => Shown(_matrix.ExclusiveInterviews(station), station, _matrix.Exclusive(station), _matrix.ExclusiveSe(station));

    private SharedListeners? Shown(int interviews, int station, double people, double se) =>
        Withheld is not null || interviews < _listeners || interviews == 0
            ? null
            : new SharedListeners(interviews, Estimate.Amount(people, se), 100 * people / _universe, 100 * people / _matrix.Both(station, station));
}
