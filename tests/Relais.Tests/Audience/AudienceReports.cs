using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Tests.Audience;

/// <summary>The PDF of a wave, opened by poppler's programs as its readers' own would.</summary>
public sealed partial class AudienceReports(AudienceApp app) : IClassFixture<AudienceApp>
{
    [Theory]
    [InlineData("fr", "Méthode et notes", "Calage « raking ratio » généralisé", "2 h")]
    [InlineData("en", "Method and notes", "Generalised raking", "2:")]
    public async Task A_report_says_what_was_measured_of_whom_how_and_with_which_intervals(string language, string notes, string method, string hours)
    {
        var (wave, run) = await app.PublishAsync($"Rapport {language}");
        var person = await app.AddPersonAsync(Roles.Reader);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
        using var reader = await app.SignInAsync(person);
        var text = await TextAsync(reader, $"/api/audience/waves/{wave}/report.pdf");
        foreach (var wanted in new[] { $"Rapport {language}", "Radio nationale (exemple", "INSEE", notes, method, hours, run.ResultSha256!, "13 ans et plus", "Exemple Info", "Île-de-France" })
            Assert.Contains(wanted, text, StringComparison.Ordinal);
        // Total radio, as programs get it.
        var radio = (await reader.Client.GetFromJsonAsync<JsonElement>($"/api/audience/waves/{wave}/figures"))[0].GetProperty("acPct");
        foreach (var name in new[] { "estimate", "low", "high" })
            Assert.Contains(radio.GetProperty(name).GetDouble().ToString("N1", CultureInfo.GetCultureInfo(language)), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curves_of_a_report_are_lines_not_pictures_and_its_letters_are_inside()
    {
        var (wave, _) = await app.PublishAsync("Tracé");
        using var reader = await app.SignInAsync(app.Reader);
        var file = await FileAsync(reader, $"/api/audience/waves/{wave}/report.pdf");
        Assert.DoesNotContain(await RunAsync("pdfimages", "-list", file), line => line.Contains("image", StringComparison.Ordinal) && char.IsAsciiDigit(line.TrimStart()[0]));
        var fonts = (await RunAsync("pdffonts", file)).Skip(2).Where(line => line.Length > 0).ToList();
        Assert.NotEmpty(fonts);
        // Embedded and a subset of the font, with a map back to letters.
        Assert.All(fonts, font => Assert.Matches(@"Liberation Sans.* yes +yes +yes ", font));
        var about = string.Join('\n', await RunAsync("pdfinfo", file));
        Assert.Contains("Tracé", about, StringComparison.Ordinal);
        Assert.Matches(@"Page size: +595", about);
        var picture = Path.Combine(Path.GetDirectoryName(file)!, "page");
        await RunAsync("pdftoppm", "-r", "40", "-gray", "-f", "1", "-l", "1", file, picture);
        var bytes = await File.ReadAllBytesAsync(Directory.GetFiles(Path.GetDirectoryName(file)!, "page*.pgm").Single());
        // Some ink, and not much: neither an empty page nor a black one.
        Assert.InRange(bytes.Count(b => b < 128) / (double)bytes.Length, 0.005, 0.2);
    }

    [Fact]
    public async Task A_report_under_embargo_says_so_on_every_page_and_one_of_an_unpublished_run_too()
    {
        var (wave, _) = await app.PublishAsync("Discret", app.Clock.GetUtcNow().AddDays(2));
        var (other, _) = await app.ProposeAsync("Brouillon");
        using var researcher = await app.SignInAsync(app.Researcher);
        foreach (var (id, words) in new[] { (wave, "SOUS EMBARGO jusqu’au"), (other, "NON PUBLIÉ") })
        {
            var pages = (await TextAsync(researcher, $"/api/audience/waves/{id}/report.pdf")).TrimEnd('\f').Split('\f');
            Assert.InRange(pages.Length, 4, 15);
            Assert.All(pages, page => Assert.Contains(words, page, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_report_withholds_what_pages_withhold()
    {
        var (wave, _) = await app.PublishAsync("Retenue");
        using var reader = await app.SignInAsync(app.Reader);
        var text = await TextAsync(reader, $"/api/audience/waves/{wave}/report.pdf?target=Corse");
        Assert.Contains("Non publié : trop peu d’entretiens dans la cible.", text, StringComparison.Ordinal);
        Assert.Contains("« n. p. » : non publié, en dessous de 100 entretiens", Spaces().Replace(text, " "), StringComparison.Ordinal);
        var table = text[text.IndexOf("Résultats : Corse", StringComparison.Ordinal)..text.IndexOf("Par cible", StringComparison.Ordinal)];
        Assert.DoesNotMatch(@"\d,\d", table);
        // Each row of each band, six measures.
        Assert.Equal(7 * 19 * 6, NotPublished().Count(table));
    }

    private static async Task<string> TextAsync(Browser person, string address) =>
        string.Join('\n', await RunAsync("pdftotext", "-layout", await FileAsync(person, address), "-")).Replace('\u202f', ' ').Replace('\u00a0', ' ');

    private static async Task<string> FileAsync(Browser person, string address)
    {
        using var answer = await person.Client.GetAsync(address);
        Assert.Equal((HttpStatusCode.OK, "application/pdf"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var file = Path.Combine(Directory.CreateTempSubdirectory("relais-report").FullName, "report.pdf");
        await File.WriteAllBytesAsync(file, await answer.Content.ReadAsByteArrayAsync());
        return file;
    }

    private static async Task<string[]> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return text.Split('\n');
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"n\. p\.", RegexOptions.None, 1000)]
    private static partial Regex NotPublished();
}
