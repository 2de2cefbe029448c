using System.Globalization;
using Microsoft.Extensions.Localization;
using Relais.Audience.Figures;
using Relais.Audience.Waves;

namespace Relais.Audience.Reports;

/// <summary>The last pages of a report: what its figures are, whom they stand for, how they were made, and what is not shown.</summary>
internal sealed class ReportNotes(ReportContents contents, TimeZoneInfo zone, IStringLocalizer text)
{
    private const double NameWidth = 112;

    public void Write(ReportPaper paper)
    {
        var (wave, run, settings) = (contents.Shown.Wave, contents.Shown.Run, contents.Shown.Settings);
        var (study, universe, weights) = (settings.Study, settings.Universe, contents.Weights.Weights);
        paper.Heading(text["Report.Method"], 160);
        Entry(paper, text["Study"], $"{contents.Study}, {text["Run.StudyVersion", settings.StudyVersion]}");
        Entry(paper, text["Period"], $"{wave.From:d MMMM yyyy} – {wave.Until:d MMMM yyyy}");
        Entry(paper, text["Universe"], $"{universe.Name}, v{universe.Version.ToString(CultureInfo.InvariantCulture)}, {universe.Date:d MMMM yyyy}. {text["Report.People", FigureWords.Number(weights.Sum / 1000)]}");
        Entry(paper, text["Universe.Source"], universe.Source);
        Entry(paper, text["Interviews"], text["Report.Interviews", FigureWords.Number(weights.Respondents), FigureWords.Number(weights.EffectiveSize), FigureWords.Number(weights.DesignEffect, 2)]);
        Entry(paper, text["Study.Method"], Method());
        Entry(paper, text["Interval"], text["Interval.Note"]);
        Entry(paper, text["Report.Thresholds"], text["Withheld.Note", study.Publication.Interviews, study.Publication.Listeners]);
        Entry(paper, text["Report.Publication"], Publication(wave));
        Entry(paper, text["Run"], text["Report.Run", run.Number, run.Software, run.ResultSha256 ?? ""]);

        paper.Heading(text["Report.Words"], 110);
        foreach (var word in (string[])["Ac", "Qhm", "Dea", "Pda", "Group", "Day"])
            Entry(paper, text[$"Report.Word.{word}"], word == "Day" ? text["Report.Word.Day.Is", FigureWords.Clock(study.Day.StartMinutes), FigureWords.Clock(study.Day.StartMinutes + (15 * study.Day.QuarterHours))] : text[$"Report.Word.{word}.Is"]);
    }

    private static void Entry(ReportPaper paper, string name, string words)
    {
        var (bold, font) = (ReportFonts.Of(8, bold: true), ReportFonts.Of(8));
        paper.Need(Math.Max(1, paper.Lines(words, font, ReportPaper.Width - NameWidth).Count) * font.GetHeight());
        var top = paper.Y;
        paper.Write(name, bold, ReportPaper.Ink, ReportPaper.Left, NameWidth - 8);
        var below = paper.Y;
        paper.Y = top;
        paper.Write(words, font, ReportPaper.Ink, ReportPaper.Left + NameWidth, ReportPaper.Width - NameWidth);
        paper.Y = Math.Max(below, paper.Y) + 4;
    }

    private string Method()
    {
        var scheme = contents.Shown.Settings.Study.Scheme;
        var margins = string.Join(", ", contents.Shown.Settings.Universe.Margins.Select(m => m.Variable).Distinct(StringComparer.Ordinal));
        var bounds = scheme is { HasBounds: true, Lower: { } lower, Upper: { } upper } ? $" [{FigureWords.Number(lower, 2)} ; {FigureWords.Number(upper, 2)}]" : "";
        return $"{text[$"Method.{scheme.Method}"]}{bounds}. {text["Report.Margins", margins]}";
    }

    private string Publication(Wave wave) => wave switch
    {
        { State: not WaveState.Published } => text["Report.NotYet"],
        { RunId: { } published } when published != contents.Shown.Run.Id => text["Report.NotYet"],
        { EmbargoUntil: { } until } => text["Report.PublishedUnder", Moment(wave.PublishedAt), wave.PublishedByName ?? "", wave.ProposedByName ?? "", Moment(until)],
        _ => text["Report.PublishedAt", Moment(wave.PublishedAt), wave.PublishedByName ?? "", wave.ProposedByName ?? ""],
    };

    private string Moment(DateTimeOffset? when) => when is { } at ? TimeZoneInfo.ConvertTime(at, zone).ToString("d MMMM yyyy, HH:mm", CultureInfo.CurrentCulture) : "";
}
