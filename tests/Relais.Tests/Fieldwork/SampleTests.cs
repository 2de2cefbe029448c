using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;

namespace Relais.Tests.Fieldwork;

public sealed class SampleTests(FieldworkApp app) : IClassFixture<FieldworkApp>
{
    [Fact]
    public async Task A_file_with_faults_leaves_nothing_behind_and_its_faults_are_kept_line_by_line()
    {
        var wave = await app.AddWaveAsync();
        const string file = "id;phone;zone;priority\na;01 23 45 67 89;;\nb;twelve;;\na;01 23 45 67 90;;\nc;01 23 45 67 91;Europe/Nowhere;\nd;;;\ne;01 23 45 67 92;;12\nf;01 23 45 67 93\n";
        var refused = Assert.IsType<SampleResult.Refused>(await ImportAsync(wave, file));
        Assert.Equal(
            [(3, "phone", "phone"), (4, "id", "id-twice"), (5, "zone", "zone"), (6, "phone", "phone-empty"), (7, "priority", "number"), (8, null, "width")],
            refused.Faults.Select(f => ((int)f.Line!.Value, f.Column, f.Code)));
        Assert.False(await app.InFieldworkAsync(db => db.Cases.AnyAsync(c => c.WaveId == wave.Wave)));
        Assert.Equal(6, await app.InFieldworkAsync(db => db.SampleFaults.CountAsync(f => f.BatchId == refused.Batch)));
        var batch = await app.InFieldworkAsync(db => db.Batches.AsNoTracking().SingleAsync(b => b.Id == refused.Batch));
        Assert.Equal((false, 6L), (batch.Kept!.Value, batch.FaultCount));
    }

