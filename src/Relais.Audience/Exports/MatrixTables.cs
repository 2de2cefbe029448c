using Microsoft.Extensions.Localization;
using Relais.Audience.Figures;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Waves;

namespace Relais.Audience.Exports;

/// <summary>Duplication and reach over several days as tables for files, every row, with what they are.</summary>
internal static class MatrixTables
{
    /// <summary>Stands where the other station would, for those who listened to no other.</summary>
    public const string NoOther = "NO_OTHER";

    public static PlainTable Duplication(ShownDuplication matrix, ShownWave shown, string target, string band, IStringLocalizer text)
    {
        var stations = shown.Settings.Study.Stations;
        var rows = new List<object?[]>();
        for (var station = 0; station < stations.Count; station++)
        {
            for (var other = 0; other < stations.Count; other++)
                rows.Add(Row(station, stations[other].Code, stations[other].Name, matrix.Both(station, other)));
            rows.Add(Row(station, NoOther, text["Duplication.Exclusive"], matrix.Exclusive(station)));
        }

        PlainColumn[] columns =
        [
            .. Place(text), new("other", text["Duplication.Other.Code"], PlainKind.Text), new("other_name", text["Duplication.Other"], PlainKind.Text),
            new("interviews", text["Interviews"], PlainKind.Whole), Withheld(text), new("both", text["Duplication.Both"], PlainKind.Number),
            new("both_low", text["Book.Low"], PlainKind.Number), new("both_high", text["Book.High"], PlainKind.Number),
            new("both_pct", text["Duplication.OfTarget"], PlainKind.Number), new("also_pct", text["Duplication.OfStation"], PlainKind.Number),
        ];
        return new PlainTable(text["Tab.Duplication"], columns, rows, Notes(shown, text, text["Duplication.Note"]));

        object?[] Row(int station, string code, string name, SharedListeners? both) =>
        [
            target, band, stations[station].Code, stations[station].Name, code, name, both?.Interviews, both is null ? (matrix.Withheld ?? Suppression.TooFewListeners).ToString() : null,
            both?.People.Value, both?.People.Low, both?.People.High, both?.OfTarget, both?.OfStation,
        ];
    }

    public static PlainTable Reach(IReadOnlyList<ShownFigure> figures, ShownWave shown, string target, string band, IStringLocalizer text)
    {
        var rows = new List<object?[]>();
        foreach (var figure in figures)
        {
            var reach = figure.Values is { } values ? ShownReach.Of(values) : null;
            var people = figure.Values?.Universe / 100;
            for (var day = 1; day <= ShownReach.Days; day++)
            {
                var (model, bound) = (reach?.Model?[day - 1], reach?.Bound[day - 1]);
                var name = figure.Kind == RowKind.TotalRadio ? text["Radio.Total"].Value : figure.Name;
                rows.Add([target, band, figure.Station, name, day, figure.Withheld?.ToString(), model is null ? null : "negative binomial", model, people * model, bound, people * bound]);
            }
        }

        PlainColumn[] columns =
        [
            .. Place(text), new("days", text["Reach.Days"], PlainKind.Whole), Withheld(text), new("model", text["Reach.Model"], PlainKind.Text),
            new("reach_pct", text["Reach.Pct"], PlainKind.Number), new("reach", text["Reach.People"], PlainKind.Number), new("bound_pct", text["Reach.Bound.Pct"], PlainKind.Number),
            new("bound", text["Reach.Bound.People"], PlainKind.Number),
        ];
        return new PlainTable(text["Tab.Reach"], columns, rows, Notes(shown, text, text["Reach.Note"]));
    }

    private static PlainColumn Withheld(IStringLocalizer text) => new("withheld", text["Book.Note"], PlainKind.Text) { Words = code => text[$"Withheld.{code}"] };

    private static PlainColumn[] Place(IStringLocalizer text) =>
    [
        new("target", text["Target"], PlainKind.Text), new("band", text["Band"], PlainKind.Text), new("station", text["Station.Code"], PlainKind.Text), new("name", text["Station"], PlainKind.Text),
    ];

    private static List<(string Name, string Words)> Notes(ShownWave shown, IStringLocalizer text, string what) =>
        [(text["Report.What"], what), .. FigureWorkbook.NotesOf(shown, text)];
}
