using Relais.Audience.Figures;

namespace Relais.Audience.Charts;

/// <param name="Low">Lower ends of the intervals; empty draws none.</param>
internal sealed record Series(string Name, double[] Values, double[] Low, double[] High);

/// <summary>Curves over the quarter hours of the day, in per cent, with their intervals as bands.</summary>
internal sealed record LineChart(string Label, int DayStartMinutes, IReadOnlyList<Series> Series)
{
    public const int MostSeries = 6;
    public const int LegendLine = 22;
    private const int Left = 44;
    private const int Right = 14;
    private const int Top = 12;
    private const int Bottom = 26;

    public string Wide() => Draw(960, 330, 120, "wide", alone: false);

    public string Narrow() => Draw(340, 250, 240, "narrow", alone: false);

    public string File() => Draw(960, 400, 120, "wide", alone: true);

    private string Draw(int width, int height, int minutesApart, string look, bool alone)
    {
        var svg = new Svg(width, height + (alone ? LegendLine * Series.Count : 0), Label, look, alone);
        DrawOn(svg, width, height, minutesApart, alone);
        return svg.End();
    }

    /// <param name="minutesApart">Between two marks of the axis of time.</param>
    /// <param name="legend">Whether the names of the series follow below, beyond the height, a line each.</param>
    public void DrawOn(IDrawing drawing, double width, double height, int minutesApart, bool legend)
    {
        var quarters = Series.Count == 0 ? 76 : Series.Max(s => s.Values.Length);
        var scale = Scale.To(Series.SelectMany(s => s.High.Length > 0 ? s.High : s.Values).Where(double.IsFinite).DefaultIfEmpty(1).Max());
        double X(double quarter) => Left + (width - Left - Right) * quarter / quarters;
        double Y(double value) => Top + (height - Top - Bottom) * (1 - value / scale.Most);

        foreach (var mark in scale.Marks)
        {
            drawing.Line(Left, Y(mark), width - Right, Y(mark), "grid");
            drawing.Text(Left - 6, Y(mark) + 4, FigureWords.Percent(mark, scale.Digits), "end");
        }

        for (var minutes = (DayStartMinutes + minutesApart - 1) / minutesApart * minutesApart; minutes <= DayStartMinutes + quarters * 15; minutes += minutesApart)
        {
            var x = X((minutes - DayStartMinutes) / 15.0);
            drawing.Line(x, height - Bottom, x, height - Bottom + 4, "axis-line");
            drawing.Text(x, height - 8, FigureWords.Clock(minutes), x > width - 30 ? "end" : "middle");
        }

        // The middle of a quarter hour is where its value stands.
        foreach (var (series, at) in Series.Select((s, at) => (s, at)).Where(s => s.s.High.Length > 0))
            drawing.Area(series.High.Select((v, q) => (X(q + 0.5), Y(Finite(v)))), series.Low.Select((v, q) => (X(q + 0.5), Y(Finite(v)))), at);
        foreach (var (series, at) in Series.Select((s, at) => (s, at)))
            drawing.Path(series.Values.Select((v, q) => (X(q + 0.5), Y(Finite(v)))), at);
        for (var quarter = 0; quarter < quarters; quarter++)
            drawing.Rect(X(quarter), Top, X(quarter + 1) - X(quarter), height - Top - Bottom, "hit", Said(quarter));
        for (var at = 0; legend && at < Series.Count; at++)
        {
            var y = height + 14 + (LegendLine * at);
            drawing.Path([(Left, y - 4), (Left + 34, y - 4)], at);
            drawing.Text(Left + 42, y, Series[at].Name, "start");
        }
    }

    private string Said(int quarter) => $"{FigureWords.Clock(DayStartMinutes + quarter * 15)}\n"
        + string.Join('\n', Series.Select(s => $"{s.Name} {FigureWords.Percent(s.Values[quarter])}"
            + (s.High.Length > 0 ? $" ({FigureWords.Percent(s.Low[quarter])} – {FigureWords.Percent(s.High[quarter])})" : "")));

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
