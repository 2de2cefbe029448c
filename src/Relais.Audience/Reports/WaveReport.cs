using System.Globalization;
using Microsoft.Extensions.Localization;
using Relais.Audience.Figures;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Waves;

namespace Relais.Audience.Reports;

/// <summary>A wave's results as a PDF of A4 pages, in the language of the page that asked for it.</summary>
/// <param name="zone">In which moments are written.</param>
internal sealed class WaveReport(ReportContents contents, TimeZoneInfo zone, DateTimeOffset now, IStringLocalizer text)
{
    public const string MediaType = "application/pdf";

    private const double NameWidth = 112;
    private const double CountWidth = 42;
    private const int TargetsAbreast = 6;
    private const int DrawingWidth = 960;
    private const int DrawingHeight = 330;
    private const double ChartScale = ReportPaper.Width / DrawingWidth;
    private static readonly Measure[] Key = [Measure.AcPct, Measure.Ac, Measure.QhmPct, Measure.Dea];

    private readonly ShownWave _shown = contents.Shown;

    public byte[] Write()
    {
        using var paper = new ReportPaper(
            $"{_shown.Wave.Name} · {contents.Study}", text["Report.Subject", contents.Target], CultureInfo.CurrentUICulture.Name, now);
        paper.NewPage();
        Title(paper);
        KeyFigures(paper);
        Curve(paper);
        Ranking(paper);
        Changes(paper);
        Bands(paper);
        Targets(paper);
        new ReportNotes(contents, zone, text).Write(paper);
        var sha = _shown.Run.ResultSha256?[..16];
        return paper.Finish($"{contents.Study} · {_shown.Wave.Name} · {contents.Target}", Warning(), text["Report.Foot", _shown.Run.Number, sha ?? "", Moment(now)]);
    }

    /// <summary>What is not for everybody says so on every page.</summary>
    private string? Warning() => _shown.Wave switch
    {
        { RunId: { } published } when published != _shown.Run.Id => text["Report.NotPublished"].Value,
        { State: not WaveState.Published } => text["Report.NotPublished"].Value,
        { EmbargoUntil: { } until } when until > now => text["Report.Embargo", Moment(until)].Value,
        _ => null,
    };

    private void Title(ReportPaper paper)
    {
        paper.Page.DrawRectangle(ReportPaper.Accent, ReportPaper.Left, paper.Y - 4, 36, 3);
        paper.Y += 6;
        paper.Write(contents.Study, ReportFonts.Of(10.5), ReportPaper.Grey);
        paper.Write(_shown.Wave.Name, ReportFonts.Of(25, bold: true), ReportPaper.Ink);
        paper.Y += 2;
        paper.Write(text["Report.Lead", $"{_shown.Wave.From:d MMMM} – {_shown.Wave.Until:d MMMM yyyy}", contents.Target, Band(0)], ReportFonts.Of(9.5), ReportPaper.Ink);
        var interviews = contents.Bands[0].Rows[0].Interviews;
        paper.Write(
            text["Report.Base", FigureWords.Number(interviews), _shown.Settings.Universe.Name, $"{_shown.Settings.Universe.Date:d MMMM yyyy}", FigureWords.Number(contents.Weights.Weights.Sum / 1000)],
            ReportFonts.Of(8.5), ReportPaper.Grey);
        paper.Y += 8;
    }

    private void KeyFigures(ReportPaper paper)
    {
        var radio = contents.Bands[0].Rows.First(r => r.Kind == RowKind.TotalRadio);
        if (radio.Values is not { } values)
        {
            paper.Write(text[$"Withheld.{radio.Withheld}"], ReportFonts.Of(9.5, bold: true), ReportPaper.Warning);
            return;
        }

        const double Height = 54;
        var width = ReportPaper.Width / Key.Length;
        paper.Page.DrawRectangle(ReportPaper.Shade, ReportPaper.Left, paper.Y, ReportPaper.Width, Height);
        for (var at = 0; at < Key.Length; at++)
        {
            var (measure, x) = (Key[at], ReportPaper.Left + (at * width) + 9);
            var label = paper.Lines(text["Report.Key", text["Radio.Total"], text[$"Measure.{measure}.Short"]], ReportFonts.Of(7.2), width - 12)[0];
            paper.Put(label, ReportFonts.Of(7.2), ReportPaper.Grey, x, paper.Y + 14);
            paper.Put(FigureWords.Value(measure, values.Of(measure).Value), ReportFonts.Of(17, bold: true), ReportPaper.Ink, x, paper.Y + 33);
            paper.Put(FigureWords.Interval(measure, values.Of(measure)), ReportFonts.Of(7.2), ReportPaper.Grey, x, paper.Y + 45);
        }

        paper.Y += Height + 4;
    }

    private void Curve(ReportPaper paper)
    {
        if (contents.Chart.Series.Count == 0)
            return;
        const double Legend = 13;
        paper.Heading(text["Curves.Caption", contents.Target], (DrawingHeight * ChartScale) + Legend);
        contents.Chart.DrawOn(new PdfDrawing(paper.Page, ReportPaper.Left, paper.Y, ChartScale), DrawingWidth, DrawingHeight, 120, legend: false);
        paper.Y += (DrawingHeight * ChartScale) + 6;
        var x = ReportPaper.Left + 22;
        var font = ReportFonts.Of(7.8);
        for (var at = 0; at < contents.Chart.Series.Count; at++)
        {
            var name = contents.Chart.Series[at].Name;
            new PdfDrawing(paper.Page, x, paper.Y + 3, ChartScale).Path([(0, 0), (40, 0)], at);
            paper.Put(name, font, ReportPaper.Ink, x + 26, paper.Y + 6);
            x += 44 + paper.Measure(name, font);
        }

        paper.Y += Legend;
        paper.Write(text["Curves.Note"], ReportFonts.Of(7.2), ReportPaper.Grey);
    }

