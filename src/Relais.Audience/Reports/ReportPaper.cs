using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Pdf;

namespace Relais.Audience.Reports;

/// <summary>Pages of A4 that fill from top to bottom. Lengths are points, 1/72 inch; <see cref="Y"/> is where the next thing goes.</summary>
internal sealed class ReportPaper : IDisposable
{
    public const double Left = 42;
    public const double Width = 595 - (2 * Left);
    private const double Top = 50;
    private const double Bottom = 842 - 46;

    public static readonly XBrush Ink = Brush("#242424");
    public static readonly XBrush Grey = Brush("#616161");
    public static readonly XBrush Accent = Brush("#0f6cbd");
    public static readonly XBrush Shade = Brush("#f3f3f3");
    public static readonly XBrush Warning = Brush("#8a3707");

    private readonly PdfDocument _document = new();
    private XGraphics? _graphics;

    public ReportPaper(string title, string subject, string language, DateTimeOffset now)
    {
        (_document.Info.Title, _document.Info.Subject, _document.Info.Creator) = (title, subject, "Relais");
        _document.Info.CreationDate = now.UtcDateTime;
        _document.Language = language;
        _document.ViewerPreferences.DisplayDocTitle = true;
    }

    public double Y { get; set; } = Top;

    /// <summary>Draws on the page that is being filled.</summary>
    public XGraphics Page => _graphics ?? NewPage();

    public XGraphics NewPage()
    {
        _graphics?.Dispose();
        var page = _document.AddPage();
        page.Size = PageSize.A4;
        Y = Top;
        return _graphics = XGraphics.FromPdfPage(page);
    }

    /// <summary>Goes on to another page unless so much is left on this one.</summary>
    public void Need(double height)
    {
        if (_graphics is null || Y + height > Bottom)
            NewPage();
    }

    /// <summary>A heading that stays with so much of what follows it, and an entry of the document's outline.</summary>
    public void Heading(string text, double keepWith)
    {
        Need(34 + keepWith);
        _document.Outlines.Add(text, _document.Pages[^1]);
        Y += 12;
        Write(text, ReportFonts.Of(12, bold: true), Ink);
        Y += 5;
    }

    /// <summary>A paragraph, its lines broken between words.</summary>
    public void Write(string text, XFont font, XBrush brush, double left = Left, double width = Width)
    {
        foreach (var line in Lines(text, font, width))
        {
            Need(font.GetHeight());
            Page.DrawString(line, font, brush, left, Y + (0.8 * font.GetHeight()));
            Y += font.GetHeight();
        }
    }

    /// <summary>One line at a place, not the page's next.</summary>
    public void Put(string text, XFont font, XBrush brush, double x, double baseline, XStringAlignment alignment = XStringAlignment.Near) =>
        Page.DrawString(text, font, brush, x, baseline, new XStringFormat { Alignment = alignment, LineAlignment = XLineAlignment.BaseLine });

    public double Measure(string text, XFont font) => Page.MeasureString(text, font).Width;

    public IReadOnlyList<string> Lines(string text, XFont font, double width)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n'))
        {
            var line = "";
            foreach (var word in paragraph.Split(' '))
            {
                if (line.Length > 0 && Measure($"{line} {word}", font) > width)
                {
                    lines.Add(line);
                    line = word;
                }
                else
                {
                    line = line.Length == 0 ? word : $"{line} {word}";
                }
            }

            lines.Add(line);
        }

        return lines;
    }

    /// <summary>Writes the head and foot of every page, now that it is known how many there are, and the file.</summary>
    public byte[] Finish(string head, string? warning, string foot)
    {
        _graphics?.Dispose();
        _graphics = null;
        var (small, bold) = (ReportFonts.Of(7.5), ReportFonts.Of(7.5, bold: true));
        for (var at = 0; at < _document.PageCount; at++)
        {
            using var page = XGraphics.FromPdfPage(_document.Pages[at], XGraphicsPdfPageOptions.Append);
            if (at > 0)
                page.DrawString(head, small, Grey, Left, 32);
            if (warning is not null)
                page.DrawString(warning, bold, Warning, Left + Width, 32, new XStringFormat { Alignment = XStringAlignment.Far, LineAlignment = XLineAlignment.BaseLine });
            page.DrawLine(new XPen(XColor.FromArgb(0xe0, 0xe0, 0xe0), 0.6), Left, 808, Left + Width, 808);
            page.DrawString(foot, small, Grey, Left, 820);
            page.DrawString($"{at + 1} / {_document.PageCount}", small, Grey, Left + Width, 820, new XStringFormat { Alignment = XStringAlignment.Far, LineAlignment = XLineAlignment.BaseLine });
        }

        using var file = new MemoryStream();
        _document.Save(file, closeStream: false);
        return file.ToArray();
    }

    public void Dispose()
    {
        _graphics?.Dispose();
        _document.Dispose();
    }

    private static XSolidBrush Brush(string colour) => new(PdfDrawing.Colour(colour));
}
