using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Audience.Waves;
using Relais.Kernel.Audit;

namespace Relais.Tests.Audience;

/// <summary>Nothing of a wave that is not published, or under embargo, shows to whoever is no researcher.</summary>
public sealed class AudienceSecrecy(AudienceApp app) : IClassFixture<AudienceApp>
{
    private static readonly string[] OfWave =
    [
        "/audience/waves/{0}", "/audience/waves/{0}/results", "/audience/waves/{0}/results?run={1}", "/audience/waves/{0}/curves", "/audience/waves/{0}/changes",
        "/audience/waves/{0}/stations/EX1", "/audience/waves/{0}/stations/TOTAL_RADIO", "/api/audience/waves/{0}", "/api/audience/waves/{0}/figures",
        "/api/audience/waves/{0}/figures?run={1}", "/api/audience/waves/{0}/curves", "/api/audience/waves/{0}/curves.svg", "/api/audience/waves/{0}/figures.csv",
        "/api/audience/waves/{0}/figures.xlsx", "/api/audience/waves/{0}/figures.parquet", "/api/audience/waves/{0}/figures.csv?run={1}",
        "/audience/waves/{0}/duplication", "/audience/waves/{0}/reach", "/api/audience/waves/{0}/report.pdf", "/api/audience/waves/{0}/report.pdf?run={1}",
        "/api/audience/waves/{0}/duplication.csv", "/api/audience/waves/{0}/duplication.xlsx?run={1}", "/api/audience/waves/{0}/reach.parquet",
    ];

    private static readonly string[] OfResearchers =
    [
        "/audience/waves/{0}/runs", "/audience/waves/{0}/weights", "/audience/waves/{0}/import/respondents", "/audience/runs/{1}", "/audience/runs/compare?a={1}&b={1}",
        "/audience/studies", "/audience/studies/new", "/audience/universes", "/audience/waves/new", "/api/audience/runs/{1}", "/api/audience/runs/{1}/weights.csv",
        "/api/audience/runs/{1}/indicators.csv",
    ];

    private static readonly string[] Lists = ["/audience", "/api/audience/waves", "/"];

    [Theory]
    [InlineData("Redressement secret", "weighting")]
    [InlineData("Validation secrète", "review")]
    [InlineData("Embargo secret", "embargo")]
    public async Task A_reader_finds_nothing_of_a_wave_that_is_not_open_by_any_way(string name, string state)
    {
        var (wave, run) = await MakeAsync(name, state);
        using var reader = await app.SignInAsync(app.Reader);
        foreach (var address in OfWave.Select(a => At(a, wave, run)))
            await HiddenAsync(reader, address, name, HttpStatusCode.NotFound);
        foreach (var address in OfResearchers.Select(a => At(a, wave, run)))
            await HiddenAsync(reader, address, name, HttpStatusCode.Forbidden);
        foreach (var address in Lists)
            Assert.DoesNotContain(name, await reader.Client.GetStringAsync(address), StringComparison.Ordinal);

        // As an unknown id answers, so does a secret one.
        using var unknown = await reader.Client.GetAsync($"/api/audience/waves/{Guid.NewGuid()}");
        using var secret = await reader.Client.GetAsync($"/api/audience/waves/{wave}");
        Assert.Equal(await WithoutReferenceAsync(unknown), await WithoutReferenceAsync(secret));

        using var researcher = await app.SignInAsync(app.Researcher);
        foreach (var address in OfWave.Concat(OfResearchers).Select(a => At(a, wave, run)))
        {
            using var shown = await researcher.Client.GetAsync(address);
            Assert.True(shown.StatusCode == HttpStatusCode.OK, $"{address}: {shown.StatusCode}");
        }
    }

