using Parquet;
using Parquet.Schema;
using Relais.Audience.Figures;

namespace Relais.Audience.Exports;

/// <summary>Shown figures as Parquet, with the columns of <see cref="FigureCsv"/>: no value where a figure is withheld.</summary>
internal static class FigureParquet
{
    public const string MediaType = "application/vnd.apache.parquet";

    private const int RowsPerGroup = 50_000;

    private static readonly string[] Names = FigureCsv.Header.TrimEnd('\n').Split(',');
    private static readonly DataField[] Fields =
    [
        .. Names.Take(5).Select(name => new DataField<string>(name)), new DataField<int>("interviews"), new DataField<int?>("listeners"),
        new DataField<string>("withheld"), .. Names.Skip(8).Select(name => new DataField<double?>(name)),
    ];

    public static async Task WriteAsync(Stream to, IAsyncEnumerable<ShownFigure> figures, CancellationToken cancel)
    {
        var schema = new ParquetSchema(Fields);
        await using var writer = await ParquetWriter.CreateAsync(schema, to, cancellationToken: cancel);
        var rows = new List<ShownFigure>();
        await foreach (var figure in figures.WithCancellation(cancel))
        {
            rows.Add(figure);
            if (rows.Count < RowsPerGroup)
                continue;
            await WriteGroupAsync(writer, schema, rows, cancel);
            rows.Clear();
        }

        // One at least: a file without any is none to some readers.
        await WriteGroupAsync(writer, schema, rows, cancel);
    }

    private static async Task WriteGroupAsync(ParquetWriter writer, ParquetSchema schema, List<ShownFigure> rows, CancellationToken cancel)
    {
        using var group = writer.CreateRowGroup();
        var fields = schema.DataFields;
        Func<ShownFigure, string?>[] texts = [f => f.Target, f => f.Band, f => f.Station, f => f.Name, f => f.Kind.ToString()];
        for (var column = 0; column < texts.Length; column++)
            await group.WriteAsync(fields[column], rows.ConvertAll(f => texts[column](f)));
        await group.WriteAsync<int>(fields[5], rows.Select(f => f.Interviews).ToArray(), cancellationToken: cancel);
        await group.WriteAsync<int>(
            fields[6], rows.Select(f => f.Withheld is Numerics.Radio.Suppression.TooFewListeners ? null : (int?)f.Listeners).ToArray(), cancellationToken: cancel);
        await group.WriteAsync(fields[7], rows.ConvertAll(f => f.Withheld?.ToString()));
        for (var measure = 0; measure < 6; measure++)
        {
            var estimates = rows.ConvertAll(f => FigureCsv.Estimates(f).ElementAt(measure));
            await WriteNumbersAsync(group, fields[8 + (3 * measure)], estimates.ConvertAll(e => Finite(e?.Value)), cancel);
            await WriteNumbersAsync(group, fields[9 + (3 * measure)], estimates.ConvertAll(e => Finite(e?.Low)), cancel);
            await WriteNumbersAsync(group, fields[10 + (3 * measure)], estimates.ConvertAll(e => Finite(e?.High)), cancel);
        }

        group.CompleteValidate();
    }

    private static Task WriteNumbersAsync(ParquetRowGroupWriter group, DataField field, List<double?> values, CancellationToken cancel) =>
        group.WriteAsync<double>(field, values.ToArray(), cancellationToken: cancel);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
