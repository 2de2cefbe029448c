using Microsoft.EntityFrameworkCore;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Waves;

namespace Relais.Audience.Figures;

/// <summary>What changed of one row between two waves.</summary>
/// <param name="P">Two-sided, adjusted for the rows that are read together (Benjamini and Hochberg).</param>
internal sealed record Change(ShownFigure Now, ShownFigure? Before, WaveChange? Difference, double P)
{
    public const double Level = 0.05;

    public bool IsSignificant => P < Level;
}

/// <summary>Figures of a run that somebody may see: they come as a <see cref="ShownWave"/>, which only <see cref="VisibleWaves"/> gives.</summary>
internal sealed class ReadFigures(AudienceDb db)
{
    /// <summary>The rows of one target in one band.</summary>
    public async Task<IReadOnlyList<ShownFigure>> TableAsync(ShownWave shown, string target, string band, CancellationToken cancel) =>
        [.. (await db.Figures.AsNoTracking().Where(f => f.RunId == shown.Run.Id && f.Target == target && f.Band == band).OrderBy(f => f.Place).ToListAsync(cancel))
            .Select(f => ShownFigure.Of(f, shown))];

    /// <summary>All targets and bands of one row.</summary>
    public async Task<IReadOnlyList<ShownFigure>> StationAsync(ShownWave shown, string station, CancellationToken cancel) =>
        [.. (await db.Figures.AsNoTracking().Where(f => f.RunId == shown.Run.Id && f.Station == station).OrderBy(f => f.Place).ToListAsync(cancel))
            .Select(f => ShownFigure.Of(f, shown))];

    /// <summary>Every row, in the order of the exported file.</summary>
    public async IAsyncEnumerable<ShownFigure> AllAsync(ShownWave shown, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var figure in db.Figures.AsNoTracking().Where(f => f.RunId == shown.Run.Id).OrderBy(f => f.Place).AsAsyncEnumerable().WithCancellation(cancel))
            yield return ShownFigure.Of(figure, shown);
    }

    /// <summary>Curves of some rows; without those that the study's rule withholds.</summary>
    public async Task<IReadOnlyList<Curve>> CurvesAsync(ShownWave shown, string target, IReadOnlyCollection<string> stations, CancellationToken cancel)
    {
        var rule = shown.Settings.Study.Publication;
        var curves = await db.Curves.AsNoTracking().Where(c => c.RunId == shown.Run.Id && c.Target == target && stations.Contains(c.Station)).ToListAsync(cancel);
        var heard = await db.Figures.AsNoTracking().Where(f => f.RunId == shown.Run.Id && f.Target == target && f.Band == shown.Settings.Study.Bands[0].Text)
            .ToDictionaryAsync(f => f.Station, f => f.Listeners, StringComparer.Ordinal, cancel);
        return [.. stations.Select(s => curves.Find(c => c.Station == s)).OfType<Curve>()
            .Where(c => ShownFigure.WithheldBy(rule, c.Interviews, heard.GetValueOrDefault(c.Station)) is null)];
    }

    /// <summary>The rows of a table beside those of an earlier wave that has the same target and band.</summary>
    public async Task<IReadOnlyList<Change>> ChangesAsync(ShownWave shown, ShownWave before, string target, string band, Measure measure, CancellationToken cancel)
    {
        var now = await TableAsync(shown, target, band, cancel);
        var then = (await TableAsync(before, target, band, cancel)).ToDictionary(f => f.Station, StringComparer.Ordinal);
        var pairs = now.Select(f => (Now: f, Before: then.GetValueOrDefault(f.Station), Difference: Between(f, then.GetValueOrDefault(f.Station), measure))).ToList();
        var p = WaveChange.Adjust([.. pairs.Select(c => c.Difference?.P ?? double.NaN)], Adjustment.BenjaminiHochberg);
        return [.. pairs.Select((c, at) => new Change(c.Now, c.Before, c.Difference, p[at]))];
    }

    private static WaveChange? Between(ShownFigure now, ShownFigure? before, Measure measure) =>
        now.Values is { } later && before?.Values is { } earlier
            ? WaveChange.Between(earlier.Of(measure).Value, earlier.Of(measure).Se, later.Of(measure).Value, later.Of(measure).Se)
            : null;
}