    [Fact]
    public async Task The_end_of_an_embargo_opens_the_wave_by_itself_and_only_its_published_run()
    {
        var (wave, run) = await app.PublishAsync("Ouverture", app.Clock.GetUtcNow().AddHours(1));
        using var reader = await app.SignInAsync(app.Reader);
        await HiddenAsync(reader, $"/audience/waves/{wave}", "Ouverture", HttpStatusCode.NotFound);

        app.Clock.Advance(TimeSpan.FromHours(1));
        foreach (var address in OfWave.Select(a => At(a, wave, run.Id)))
        {
            using var shown = await reader.Client.GetAsync(address);
            Assert.True(shown.StatusCode == HttpStatusCode.OK, $"{address}: {shown.StatusCode}");
        }

        Assert.Contains("Ouverture", await reader.Client.GetStringAsync("/audience"), StringComparison.Ordinal);
        using var researcher = await app.SignInAsync(app.Researcher);
        using var again = await researcher.PostJsonAsync($"/api/audience/runs/{run.Id}/again", null);
        var other = await app.OverAsync((await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run").GetGuid());
        await HiddenAsync(reader, $"/api/audience/waves/{wave}/figures?run={other.Id}", "\"estimate\"", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Changes_are_not_told_against_a_wave_that_the_reader_may_not_see()
    {
        await app.PublishAsync("Avant cachée", app.Clock.GetUtcNow().AddDays(3));
        var (open, _) = await app.PublishAsync("Après ouverte");
        using var reader = await app.SignInAsync(app.Reader);
        foreach (var address in new[] { $"/audience/waves/{open}/changes", $"/audience/waves/{open}/stations/EX1", "/audience" })
            Assert.DoesNotContain("Avant cachée", await reader.Client.GetStringAsync(address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_of_too_few_interviews_are_in_no_answer()
    {
        var (wave, _) = await app.PublishAsync("Peu d’entretiens");
        using var reader = await app.SignInAsync(app.Reader);
        var rows = await reader.Client.GetFromJsonAsync<JsonElement>($"/api/audience/waves/{wave}/figures?target=Corse");
        Assert.All(rows.EnumerateArray(), row => Assert.Equal((JsonValueKind.Null, "TooFewInterviews"), (row.GetProperty("acPct").ValueKind, row.GetProperty("withheld").GetString())));
        var csv = (await reader.Client.GetStringAsync($"/api/audience/waves/{wave}/figures.csv")).Split('\n').Where(l => l.StartsWith("Corse,", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(csv);
        Assert.All(csv, line => Assert.EndsWith(new string(',', 18), line, StringComparison.Ordinal));
        Assert.Equal("[]", await reader.Client.GetStringAsync($"/api/audience/waves/{wave}/curves?target=Corse"));
        foreach (var page in new[] { "results", "duplication", "reach" })
            Assert.DoesNotContain("<small class=\"interval\">", await reader.Client.GetStringAsync($"/audience/waves/{wave}/{page}?target=Corse"), StringComparison.Ordinal);
        foreach (var (file, withheld) in new[] { ("duplication.csv", ",TooFewInterviews,,,,,"), ("reach.csv", ",TooFewInterviews,,,,,") })
            Assert.All((await reader.Client.GetStringAsync($"/api/audience/waves/{wave}/{file}?target=Corse")).TrimEnd('\n').Split('\n')[1..], line => Assert.EndsWith(withheld, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_publishes_what_they_asked_for_or_proposed_and_each_step_is_one_audit_line()
    {
        var (wave, run) = await app.ProposeAsync("Quatre yeux");
        using var researcher = await app.SignInAsync(app.Researcher);
        using (var own = await researcher.PostJsonAsync($"/api/audience/waves/{wave}/publish", new { run = run.Id }))
            Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
        Assert.Contains("une autre personne doit le valider", (await researcher.GetAsync($"/audience/waves/{wave}")).Text, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PostgresException>(() => app.InAudienceAsync(db => db.Database.ExecuteSqlAsync(
            $"""UPDATE audience.wave SET "State" = 'Published', "PublishedById" = "ProposedById" WHERE "Id" = {wave}""")));

        using var validator = await app.SignInAsync(app.Validator);
        using (var back = await validator.PostJsonAsync($"/api/audience/waves/{wave}/send-back", new { text = "La Corse manque." }))
            Assert.Equal(HttpStatusCode.NoContent, back.StatusCode);
        Assert.Contains("La Corse manque.", (await researcher.GetAsync($"/audience/waves/{wave}")).Text, StringComparison.Ordinal);
        using (var early = await validator.PostJsonAsync($"/api/audience/waves/{wave}/publish", new { run = run.Id }))
            Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        using (var proposed = await researcher.PostJsonAsync($"/api/audience/waves/{wave}/propose", new { run = run.Id }))
            Assert.Equal(HttpStatusCode.NoContent, proposed.StatusCode);
        using (var past = await validator.PostJsonAsync($"/api/audience/waves/{wave}/publish", new { run = run.Id, embargoUntil = app.Clock.GetUtcNow().AddMinutes(-1) }))
            Assert.Equal(HttpStatusCode.Conflict, past.StatusCode);
        using (var published = await validator.PostJsonAsync($"/api/audience/waves/{wave}/publish", new { run = run.Id }))
            Assert.Equal(HttpStatusCode.NoContent, published.StatusCode);
        Assert.Equal(WaveState.Published, await app.InAudienceAsync(db => db.Waves.Where(w => w.Id == wave).Select(w => w.State).SingleAsync()));

        var subject = $"wave:{wave}";
        var lines = await app.InAudienceAsync(db => db.Set<AuditLine>().Where(l => l.Subject == subject).OrderBy(l => l.Seq).Select(l => l.Action).ToListAsync());
        Assert.Equal(
            ["wave.created", "wave.file-imported", "wave.file-imported", "wave.fieldwork-closed", "wave.proposed", "wave.sent-back", "wave.proposed", "wave.published"], lines);
    }

    [Fact]
    public async Task Whoever_is_neither_researcher_nor_reader_is_refused_and_an_administrator_is_neither()
    {
        var (wave, run) = await app.PublishAsync("Rôles");
        foreach (var role in new[] { Roles.Staff, Roles.Supervisor, Roles.Administrator, Roles.Interviewer })
        {
            using var other = await app.SignInAsync(await app.AddPersonAsync(role));
            foreach (var address in OfWave.Concat(OfResearchers).Append("/audience").Select(a => At(a, wave, run.Id)))
                await HiddenAsync(other, address, "Rôles</h1>", HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task A_change_without_the_form_token_is_refused()
    {
        var (wave, run) = await app.ProposeAsync("Jeton");
        using var validator = await app.SignInAsync(app.Validator);
        using var answer = await validator.Client.PostAsJsonAsync($"/api/audience/waves/{wave}/publish", new { run = run.Id });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<(Guid Wave, Guid Run)> MakeAsync(string name, string state)
    {
        if (state == "weighting")
        {
            var wave = await app.AddWaveAsync(name);
            return (wave, (await app.ComputeAsync(wave)).Id);
        }

        var (made, run) = state == "review" ? await app.ProposeAsync(name) : await app.PublishAsync(name, app.Clock.GetUtcNow().AddDays(30));
        return (made, run.Id);
    }

    private static string At(string address, Guid wave, Guid run) => string.Format(System.Globalization.CultureInfo.InvariantCulture, address, wave, run);

    private static async Task HiddenAsync(Browser browser, string address, string secret, HttpStatusCode wanted)
    {
        using var answer = await browser.Client.GetAsync(address);
        Assert.True(answer.StatusCode == wanted, $"{address}: {answer.StatusCode}");
        Assert.DoesNotContain(secret, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, answer.Content.Headers.ContentDisposition?.ToString() ?? "", StringComparison.Ordinal);
    }

    private static async Task<string> WithoutReferenceAsync(HttpResponseMessage answer)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return $"{answer.StatusCode} {problem.GetProperty("type")} {problem.GetProperty("title")}";
    }
}
