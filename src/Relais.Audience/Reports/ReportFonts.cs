using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;

namespace Relais.Audience.Reports;

/// <summary>The one font of reports, Liberation Sans, which the program brings along: a server has none, and a PDF holds the letters that it uses.</summary>
internal sealed class ReportFonts : IFontResolver
{
    private const string Family = "Liberation Sans";
    private const string Regular = "regular";
    private const string Bold = "bold";

    // Process-wide in the library; nothing else of the program makes PDF files.
    static ReportFonts() => GlobalFontSettings.FontResolver ??= new ReportFonts();

    public static XFont Of(double size, bool bold = false) =>
        new(Family, size, bold ? XFontStyleEx.Bold : XFontStyleEx.Regular, new XPdfFontOptions(PdfFontEncoding.Unicode));

    public FontResolverInfo? ResolveTypeface(string familyName, bool isBold, bool isItalic) => new(isBold ? Bold : Regular);

    public byte[]? GetFont(string faceName)
    {
        using var file = typeof(ReportFonts).Assembly.GetManifestResourceStream($"Relais.Audience.Fonts.{faceName}.ttf")
            ?? throw new InvalidOperationException($"The program was built without its font {faceName}.");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
