using System.Globalization;
using System.Text;
using Relais.Telephony.Protocols.Quality;

namespace Relais.Telephony.Quality;

/// <summary>A leg's measures, to be read by people.</summary>
internal sealed class LegSeries(byte[] series)
{
    private readonly IReadOnlyList<(TimeSpan Since, LegMeasure Measure)> _all = QualitySeries.Read(series);

    public double MeanScore => Mean(m => m.Score);

    public double MeanLoss => Mean(m => m.LossPercent);

    public double MeanJitterMs => Mean(m => m.JitterMs);

    public double? MeanRoundTripMs => _all.Select(m => m.Measure.RoundTripMs).Average();

    /// <summary>The course of the score as a line: 4.5 at the top, 1 at the bottom.</summary>
    public string Path(double width, double height)
    {
        if (_all.Count == 0)
            return "";
        var (begin, length) = (_all[0].Since, Math.Max(1, (_all[^1].Since - _all[0].Since).TotalSeconds));
        var path = new StringBuilder();
        foreach (var (since, measure) in _all)
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{(since - begin).TotalSeconds * width / length:0.#} {height * (4.5 - measure.Score) / 3.5:0.#}");
        return path.ToString();
    }

    private double Mean(Func<LegMeasure, double> of) => _all.Count == 0 ? 0 : _all.Average(m => of(m.Measure));
}
