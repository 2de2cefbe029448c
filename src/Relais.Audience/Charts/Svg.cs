using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Relais.Audience.Charts;

/// <summary>Writes a drawing. In a page colours come from the style sheet by class; a file of its own carries them as attributes.</summary>
internal sealed class Svg : IDrawing
{
    private readonly StringBuilder _text = new();
    private readonly bool _alone;

    /// <param name="alone">A file of its own, not a part of a page.</param>
    public Svg(double width, double height, string label, string look, bool alone)
    {
        _alone = alone;
        _text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Safe(label)}\" class=\"chart {look}\"");
        _text.Append(alone ? string.Create(CultureInfo.InvariantCulture, $" width=\"{width}\" height=\"{height}\" font-family=\"Segoe UI, system-ui, sans-serif\" font-size=\"12\">") : ">");
        if (alone)
            _text.Append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
    }

    public void Line(double x1, double y1, double x2, double y2, string look) =>
        _text.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" class=\"{look}\"{Stroke(look, 1)}/>");

    public void Text(double x, double y, string text, string anchor, string look = "axis") =>
        _text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" class=\"{look}\"{Fill(look)}>{Safe(text)}</text>");

    public void Path(IEnumerable<(double X, double Y)> points, int series) =>
        _text.Append(CultureInfo.InvariantCulture, $"<path d=\"{Points(points)}\" fill=\"none\" class=\"line s{series}\"{Stroke($"s{series}", 2)}{Dash(series)}/>");

    /// <summary>The space between two lines.</summary>
    public void Area(IEnumerable<(double X, double Y)> upper, IEnumerable<(double X, double Y)> lower, int series) =>
        _text.Append(CultureInfo.InvariantCulture, $"<path d=\"{Points(upper.Concat(lower.Reverse()))}Z\" class=\"area s{series}\"{(_alone ? $" fill=\"{Looks.ColourOf($"s{series}", "axis")}\" fill-opacity=\"0.14\"" : "")}/>");

    public void Rect(double x, double y, double width, double height, string look, string? title = null)
    {
        var fill = !_alone ? "" : look == "hit" ? " fill=\"none\"" : $" fill=\"{Looks.ColourOf(look, "s0")}\"";
        _text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{Math.Max(0, width):0.##}\" height=\"{Math.Max(0, height):0.##}\" class=\"{look}\"{fill}");
        _text.Append(title is null ? "/>" : $"><title>{Safe(title)}</title></rect>");
    }

    public void Dot(double x, double y, string look, string? title = null) =>
        _text.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"4\" class=\"dot {look}\"{Fill(look)}>").Append(title is null ? "" : $"<title>{Safe(title)}</title>").Append("</circle>");

    public string End() => _text.Append("</svg>").ToString();

    /// <summary>The pattern that tells a series where colours can't.</summary>
    public static string DashOf(int series) => string.Join(' ', Looks.DashOf(series));

    private static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join("", points.Select((p, at) => string.Create(CultureInfo.InvariantCulture, $"{(at == 0 ? 'M' : 'L')}{p.X:0.#} {p.Y:0.#}")));

    private string Stroke(string look, int width) => _alone ? $" stroke=\"{Looks.ColourOf(look, "axis")}\" stroke-width=\"{width}\"" : "";

    private string Fill(string look) => _alone ? $" fill=\"{Looks.ColourOf(look, "axis")}\"" : "";

    private static string Dash(int series) => DashOf(series) is { Length: > 0 } dash ? $" stroke-dasharray=\"{dash}\"" : "";

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}
