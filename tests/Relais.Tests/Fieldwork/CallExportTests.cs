using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Parquet;
using Relais.Access.Contracts;
using Relais.Fieldwork.Exports;

namespace Relais.Tests.Fieldwork;

/// <summary>How interviews came about, as files: the history of calls and paradata.</summary>
public sealed class CallExportTests(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    [Fact]
    public async Task The_history_of_calls_has_a_row_an_attempt_with_its_code_and_its_place_in_time_and_never_the_number()
    {
        var wave = await app.AddWaveAsync(sample: "id,phone,phone2,zone\n+33111223344,01 11 22 33 44,06 11 22 33 44,Indian/Reunion\n", rules: FieldworkApp.Anytime with { AfterBusyMinutes = 0 });
        await wave.CloseAsync(await wave.MustTakeAsync(), "busy");
        await wave.CloseAsync(await wave.MustTakeAsync(), "given-back");
        await wave.CloseAsync(await wave.MustTakeAsync(), "refused");
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var text = await supervisor.Client.GetStringAsync($"/api/fieldwork/waves/{wave.Wave}/calls.csv");
        Assert.DoesNotContain("11223344", text, StringComparison.Ordinal);
        var rows = Rows(text);
        Assert.Equal(["busy", "given-back", "refused"], rows.Select(r => r["outcome"]));
        Assert.Equal(["3.12", "", "2.112"], rows.Select(r => r["aapor"]));
        Assert.Equal(["1", "2", "3"], rows.Select(r => r["attempt"]));
        Assert.Equal(["1", "0", "1"], rows.Select(r => r["called"]));
        Assert.Equal(["1", "", "2"], rows.Select(r => r["number_order"]));
        Assert.All(rows, r => Assert.Equal(("Indian/Reunion", $"Personne {wave.People[0].UserName}"), (r["zone"], r["interviewer"])));
        Assert.All(rows, r => Assert.EndsWith("+04:00", r["local_start"], StringComparison.Ordinal));
        Assert.All(rows, r => Assert.Equal(DateTimeOffset.Parse(r["start"], CultureInfo.InvariantCulture).ToUnixTimeSeconds(), DateTimeOffset.Parse(r["local_start"], CultureInfo.InvariantCulture).ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task Paradata_say_what_was_asked_when_how_long_and_what_was_changed_but_not_what_was_answered()
    {
        var wave = await app.AddInterviewsAsync();
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await console.SendAsync(TestConsole.Steps);
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var text = await supervisor.Client.GetStringAsync($"/api/fieldwork/waves/{wave.Wave}/paradata.csv");
        Assert.DoesNotContain("Très bien", text, StringComparison.Ordinal);
        var rows = Rows(text);
        Assert.Equal(["sexe", "age", "medias", "station", "mots", "age", "mots"], rows.Select(r => r["question"]));
        Assert.Equal(["1", "2", "3", "4", "6", "2", "6"], rows.Select(r => r["position"]));
        Assert.Equal(["forward", "forward", "forward", "forward", "forward", "back", "back"], rows.Select(r => r["move"]));
        Assert.Equal(["0", "0", "0", "0", "0", "1", "1"], rows.Select(r => r["changed"]));
        Assert.Equal(["1", "1", "1", "1", "1", "1"], rows.Skip(1).Select(r => r["seconds"]));
        Assert.All(rows, r => Assert.Equal(("1", "running", "answer"), (r["questionnaire"], r["state"], r["kind"])));
    }

    [Fact]
    public async Task Whoever_does_not_lead_interviewers_sees_pseudonyms_that_hold_within_the_study_and_each_download_is_audited()
    {
        var (first, second) = (await app.AddInterviewsAsync(), await app.AddInterviewsAsync());
        foreach (var wave in (TestWave[])[first, second])
            await wave.CloseAsync(await wave.MustTakeAsync(), "refused");
        using var researcher = await app.SignInAsync(await app.AddPersonAsync(Roles.Researcher));
        var text = await researcher.Client.GetStringAsync($"/api/fieldwork/waves/{first.Wave}/calls.csv");
        Assert.DoesNotContain("Personne", text, StringComparison.Ordinal);
        Assert.Equal(InterviewerNames.Pseudonym(first.Study, first.People[0].Id), Rows(text)[0]["interviewer"]);
        Assert.NotEqual(InterviewerNames.Pseudonym(first.Study, first.People[0].Id), InterviewerNames.Pseudonym(second.Study, first.People[0].Id));

        foreach (var file in (string[])["calls.parquet", "paradata.parquet"])
        {
            using var table = new MemoryStream(await researcher.Client.GetByteArrayAsync($"/api/fieldwork/waves/{first.Wave}/{file}"));
            await using var read = await ParquetReader.CreateAsync(table);
            Assert.Contains(read.Schema.DataFields, f => f.Name == "interviewer");
        }

        Assert.Equal(["calls.exported", "calls.exported", "paradata.exported"], await app.InDatabaseAsync(db => db.Kernel.AuditLines.Where(l => l.Subject == $"fieldwork-wave:{first.Wave}" && l.Action.EndsWith(".exported")).OrderBy(l => l.Action).Select(l => l.Action).ToListAsync()));
        Assert.Equal(HttpStatusCode.NotFound, (await researcher.Client.GetAsync($"/api/fieldwork/waves/{first.Wave}/calls.sav")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await researcher.Client.GetAsync("/api/fieldwork/waves/999999/paradata.csv")).StatusCode);
        using var interviewer = await app.SignInAsync(first.People[0]);
        Assert.Equal(HttpStatusCode.Forbidden, (await interviewer.Client.GetAsync($"/api/fieldwork/waves/{first.Wave}/calls.csv")).StatusCode);
    }

    [Fact]
    public async Task The_page_of_exports_offers_answers_to_researchers_and_calls_to_supervisors_too()
    {
        var wave = await app.AddInterviewsAsync();
        using var researcher = await app.SignInAsync(await app.AddPersonAsync(Roles.Researcher));
        var page = await researcher.GetAsync("/fieldwork/exports");
        Assert.NotNull(page.Document.QuerySelector($"a[href='/fieldwork/waves/{wave.Wave}/exports']"));
        page = await researcher.GetAsync($"/fieldwork/waves/{wave.Wave}/exports");
        foreach (var link in page.Document.QuerySelectorAll("main a[download]").Select(a => a.GetAttribute("href")!).ToList())
            Assert.Equal(HttpStatusCode.OK, (await researcher.Client.GetAsync(link)).StatusCode);
        Assert.Equal(ExportsApi.Formats.Count + 1 + 4, page.Document.QuerySelectorAll("main a[download]").Length);
        using var supervisor = await app.SignInAsync(app.Supervisor);
        page = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/exports");
        Assert.Equal(4, page.Document.QuerySelectorAll("main a[download]").Length);
        Assert.Contains("réservées", page.Text, StringComparison.Ordinal);
    }

    private static List<Dictionary<string, string>> Rows(string csv)
    {
        var lines = csv.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',')).ToList();
        return lines.Skip(1).Select(l => lines[0].Zip(l).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal)).ToList();
    }
}
