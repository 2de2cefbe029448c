using Relais.Audience.Figures;

namespace Relais.Audience.Charts;

/// <summary>Reach in per cent over a number of days, from one day on.</summary>
/// <param name="DayWords">What the axis of days is called.</param>
internal sealed record DaysChart(string Label, string DayWords, IReadOnlyList<Series> Series)
{
    private const int Left = 48;
    private const int Right = 14;
    private const int Top = 12;
    private const int Bottom = 42;

    public string Wide() => Draw(960, 330, "wide");

    public string Narrow() => Draw(340, 250, "narrow");

    private string Draw(int width, int height, string look)
    {
        var svg = new Svg(width, height, Label, look, alone: false);
        var days = Series.Max(s => s.Values.Length);
        var scale = Scale.To(Series.SelectMany(s => s.Values).Max());
        double X(double day) => Left + (width - Left - Right) * (day - 1) / Math.Max(1, days - 1);
        double Y(double value) => Top + (height - Top - Bottom) * (1 - value / scale.Most);
        foreach (var mark in scale.Marks)
        {
            svg.Line(Left, Y(mark), width - Right, Y(mark), "grid");
            svg.Text(Left - 6, Y(mark) + 4, FigureWords.Percent(mark, scale.Digits), "end");
        }

        foreach (var day in ShownReach.Shown.Where(d => d <= days && (width > 500 || d is 1 or >= 7)))
        {
            svg.Line(X(day), height - Bottom, X(day), height - Bottom + 4, "axis-line");
            svg.Text(X(day), height - Bottom + 17, FigureWords.Number(day), "middle");
        }

        svg.Text(Left + (width - Left - Right) / 2.0, height - 6, DayWords, "middle");
        foreach (var (series, at) in Series.Select((s, at) => (s, at)))
            svg.Path(series.Values.Select((v, day) => (X(day + 1), Y(v))), at);
        for (var day = 1; day <= days; day++)
        {
            var half = (X(2) - X(1)) / 2;
            svg.Rect(Math.Max(Left, X(day) - half), Top, 2 * half, height - Top - Bottom, "hit", Said(day));
        }

        return svg.End();
    }

    private string Said(int day) => $"{FigureWords.Number(day)} {DayWords}\n" + string.Join('\n', Series.Select(s => $"{s.Name} {FigureWords.Percent(s.Values[day - 1])}"));
}