    [Fact]
    public async Task An_id_that_is_in_the_wave_already_refuses_the_file()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(3));
        var refused = Assert.IsType<SampleResult.Refused>(await ImportAsync(wave, app.Sample(2)));
        Assert.Equal("id-taken", Assert.Single(refused.Faults).Code);
        Assert.Equal(3, await app.InFieldworkAsync(db => db.Cases.CountAsync(c => c.WaveId == wave.Wave)));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,b\n1,2\n", "column-missing")]
    [InlineData("id,phone\n", "empty")]
    public async Task A_file_that_is_no_sample_is_refused_in_words(string file, string code) =>
        Assert.Contains(Assert.IsType<SampleResult.Refused>(await ImportAsync(await app.AddWaveAsync(), file)).Faults, f => f.Code == code);

    [Fact]
    public async Task Numbers_are_kept_apart_in_E164_and_what_the_sample_says_beside_the_case()
    {
        var wave = await app.AddWaveAsync(sample: "id,phone,phone2,région,nom\nx,01 98 76 54 32,+262 262 12 34 56,\"Île-de-France\",\"Dupont, \"\"Léa\"\"\"\n");
        var held = await wave.MustTakeAsync();
        Assert.Equal(["+33198765432", "+262262123456"], held.Numbers.Select(n => n.Number));
        Assert.Equal("Île-de-France", held.Fields.GetProperty("région").GetString());
        Assert.Equal("Dupont, \"Léa\"", held.Fields.GetProperty("nom").GetString());
        Assert.Equal("Europe/Paris", held.Zone);
    }

    [Fact]
    public async Task Whoever_was_interviewed_lately_is_left_out()
    {
        var sample = app.Sample(3);
        var first = await app.AddWaveAsync(sample: sample);
        await first.CloseAsync(await first.MustTakeAsync(), "complete");
        var second = await app.AddWaveAsync();
        Assert.Equal(1, (await second.ImportAsync(sample, new SampleSettings(InterviewedWithinMonths: 6))).Suppressed);
        var third = await app.AddWaveAsync();
        app.Clock.Advance(TimeSpan.FromDays(200));
        Assert.Equal(0, (await third.ImportAsync(sample, new SampleSettings(InterviewedWithinMonths: 6))).Suppressed);
    }

    [Fact]
    public async Task Numbers_drawn_from_ranges_are_each_there_once_inside_them_and_the_same_again()
    {
        var wave = await app.AddWaveAsync();
        GenerateNumbers.NumberRange[] ranges = [new(33_1_70_00_00_00, 33_1_70_00_00_99), new(33_9_70_00_00_00, 33_9_70_00_00_99)];
        var drawn = await app.DoAsync<GenerateNumbers, EditResult>(g => g.HandleAsync(wave.Wave, ranges, 150, 7, new SampleSettings(), FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        Assert.IsType<EditResult.SavedWave>(drawn);
        var numbers = await app.InFieldworkAsync(db => (from n in db.Numbers join c in db.Cases on n.CaseId equals c.Id where c.WaveId == wave.Wave select n.Number).ToListAsync());
        Assert.Equal((150, 150), (numbers.Count, numbers.Distinct().Count()));
        Assert.All(numbers, n => Assert.Contains(ranges, r => n >= r.First && n <= r.Last));
        var more = await app.DoAsync<GenerateNumbers, EditResult>(g => g.HandleAsync(wave.Wave, ranges, 100, 8, new SampleSettings(), FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        Assert.Equal("ranges-small", Assert.IsType<EditResult.Refused>(more).Code);
        Assert.Equal(150, await app.InFieldworkAsync(db => db.Cases.CountAsync(c => c.WaveId == wave.Wave)));
    }

    [Fact]
    public async Task A_supervisor_sets_a_study_up_through_the_interface_and_an_interviewer_calls_and_neither_does_the_others_work()
    {
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var study = await PostAsync(supervisor, "/api/fieldwork/studies", new { name = $"Étude {Guid.NewGuid():N}" });
        var wave = await PostAsync(supervisor, $"/api/fieldwork/studies/{study.GetProperty("id").GetGuid()}/waves", new
        {
            name = "Vague", from = "2026-01-01", until = "2026-12-31",
            rules = JsonDocument.Parse(Relais.Fieldwork.FieldworkJson.Write(FieldworkApp.Anytime)).RootElement,
        });
        var id = wave.GetProperty("id").GetInt32();
        await PostAsync(supervisor, $"/api/fieldwork/waves/{id}/quotas", new { name = "sexe", hard = true, cells = new[] { new { values = new Dictionary<string, string> { ["sexe"] = "F" }, target = 1 } } });
        using var sent = await supervisor.PostAsync($"/api/fieldwork/waves/{id}/sample?fileName=a.csv", new StringContent(app.Sample(2), Encoding.UTF8, "text/csv"));
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
        Assert.Equal(2, (await sent.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("cases").GetInt32());
        await PostAsync(supervisor, $"/api/fieldwork/waves/{id}/state/running", null);
        var team = await PostAsync(supervisor, "/api/fieldwork/teams", new { name = $"Équipe {Guid.NewGuid():N}", studies = new[] { study.GetProperty("id").GetGuid() } });
        var person = await app.AddPersonAsync(Roles.Interviewer);
        await app.DoAsync<Relais.Fieldwork.Teams.EditTeams, EditResult>(e => e.SetInterviewerAsync(new PersonId(person.Id), team.GetProperty("id").GetGuid(), ["fr"], [], true, FieldworkApp.Of(app.Supervisor), CancellationToken.None));

        using var interviewer = await app.SignInAsync(person);
        var taken = (await PostAsync(interviewer, "/api/fieldwork/cases/next", new { command = Guid.NewGuid() })).GetProperty("case");
        var (held, fence) = (taken.GetProperty("case").GetInt64(), taken.GetProperty("fence").GetInt64());
        await PostAsync(supervisor, "/api/fieldwork/notices", new { text = "Pause à 15 h" });
        var kept = await PostAsync(interviewer, $"/api/fieldwork/cases/{held}/keep", new { fence });
        Assert.Equal("Pause à 15 h", kept.GetProperty("messages")[0].GetProperty("text").GetString());
        Assert.Equal("reserved", (await PostAsync(interviewer, $"/api/fieldwork/cases/{held}/screen", new { command = Guid.NewGuid(), fence, values = new Dictionary<string, string> { ["sexe"] = "F" } })).GetProperty("state").GetString());

        var page = await supervisor.GetAsync($"/fieldwork/waves/{id}");
        Assert.Contains("en entretien", page.Text, StringComparison.Ordinal);
        Assert.Contains(person.UserName, page.Text, StringComparison.Ordinal);
        Assert.Contains("en entretien", await supervisor.Client.GetStringAsync($"/api/fieldwork/waves/{id}/board"), StringComparison.Ordinal);

        Assert.Equal("complete", (await PostAsync(interviewer, $"/api/fieldwork/cases/{held}/close", new { command = Guid.NewGuid(), fence, outcome = "complete" })).GetProperty("outcome").GetString());
        using var again = await interviewer.PostJsonAsync($"/api/fieldwork/cases/{held}/keep", new { fence });
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var forbidden = await interviewer.PostJsonAsync("/api/fieldwork/studies", new { name = "x" });
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        using var other = await supervisor.PostJsonAsync("/api/fieldwork/cases/next", new { command = Guid.NewGuid() });
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await interviewer.GetAsync("/fieldwork")).Status);
        Assert.Contains(await app.InDatabaseAsync(db => db.Kernel.AuditLines.Select(l => l.Action).Distinct().ToListAsync()), a => a == "quota.created");
    }

    [Fact]
    public async Task A_supervisor_takes_a_case_back_and_gives_it_to_somebody_else()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, sample: app.Sample(10));
        var held = await wave.MustTakeAsync();
        Assert.True(await app.DoAsync<Relais.Fieldwork.Board.SteerCases, bool>(s => s.ReleaseAsync(held.Case, wave.People[1].Id, FieldworkApp.Of(app.Supervisor), CancellationToken.None)));
        Assert.Null(await wave.KeepAsync(held));
        Assert.Equal("lost", (await wave.CloseAsync(held, "complete")).State);
        Assert.Equal(held.Case, (await wave.MustTakeAsync(1)).Case);
    }

    [Fact]
    public async Task The_pages_of_fieldwork_make_studies_and_waves_and_say_what_is_wrong()
    {
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var name = $"Page {Guid.NewGuid():N}";
        var page = await supervisor.SubmitAsync(await supervisor.GetAsync("/fieldwork"), "study", ("StudyName", name));
        Assert.Contains(name, page.Text, StringComparison.Ordinal);
        Assert.StartsWith("/fieldwork/studies/", page.Path, StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(await supervisor.GetAsync("/fieldwork"), "study", ("StudyName", name));
        Assert.Contains("déjà pris", page.ErrorOf("StudyName"), StringComparison.Ordinal);
        var study = await app.InFieldworkAsync(db => db.Studies.SingleAsync(s => s.Name == name));
        page = await supervisor.SubmitAsync(await supervisor.GetAsync("/fieldwork"), "wave", ("Sent.StudyId", study.Id.ToString()), ("Sent.Name", "Janvier"), ("Sent.From", "2026-01-05"), ("Sent.Until", "2026-02-01"));
        Assert.StartsWith("/fieldwork/waves/", page.Path, StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(page, "state", ("State", "Running"));
        Assert.Contains("en cours", page.Text, StringComparison.Ordinal);
    }

    private Task<SampleResult> ImportAsync(TestWave wave, string file) => app.DoAsync<ImportSample, SampleResult>(import => import.HandleAsync(
        wave.Wave, "a.csv", () => new MemoryStream(Encoding.UTF8.GetBytes(file)), new SampleSettings(), FieldworkApp.Of(app.Supervisor), CancellationToken.None));

    private static async Task<JsonElement> PostAsync(Browser browser, string address, object? body)
    {
        using var answer = await browser.PostJsonAsync(address, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }
}
