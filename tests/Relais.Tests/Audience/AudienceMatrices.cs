using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;

namespace Relais.Tests.Audience;

/// <summary>Duplication and reach over several days, in pages and files.</summary>
public sealed class AudienceMatrices(AudienceApp app) : IClassFixture<AudienceApp>
{
    [Fact]
    public async Task The_matrix_agrees_with_the_stations_own_audience_and_reads_the_same_both_ways()
    {
        var (wave, _) = await app.PublishAsync("Matrice");
        using var reader = await app.SignInAsync(app.Reader);
        var rows = await CsvAsync(reader, $"/api/audience/waves/{wave}/duplication.csv?target=Femmes&band=0500-2400");
        Assert.Equal(13 * 14, rows.Count);
        var own = (await reader.Client.GetFromJsonAsync<JsonElement>($"/api/audience/waves/{wave}/figures?target=Femmes&band=0500-2400")).EnumerateArray()
            .ToDictionary(f => f.GetProperty("station").GetString()!, f => f.GetProperty("ac"));
        var both = rows.ToDictionary(r => (r["station"], r["other"]));
        var (shown, withheld) = (0, 0);
        foreach (var ((station, other), row) in both.Where(r => r.Key.Item2 != "NO_OTHER"))
        {
            if (row["both"].Length == 0)
            {
                Assert.Equal(("TooFewListeners", "", "", ""), (row["withheld"], row["interviews"], row["both_pct"], row["also_pct"]));
                withheld++;
                continue;
            }

            shown++;
            Assert.True(int.Parse(row["interviews"], CultureInfo.InvariantCulture) >= 15);
            Assert.Equal(Number(row["both"]), Number(both[(other, station)]["both"]), 6);
            Assert.InRange(Number(row["also_pct"]), 0, 100 + 1e-9);
            if (station == other)
                Assert.Equal(own[station].GetProperty("estimate").GetDouble(), Number(row["both"]), 4);
        }

        Assert.True(shown > 0 && withheld > 0, $"{shown} shown, {withheld} withheld");
    }

    [Fact]
    public async Task A_page_shows_the_share_of_a_stations_listeners_that_its_file_has()
    {
        var (wave, _) = await app.PublishAsync("Page de matrice");
        using var reader = await app.SignInAsync(app.Reader);
        var shared = (await CsvAsync(reader, $"/api/audience/waves/{wave}/duplication.csv")).First(r => r["station"] != r["other"] && r["both"].Length > 0);
        var page = await reader.GetAsync($"/audience/waves/{wave}/duplication");
        var percent = (Number(shared["also_pct"]) / 100).ToString("P0", CultureInfo.GetCultureInfo("fr"));
        Assert.Contains(percent.Replace('\u00a0', ' ').Replace('\u202f', ' '), page.Text.Replace('\u00a0', ' ').Replace('\u202f', ' '), StringComparison.Ordinal);
        Assert.Contains("n. p.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reach_begins_at_the_measured_day_grows_and_stays_below_its_bound_and_says_that_it_is_a_model()
    {
        var (wave, _) = await app.PublishAsync("Cumul");
        using var reader = await app.SignInAsync(app.Reader);
        var rows = await CsvAsync(reader, $"/api/audience/waves/{wave}/reach.csv");
        Assert.Equal(19 * 28, rows.Count);
        var radio = rows.Where(r => r["station"] == "TOTAL_RADIO").ToList();
        var oneDay = (await reader.Client.GetFromJsonAsync<JsonElement>($"/api/audience/waves/{wave}/figures"))[0].GetProperty("acPct").GetProperty("estimate").GetDouble();
        Assert.Equal(oneDay, Number(radio[0]["reach_pct"]), 8);
        Assert.All(radio, r => Assert.Equal("negative binomial", r["model"]));
        Assert.All(radio.Zip(radio.Skip(1)), pair => Assert.True(Number(pair.Second["reach_pct"]) > Number(pair.First["reach_pct"])));
        Assert.All(radio, r => Assert.True(Number(r["reach_pct"]) <= Number(r["bound_pct"]) + 1e-9));
        var page = await reader.GetAsync($"/audience/waves/{wave}/reach");
        Assert.Contains("Couverture modélisée, pas mesurée.", page.Text, StringComparison.Ordinal);

        var two = (oneDay + 3).ToString("0.0", CultureInfo.GetCultureInfo("fr"));
        Assert.Contains("Bêta-binomiale", (await reader.GetAsync($"/audience/waves/{wave}/reach?two={two}")).Text, StringComparison.Ordinal);
        var wrong = await reader.GetAsync($"/audience/waves/{wave}/reach?two=1");
        Assert.DoesNotContain("Bêta-binomiale", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("donnez un nombre entre", wrong.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("duplication", 13 * 14, 13)]
    [InlineData("reach", 19 * 28, 11)]
    public async Task Workbooks_and_Parquet_files_have_the_rows_of_the_csv_file(string what, int count, int columns)
    {
        var (wave, run) = await app.PublishAsync($"Formats {what}");
        using var reader = await app.SignInAsync(app.Reader);
        using var book = new ZipArchive(await reader.Client.GetStreamAsync($"/api/audience/waves/{wave}/{what}.xlsx"));
        using var sheet = book.GetEntry("xl/worksheets/sheet1.xml")!.Open();
        Assert.Equal(1 + count, XDocument.Load(sheet).Descendants().Count(e => e.Name.LocalName == "row"));
        using var notes = book.GetEntry("xl/worksheets/sheet2.xml")!.Open();
        Assert.Contains(run.ResultSha256!, XDocument.Load(notes).Root!.Value, StringComparison.Ordinal);

        using var bytes = new MemoryStream(await reader.Client.GetByteArrayAsync($"/api/audience/waves/{wave}/{what}.parquet"));
        await using var file = await Parquet.ParquetReader.CreateAsync(bytes);
        using var group = file.OpenRowGroupReader(0);
        Assert.Equal((count, columns), ((int)group.RowCount, file.Schema.DataFields.Length));
    }

    [Fact]
    public async Task Pages_of_figures_say_that_there_are_none_yet_to_a_researcher_and_are_missing_to_a_reader()
    {
        var wave = await app.AddWaveAsync("Sans résultats", files: false);
        using var researcher = await app.SignInAsync(app.Researcher);
        using var reader = await app.SignInAsync(app.Reader);
        foreach (var page in new[] { "results", "curves", "changes", "duplication", "reach" })
        {
            Assert.Contains("Pas encore de résultats", (await researcher.GetAsync($"/audience/waves/{wave}/{page}")).Text, StringComparison.Ordinal);
            using var hidden = await reader.Client.GetAsync($"/audience/waves/{wave}/{page}");
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }
    }

    private static async Task<List<Dictionary<string, string>>> CsvAsync(Browser person, string address)
    {
        // No name of the sample study has a comma.
        var lines = (await person.Client.GetStringAsync(address)).TrimEnd('\n').Split('\n').Select(l => l.Split(',')).ToList();
        return [.. lines.Skip(1).Select(l => lines[0].Zip(l).ToDictionary(c => c.First, c => c.Second))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