    private void Ranking(ReportPaper paper)
    {
        var rows = contents.Bands[0].Rows.Where(r => r is { Kind: RowKind.Station, Values: not null }).OrderByDescending(r => r.Values!.AcPct.Value).ToList();
        if (rows.Count == 0)
            return;
        paper.Heading(text["Top.Caption"], ReportTable.HeadHeight + (3 * ReportTable.RowHeight));
        Measure[] measures = [Measure.AcPct, Measure.Ac, Measure.QhmPct, Measure.Dea, Measure.Pda];
        Table([text["Station"], .. measures.Select(m => text[$"Measure.{m}.Short"].Value)], measures.Length)
            .Draw(paper, rows.Select(r => new ReportRow(false, [new ReportCell(r.Name), .. measures.Select(m => Cell(r, m))])));
    }

    private void Changes(ReportPaper paper)
    {
        if (contents.Before is not { } before || contents.Changes.Count == 0)
            return;
        paper.Heading(text["Changes.Caption", text["Measure.AcPct"]], ReportTable.HeadHeight + (Math.Min(contents.Changes.Count, 19) * ReportTable.RowHeight));
        Table([text["Station"], before.Wave.Name, _shown.Wave.Name, text["Difference"], text["Significance"]], 4).Draw(paper, contents.Changes.Select(c => new ReportRow(
            c.Now.Kind != RowKind.Station,
            [
                new ReportCell(Name(c.Now)), c.Before is null ? Withheld() : Cell(c.Before, Measure.AcPct), Cell(c.Now, Measure.AcPct),
                c.Difference is { } d ? new ReportCell(FigureWords.Signed(Measure.AcPct, d.Difference), $"± {FigureWords.Value(Measure.AcPct, 1.96 * d.StandardError)}") : new ReportCell(""),
                new ReportCell(c.Difference is not { } change ? "" : !c.IsSignificant ? text["Significant.No"] : text[change.Difference > 0 ? "Significant.Up" : "Significant.Down"]),
            ])));
        paper.Y += 4;
        paper.Write(text["Changes.Note"], ReportFonts.Of(7.2), ReportPaper.Grey);
    }

    private void Bands(ReportPaper paper)
    {
        var measures = Enum.GetValues<Measure>();
        for (var at = 0; at < contents.Bands.Count; at++)
        {
            var rows = contents.Bands[at].Rows;
            paper.Heading(text["Results.Caption", contents.Target, Band(at)], ReportTable.HeadHeight + (Math.Min(rows.Count, 19) * ReportTable.RowHeight));
            Table([text["Station"], .. measures.Select(m => text[$"Measure.{m}.Short"].Value), text["Listeners"]], measures.Length, count: true)
                .Draw(paper, rows.Select(r => new ReportRow(r.Kind != RowKind.Station, [new ReportCell(Name(r)), .. measures.Select(m => Cell(r, m)), new ReportCell(Listeners(r))])));
        }
    }

    private void Targets(ReportPaper paper)
    {
        foreach (var some in contents.Targets.Chunk(TargetsAbreast))
        {
            var rows = some[0].Rows;
            paper.Heading(text["Report.ByTarget", text["Measure.AcPct"], Band(0)], ReportTable.HeadHeight + (Math.Min(rows.Count, 19) * ReportTable.RowHeight));
            Table([text["Station"], .. some.Select(t => t.Target)], some.Length)
                .Draw(paper, rows.Select((r, at) => new ReportRow(r.Kind != RowKind.Station, [new ReportCell(Name(r)), .. some.Select(t => Cell(t.Rows[at], Measure.AcPct))])));
        }
    }

    private static ReportTable Table(IReadOnlyList<string> head, int numbers, bool count = false)
    {
        var width = (ReportPaper.Width - NameWidth - (count ? CountWidth : 0)) / numbers;
        return new ReportTable(head, [NameWidth, .. Enumerable.Repeat(width, numbers), .. count ? [CountWidth] : (double[])[]]);
    }

    private ReportCell Cell(ShownFigure row, Measure measure) =>
        row.Values?.Of(measure) is { } it ? new ReportCell(FigureWords.Value(measure, it.Value), it.Low < it.High ? FigureWords.Interval(measure, it) : null) : Withheld();

    private ReportCell Withheld() => new(text["Withheld.Mark"]);

    private string Listeners(ShownFigure row) =>
        row.Withheld is Suppression.TooFewListeners ? text["Fewer", _shown.Settings.Study.Publication.Listeners] : FigureWords.Number(row.Listeners);

    private string Name(ShownFigure row) => row.Kind == RowKind.TotalRadio ? text["Radio.Total"] : row.Name;

    private string Band(int at) => BandWords.Of(contents.Bands[at].Band, text);

    private string Moment(DateTimeOffset when) => TimeZoneInfo.ConvertTime(when, zone).ToString("d MMM yyyy, HH:mm", CultureInfo.CurrentCulture);
}
