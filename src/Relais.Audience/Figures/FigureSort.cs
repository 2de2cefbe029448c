namespace Relais.Audience.Figures;

/// <summary>Rows in the order that the address asks for: a column's name, with "-" before it when descending. What is withheld comes last.</summary>
internal static class FigureSort
{
    public static IReadOnlyList<ShownFigure> By(IEnumerable<ShownFigure> rows, string? sort)
    {
        var column = sort?.TrimStart('-') ?? "";
        var key = Key(column);
        if (column == "station")
            return sort!.StartsWith('-') ? [.. rows.OrderByDescending(f => f.Name, StringComparer.CurrentCulture)] : [.. rows.OrderBy(f => f.Name, StringComparer.CurrentCulture)];
        if (key is null)
            return [.. rows];
        var first = rows.OrderBy(f => f.Values is null);
        return sort!.StartsWith('-') ? [.. first.ThenByDescending(key)] : [.. first.ThenBy(key)];
    }

    private static Func<ShownFigure, double>? Key(string column) =>
        column == "listeners" ? f => f.Listeners
        : Enum.TryParse<Measure>(column, out var measure) && Enum.IsDefined(measure) ? f => f.Values?.Of(measure).Value ?? double.NaN
        : null;
}
