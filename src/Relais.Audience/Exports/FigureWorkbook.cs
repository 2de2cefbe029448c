using Microsoft.Extensions.Localization;
using Relais.Audience.Figures;
using Relais.Audience.Waves;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Worksheets;

namespace Relais.Audience.Exports;

/// <summary>Shown figures as an Excel workbook: a sheet of figures with their intervals, and a sheet of notes that says what they are.</summary>
internal static class FigureWorkbook
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static readonly Measure[] Measures = [Measure.Ac, Measure.AcPct, Measure.Qhm, Measure.QhmPct, Measure.Dea, Measure.Pda];

    public static async Task WriteAsync(Stream to, ShownWave shown, IAsyncEnumerable<ShownFigure> figures, IStringLocalizer text, CancellationToken cancel)
    {
        await using var book = await Spreadsheet.CreateNewAsync(to, cancellationToken: cancel);
        var bold = book.AddStyle(new Style { Font = { Bold = true } });
        var whole = book.AddStyle(new Style { Format = NumberFormat.Custom("#,##0") });
        var tenth = book.AddStyle(new Style { Format = NumberFormat.Custom("0.0") });
        await FiguresAsync(book, figures, text, bold, whole, tenth, cancel);
        await NotesAsync(book, shown, text, bold, cancel);
        await book.FinishAsync(cancel);
    }

    private static async Task FiguresAsync(
        Spreadsheet book, IAsyncEnumerable<ShownFigure> figures, IStringLocalizer text, StyleId bold, StyleId whole, StyleId tenth, CancellationToken cancel)
    {
        var options = new WorksheetOptions { FrozenRows = 1, FrozenColumns = 3 };
        foreach (var column in (int[])[1, 2, 3])
            options.Column(column).Width = 24;
        await book.StartWorksheetAsync(text["Book.Figures"], options, cancel);
        List<StyledCell> head = [.. ((string[])["Target", "Band", "Station", "Interviews", "Listeners"]).Select(name => new StyledCell(text[name].Value, bold))];
        foreach (var measure in Measures)
        {
            head.Add(new StyledCell(text[$"Measure.{measure}.Book"].Value, bold));
            head.Add(new StyledCell(text["Book.Low"].Value, bold));
            head.Add(new StyledCell(text["Book.High"].Value, bold));
        }

        head.Add(new StyledCell(text["Book.Note"].Value, bold));
        await book.AddRowAsync(head, cancel);
        await foreach (var f in figures.WithCancellation(cancel))
        {
            List<StyledCell> row =
            [
                new(f.Target, null), new(f.Band, null), new(f.Station == Figure.TotalRadio ? text["Radio.Total"].Value : f.Name, null), new(f.Interviews, whole),
                f.Withheld is Numerics.Radio.Suppression.TooFewListeners ? new StyledCell((string?)null, null) : new StyledCell(f.Listeners, whole),
            ];
            foreach (var measure in Measures)
            {
                var style = measure is Measure.Ac or Measure.Qhm ? whole : tenth;
                var estimate = f.Values?.Of(measure);
                row.AddRange([Cell(estimate?.Value, style), Cell(estimate?.Low, style), Cell(estimate?.High, style)]);
            }

            row.Add(new StyledCell(f.Withheld is null ? null : text[$"Withheld.{f.Withheld}"].Value, null));
            await book.AddRowAsync(row, cancel);
        }
    }

    private static async Task NotesAsync(Spreadsheet book, ShownWave shown, IStringLocalizer text, StyleId bold, CancellationToken cancel)
    {
        var options = new WorksheetOptions();
        options.Column(1).Width = 26;
        options.Column(2).Width = 90;
        await book.StartWorksheetAsync(text["Book.Notes"], options, cancel);
        foreach (var (name, words) in NotesOf(shown, text))
            await book.AddRowAsync([new StyledCell(name, bold), new StyledCell(words, null)], cancel);
    }

    /// <summary>What a wave's figures are, whom they stand for and how they were made.</summary>
    public static IReadOnlyList<(string Name, string Words)> NotesOf(ShownWave shown, IStringLocalizer text) =>
    [
        (text["Wave"], shown.Wave.Name), (text["Period"], $"{shown.Wave.From:d} – {shown.Wave.Until:d}"),
        (text["Run"], $"{shown.Run.Number} · SHA-256 {shown.Run.ResultSha256}"), (text["Software"], shown.Run.Software),
        (text["Universe"], $"{shown.Settings.Universe.Name}, v{shown.Settings.Universe.Version}, {shown.Settings.Universe.Date:d}"),
        (text["Universe.Source"], shown.Settings.Universe.Source), (text["Study.Method"], text[$"Method.{shown.Settings.Study.Scheme.Method}"]),
        (text["Interval"], text["Interval.Note"]),
        (text["Book.Note"], text["Withheld.Note", shown.Settings.Study.Publication.Interviews, shown.Settings.Study.Publication.Listeners]),
    ];

    private static StyledCell Cell(double? value, StyleId style) => value is { } number && double.IsFinite(number) ? new StyledCell(number, style) : new StyledCell((string?)null, null);
}
