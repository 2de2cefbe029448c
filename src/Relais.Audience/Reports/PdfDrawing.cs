using System.Globalization;
using PdfSharp.Drawing;
using Relais.Audience.Charts;

namespace Relais.Audience.Reports;

/// <summary>A chart as lines and letters of a PDF page. Nothing of it can be pointed at, so titles are left out.</summary>
/// <param name="left">Where the drawing's own origin lies on the page, in points.</param>
/// <param name="scale">Points for a unit of the drawing.</param>
internal sealed class PdfDrawing(XGraphics page, double left, double top, double scale) : IDrawing
{
    private const int Transparent = 36;
    private readonly XFont _font = ReportFonts.Of(12 * scale);

    public void Line(double x1, double y1, double x2, double y2, string look) =>
        page.DrawLine(new XPen(Colour(Looks.ColourOf(look, "axis")), scale), At(x1, y1), At(x2, y2));

    public void Text(double x, double y, string text, string anchor, string look = "axis")
    {
        var alignment = anchor switch { "end" => XStringAlignment.Far, "middle" => XStringAlignment.Center, _ => XStringAlignment.Near };
        page.DrawString(text, _font, new XSolidBrush(Colour(Looks.ColourOf(look, "axis"))), At(x, y), new XStringFormat { Alignment = alignment, LineAlignment = XLineAlignment.BaseLine });
    }

    public void Path(IEnumerable<(double X, double Y)> points, int series)
    {
        var pen = new XPen(Colour(Looks.ColourOf($"s{series}", "axis")), 2 * scale) { LineJoin = XLineJoin.Round };
        // The library counts dashes in widths of the pen.
        if (Looks.DashOf(series) is { Length: > 0 } dashes)
            pen.DashPattern = [.. dashes.Select(d => d / 2)];
        page.DrawLines(pen, [.. points.Select(p => At(p.X, p.Y))]);
    }

    public void Area(IEnumerable<(double X, double Y)> upper, IEnumerable<(double X, double Y)> lower, int series)
    {
        var colour = Colour(Looks.ColourOf($"s{series}", "axis"));
        page.DrawPolygon(
            new XSolidBrush(XColor.FromArgb(Transparent, colour)), [.. upper.Concat(lower.Reverse()).Select(p => At(p.X, p.Y))], XFillMode.Winding);
    }

    public void Rect(double x, double y, double width, double height, string look, string? title = null)
    {
        if (look != "hit")
            page.DrawRectangle(new XSolidBrush(Colour(Looks.ColourOf(look, "s0"))), new XRect(At(x, y), new XSize(width * scale, height * scale)));
    }

    /// <param name="hex">Such as #0f6cbd.</param>
    public static XColor Colour(string hex)
    {
        var value = int.Parse(hex.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return XColor.FromArgb((value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
    }

    private XPoint At(double x, double y) => new(left + (x * scale), top + (y * scale));
}
