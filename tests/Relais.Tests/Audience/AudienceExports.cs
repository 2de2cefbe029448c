using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Relais.Tests.Audience;

public sealed partial class AudienceExports(AudienceApp app) : IClassFixture<AudienceApp>
{
    [Fact]
    public async Task A_workbook_has_the_figures_with_their_intervals_and_says_what_they_are()
    {
        var (wave, run) = await app.PublishAsync("Classeur");
        using var reader = await app.SignInAsync(app.Reader);
        using var answer = await reader.Client.GetAsync($"/api/audience/waves/{wave}/figures.xlsx");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Classeur", answer.Content.Headers.ContentDisposition!.FileNameStar, StringComparison.Ordinal);
        using var book = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        var figures = Read(book, "sheet1");
        var notes = string.Join(' ', Read(book, "sheet2").SelectMany(r => r));
        Assert.Equal(1 + 12 * 7 * 19, figures.Count);
        Assert.Contains(figures, row => row[0] == "13 ans et plus" && row[2] == "Exemple Info");
        // Interviews, listeners, then six measures with both ends of their intervals.
        Assert.Equal(5 + 18 + 1, figures[0].Count);
        Assert.All(figures.Where(r => r[0] == "Corse"), row => Assert.DoesNotContain(row.Skip(5).Take(18), cell => cell.Length > 0));
        Assert.Contains(run.ResultSha256!, notes, StringComparison.Ordinal);
        Assert.Contains("INSEE", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Parquet_file_has_the_same_figures_and_nothing_where_they_are_withheld()
    {
        var (wave, _) = await app.PublishAsync("Colonnes");
        using var reader = await app.SignInAsync(app.Reader);
        using var answer = await reader.Client.GetAsync($"/api/audience/waves/{wave}/figures.parquet");
        using var bytes = new MemoryStream(await answer.Content.ReadAsByteArrayAsync());
        await using var file = await Parquet.ParquetReader.CreateAsync(bytes);
        using var group = file.OpenRowGroupReader(0);
        Assert.Equal(12 * 7 * 19, group.RowCount);
        var (targets, shares) = (new string?[group.RowCount], new double?[group.RowCount]);
        await group.ReadAsync(file.Schema.DataFields[0], targets.AsMemory());
        await group.ReadAsync<double>(file.Schema.DataFields[^3], shares.AsMemory());
        Assert.Equal("pda_pct", file.Schema.DataFields[^3].Name);
        Assert.All(targets.Zip(shares).Where(row => row.First == "Corse"), row => Assert.Null(row.Second));
        Assert.Contains(targets.Zip(shares), row => row is { First: "13 ans et plus", Second: > 0 });
    }

    [Fact]
    public async Task A_drawing_is_a_file_of_its_own_that_is_well_formed()
    {
        var (wave, _) = await app.PublishAsync("Dessin");
        using var reader = await app.SignInAsync(app.Reader);
        using var answer = await reader.Client.GetAsync($"/api/audience/waves/{wave}/curves.svg?s=EX1&s=DE1");
        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        var svg = XDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "text" && e.Value == "Exemple Info");
        Assert.Equal(4, svg.Descendants().Count(e => e.Name.LocalName == "path" && (string?)e.Attribute("fill") == "none"));
    }

    [Fact]
    public async Task The_csv_file_has_a_row_for_every_target_band_and_station()
    {
        var (wave, _) = await app.PublishAsync("Fichier");
        using var reader = await app.SignInAsync(app.Reader);
        var lines = (await reader.Client.GetStringAsync($"/api/audience/waves/{wave}/figures.csv")).TrimEnd('\n').Split('\n');
        Assert.Equal(1 + 12 * 7 * 19, lines.Length);
        Assert.StartsWith("target,band,station,name,kind,interviews", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("13 ans et plus,0500-2400,TOTAL_RADIO,", StringComparison.Ordinal));
    }

    private static List<List<string>> Read(ZipArchive book, string sheet)
    {
        using var stream = book.GetEntry($"xl/worksheets/{sheet}.xml")!.Open();
        var rows = XDocument.Load(stream).Descendants().Where(e => e.Name.LocalName == "row");
        return [.. rows.Select(r => r.Elements().Select(c => Spaces().Replace(c.Value, " ")).ToList())];
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
