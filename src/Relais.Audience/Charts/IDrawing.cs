namespace Relais.Audience.Charts;

/// <summary>What a chart is drawn on: an SVG of a page or file, or a place on a page of a PDF. Lengths are in the drawing's own units, y going down.</summary>
internal interface IDrawing
{
    void Line(double x1, double y1, double x2, double y2, string look);

    /// <param name="anchor">"start", "middle" or "end": which part of the text stands at x.</param>
    void Text(double x, double y, string text, string anchor, string look = "axis");

    void Path(IEnumerable<(double X, double Y)> points, int series);

    /// <summary>The space between two lines.</summary>
    void Area(IEnumerable<(double X, double Y)> upper, IEnumerable<(double X, double Y)> lower, int series);

    /// <param name="title">What is said of it when it is pointed at, where a drawing can be pointed at.</param>
    void Rect(double x, double y, double width, double height, string look, string? title = null);
}

/// <summary>Colours of drawings that no style sheet reaches, and the patterns of lines.</summary>
internal static class Looks
{
    // Those of the light theme.
    private static readonly Dictionary<string, string> Colours = new(StringComparer.Ordinal)
    {
        ["s0"] = "#0f6cbd", ["s1"] = "#ca5010", ["s2"] = "#107c10", ["s3"] = "#8b2280", ["s4"] = "#038387", ["s5"] = "#6b4f00", ["grid"] = "#e0e0e0", ["axis"] = "#424242",
    };

    private static readonly double[][] Dashes = [[], [7, 3], [2, 3], [9, 3, 2, 3], [1, 4], [12, 4]];

    public static string ColourOf(string look, string otherwise) => Colours.GetValueOrDefault(look, Colours[otherwise]);

    /// <summary>Lengths of line and gap in turn; none for a line without gaps.</summary>
    public static double[] DashOf(int series) => Dashes[series % Dashes.Length];
}
