using Relais.Audience.Figures;

namespace Relais.Audience.Charts;

internal sealed record HistogramBar(double From, double To, int Count);

/// <summary>How many have which weight.</summary>
internal sealed record Histogram(string Label, string Unit, IReadOnlyList<HistogramBar> Bars)
{
    private const int Left = 50;
    private const int Bottom = 40;
    private const int Top = 10;

    public string Wide() => Draw(640, 260, "wide");

    public string Narrow() => Draw(340, 230, "narrow");

    private string Draw(int width, int height, string look)
    {
        var svg = new Svg(width, height, Label, look, alone: false);
        var scale = Scale.To(Bars.Max(b => b.Count), 4);
        double Y(double count) => Top + (height - Top - Bottom) * (1 - count / scale.Most);
        var step = (width - Left - 10.0) / Bars.Count;
        foreach (var mark in scale.Marks)
        {
            svg.Line(Left, Y(mark), width - 10, Y(mark), "grid");
            svg.Text(Left - 6, Y(mark) + 4, FigureWords.Number(mark), "end");
        }

        for (var at = 0; at < Bars.Count; at++)
        {
            var bar = Bars[at];
            svg.Rect(Left + at * step + 0.5, Y(bar.Count), step - 1, height - Bottom - Y(bar.Count), "s0", $"{FigureWords.Number(bar.From)} – {FigureWords.Number(bar.To)} : {FigureWords.Number(bar.Count)}");
            if (at % (width > 500 ? 4 : 8) == 0)
                svg.Text(Left + at * step, height - Bottom + 16, FigureWords.Number(bar.From), "middle");
        }

        svg.Text(Left + (width - Left - 10) / 2.0, height - 6, Unit, "middle");
        return svg.End();
    }
}
