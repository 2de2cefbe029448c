using System.Globalization;
using Parquet;
using Parquet.Schema;
using Relais.Audience.Files;

namespace Relais.Tests.Audience;

/// <summary>The verbs read a Parquet file where they read a CSV file, and give the same bytes.</summary>
public sealed class ParquetVerbTests : IDisposable
{
    private static readonly string Radio = Path.Combine(RelaisApp.Repository(), "tests", "Relais.Audience.Numerics.Tests", "Reference", "radio");
    private readonly FilesFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Weights_estimates_and_indicators_are_the_same_from_Parquet()
    {
        await ToParquetAsync(Path.Combine(Radio, "respondents.csv"), "r.parquet");
        await ToParquetAsync(Path.Combine(Radio, "listening.csv"), "l.parquet");
        await ToParquetAsync(Path.Combine(Radio, "margins.csv"), "m.parquet");
        foreach (var (respondents, listening, margins, name) in new[] { ("r.parquet", "l.parquet", "m.parquet", "p"), ($"{Radio}/respondents.csv", $"{Radio}/listening.csv", $"{Radio}/margins.csv", "c") })
        {
            await MustAsync($"weigh --sample {respondents} --id id --weight weight --margins {margins} --method raking --out {name}-w.csv");
            var estimates = await MustAsync($"estimate --sample {respondents} --id id --weights {name}-w.csv --strata region --mean sex=F --by day");
            _files.Write($"{name}-e.csv", estimates.Output);
            await MustAsync($"indicators --respondents {respondents} --listening {listening} --weight weight --strata region --bands 0500-2400,0600-0900 --out {name}-i.csv");
        }

        foreach (var file in new[] { "w", "e", "i" })
            Assert.Equal(_files.Read($"c-{file}.csv"), _files.Read($"p-{file}.csv"));
        await ToParquetAsync(_files["c-w.csv"], "w.parquet");
        Assert.Equal(_files.Read("c-e.csv"), (await MustAsync("estimate --sample r.parquet --id id --weights w.parquet --strata region --mean sex=F --by day")).Output);
    }

    [Fact]
    public async Task A_fault_in_Parquet_is_told_by_its_row_as_if_the_names_stood_on_the_first_line()
    {
        _files.Write("m.csv", "variable,level,total\nsex,F,30\nsex,M,30\n").Write("s.csv", "id,w,sex,note\n1,10,F,\"a\nb\"\n2,-10,M,c\n");
        await ToParquetAsync(_files["s.csv"], "s.parquet");
        var ended = await WeighAsync();
        Assert.Equal(1, ended.Code);
        Assert.Contains("s.parquet, line 3, column w: the design weight is negative.", ended.Error, StringComparison.Ordinal);

        File.WriteAllBytes(_files["s.parquet"], (await File.ReadAllBytesAsync(_files["s.parquet"]))[..^20]);
        Assert.Contains("s.parquet: this Parquet file is damaged or incomplete. Save it again, or give a CSV file.", (await WeighAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dates_texts_and_numbers_of_Parquet_are_read_as_they_are_written()
    {
        var schema = new ParquetSchema(new DataField<string>("a;b"), new DataField<DateTime?>("day"), new DataField<double?>("x"), new DataField<bool?>("yes"), new DataField<decimal>("d"));
        await using (var file = File.Create(_files["t.parquet"]))
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            for (var part = 0; part < 2; part++)
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync(schema.DataFields[0], ["é, \"x\"", "", "NA"]);
                await group.WriteAsync<DateTime>(schema.DataFields[1], new DateTime?[] { new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc), null, new(2026, 3, 1, 7, 30, 0, DateTimeKind.Utc) });
                await group.WriteAsync<double>(schema.DataFields[2], new double?[] { 0.1, null, 1e300 });
                await group.WriteAsync<bool>(schema.DataFields[3], new bool?[] { true, null, false });
                await group.WriteAsync<decimal>(schema.DataFields[4], new[] { 1.50m, 2m, 3m });
            }
        }

        using var table = CsvTable.Open(_files["t.parquet"], decimalComma: true);
        Assert.Equal(["a;b", "day", "x", "yes", "d"], table.Columns);
        var read = new List<string>();
        foreach (var row in table)
            read.Add(string.Create(CultureInfo.InvariantCulture, $"{row.Line}|{row.Text(0)}|{row.Text(1)}|{row.NumberOrNaN(2)}|{row.Text(3)}|{row.Number(4)}"));
        Assert.Equal(["2|é, \"x\"|2026-03-01|0.1|true|1.5", "3|||NaN||2", "4|NA|2026-03-01T07:30:00|1E+300|false|3"], read[..3].Select(r => r.Replace(".50", ".5", StringComparison.Ordinal)));
        Assert.Equal(["5", "6", "7"], read[3..].Select(r => r.Split('|')[0]));
    }

    // Columns of numbers as numbers, the others as texts, in row groups of 500.
    private async Task ToParquetAsync(string csv, string name)
    {
        var rows = new List<string[]>();
        using (var table = CsvTable.Open(csv))
        {
            rows.Add([.. table.Columns]);
            foreach (var row in table)
                rows.Add([.. Enumerable.Range(0, table.Columns.Count).Select(c => table.Current.Text(c).ToString())]);
        }

        var numeric = Enumerable.Range(0, rows[0].Length).Select(c => rows.Skip(1).All(r => double.TryParse(r[c], NumberStyles.Float, CultureInfo.InvariantCulture, out _))).ToArray();
        var schema = new ParquetSchema(rows[0].Select((n, c) => numeric[c] ? (DataField)new DataField<double>(n) : new DataField<string>(n)));
        await using var file = File.Create(_files[name]);
        await using var writer = await ParquetWriter.CreateAsync(schema, file);
        foreach (var part in rows.Skip(1).Chunk(500))
        {
            using var group = writer.CreateRowGroup();
            for (var c = 0; c < numeric.Length; c++)
            {
                if (numeric[c])
                    await group.WriteAsync<double>(schema.DataFields[c], part.Select(r => double.Parse(r[c], CultureInfo.InvariantCulture)).ToArray());
                else
                    await group.WriteAsync(schema.DataFields[c], part.Select(r => r[c]).ToArray());
            }
        }
    }

    private Task<FilesFolder.Ended> WeighAsync() => _files.RelaisAsync("weigh --sample s.parquet --id id --weight w --margins m.csv --method rake --out w.csv");

    private async Task<FilesFolder.Ended> MustAsync(string arguments)
    {
        var ended = await _files.RelaisAsync(arguments);
        Assert.True(ended.Code == 0, ended.Error);
        return ended;
    }
}
