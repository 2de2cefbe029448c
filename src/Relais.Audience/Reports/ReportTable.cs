using PdfSharp.Drawing;

namespace Relais.Audience.Reports;

/// <param name="Small">Below the value, such as its interval.</param>
internal readonly record struct ReportCell(string Text, string? Small = null);

/// <param name="Aggregate">Not a station but several: shaded.</param>
internal sealed record ReportRow(bool Aggregate, IReadOnlyList<ReportCell> Cells);

/// <summary>A table whose head is said again on each page that it reaches. The first column is of names, the others of numbers.</summary>
/// <param name="widths">Of the columns, in points.</param>
internal sealed class ReportTable(IReadOnlyList<string> head, IReadOnlyList<double> widths)
{
    public const double RowHeight = 16.4;
    public const double HeadHeight = 20;
    private const double Pad = 3;

    public void Draw(ReportPaper paper, IEnumerable<ReportRow> rows)
    {
        var (text, bold, small) = (ReportFonts.Of(7.8), ReportFonts.Of(7.8, bold: true), ReportFonts.Of(5.9));
        var rule = new XPen(XColor.FromArgb(0xd1, 0xd1, 0xd1), 0.5);
        Head(paper, rule);
        foreach (var row in rows)
        {
            var page = paper.Page;
            paper.Need(RowHeight);
            if (paper.Page != page)
                Head(paper, rule);
            if (row.Aggregate)
                paper.Page.DrawRectangle(ReportPaper.Shade, ReportPaper.Left, paper.Y, widths.Sum(), RowHeight);
            var x = ReportPaper.Left;
            for (var column = 0; column < row.Cells.Count; column++)
            {
                var cell = row.Cells[column];
                x += widths[column];
                if (column == 0)
                {
                    paper.Put(Fitting(paper, cell.Text, row.Aggregate ? bold : text, widths[0] - Pad), row.Aggregate ? bold : text, ReportPaper.Ink, ReportPaper.Left + Pad, paper.Y + 10.6);
                    continue;
                }

                paper.Put(cell.Text, text, cell.Small is null && cell.Text.Any(char.IsLetter) ? ReportPaper.Grey : ReportPaper.Ink, x - Pad, paper.Y + (cell.Small is null ? 10.6 : 7.9), XStringAlignment.Far);
                if (cell.Small is not null)
                    paper.Put(cell.Small, small, ReportPaper.Grey, x - Pad, paper.Y + 14.2, XStringAlignment.Far);
            }

            paper.Y += RowHeight;
            paper.Page.DrawLine(rule, ReportPaper.Left, paper.Y, ReportPaper.Left + widths.Sum(), paper.Y);
        }
    }

    private void Head(ReportPaper paper, XPen rule)
    {
        paper.Need(HeadHeight + RowHeight);
        var font = ReportFonts.Of(7.2, bold: true);
        var x = ReportPaper.Left;
        for (var column = 0; column < head.Count; column++)
        {
            x += widths[column];
            var lines = paper.Lines(head[column], font, widths[column] - Pad).Take(2).ToList();
            for (var line = 0; line < lines.Count; line++)
            {
                var baseline = paper.Y + HeadHeight - 5 - (8.2 * (lines.Count - 1 - line));
                if (column == 0)
                    paper.Put(lines[line], font, ReportPaper.Grey, ReportPaper.Left + Pad, baseline);
                else
                    paper.Put(lines[line], font, ReportPaper.Grey, x - Pad, baseline, XStringAlignment.Far);
            }
        }

        paper.Y += HeadHeight;
        paper.Page.DrawLine(new XPen(rule.Color, 1), ReportPaper.Left, paper.Y, ReportPaper.Left + widths.Sum(), paper.Y);
    }

    /// <summary>As much of a name as the column takes.</summary>
    private static string Fitting(ReportPaper paper, string text, XFont font, double width)
    {
        if (paper.Measure(text, font) <= width)
            return text;
        var length = text.Length;
        while (length > 1 && paper.Measure($"{text[..length]}…", font) > width)
            length--;
        return $"{text[..length].TrimEnd()}…";
    }
}
