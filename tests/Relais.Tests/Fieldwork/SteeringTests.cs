using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Steering;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Fieldwork;

/// <summary>An institute's own steering system pushes samples and quotas, and pulls what came of them.</summary>
public sealed class SteeringTests(SteeringApp app) : IClassFixture<SteeringApp>
{
    [Fact]
    public async Task An_administrator_makes_a_key_that_is_shown_once_reaches_one_study_and_opens_nothing_once_it_is_withdrawn()
    {
        var (mine, other) = (await app.AddWaveAsync(), await app.AddWaveAsync());
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = await administrator.SubmitAsync(await administrator.GetAsync("/system-keys"), "system-key", ("Name", "entrepôt"), ("Days", "90"));
        Assert.Contains("au moins une étude", page.Text, StringComparison.Ordinal);
        page = await administrator.SubmitAsync(await administrator.GetAsync("/system-keys"), "system-key", ("Name", "entrepôt"), ("Days", "90"), ("Resources", SteeredStudies.Resource(mine.Study)));
        var secret = page.Document.GetElementById("system-key")!.TextContent;
        Assert.StartsWith("relais_", secret, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await administrator.GetAsync("/system-keys")).Html, StringComparison.Ordinal);

        using var system = app.ClientOf(secret);
        var study = Assert.Single((await SteeringApp.GetAsync(system, "/api/steering/v1/studies")).EnumerateArray());
        Assert.Equal(mine.Study, study.GetProperty("id").GetGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await system.GetAsync($"/api/steering/v1/studies/{other.Study}/changes")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await system.GetAsync($"/api/steering/v1/waves/{other.Wave}/cases")).StatusCode);
        // It may read, not write; it is no person, and no person is a system.
        using var write = await system.PutAsJsonAsync($"/api/steering/v1/waves/{mine.Wave}/batches/{Guid.NewGuid()}", new { cases = new[] { new { id = "a", phones = new[] { "0144556677" } } } });
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await system.GetAsync($"/api/fieldwork/waves/{mine.Wave}/quotas")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await administrator.Client.GetAsync("/api/steering/v1/studies")).StatusCode);
        page = await administrator.GetAsync("/system-keys");
        Assert.Contains("127.0.0.1", page.Text, StringComparison.Ordinal);

        var key = await app.InDatabaseAsync(db => db.Access.SystemKeys.AsNoTracking().SingleAsync(k => k.Name == "entrepôt"));
        await administrator.SubmitAsync(page, $"revoke-{key.Id}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await system.GetAsync("/api/steering/v1/studies")).StatusCode);
        Assert.Equal(
            ["system-key.made", "system-key.refused", "system-key.revoked", "system-key.used"],
            await app.InDatabaseAsync(db => db.Kernel.AuditLines.Where(l => l.Subject == $"system-key:{key.Id}").Select(l => l.Action).Distinct().Order().ToListAsync()));
        Assert.DoesNotContain(secret, await app.InDatabaseAsync(async db => string.Concat(await db.Kernel.AuditLines.Select(l => l.Detail).ToListAsync())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_ends_at_its_time()
    {
        using var system = await app.SystemAsync();
        Assert.Equal(HttpStatusCode.OK, (await system.GetAsync("/api/steering/v1/studies")).StatusCode);
        app.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(HttpStatusCode.Unauthorized, (await system.GetAsync("/api/steering/v1/studies")).StatusCode);
        using var guess = app.ClientOf("relais_" + new string('A', 43));
        Assert.Equal(HttpStatusCode.Unauthorized, (await guess.GetAsync("/api/steering/v1/studies")).StatusCode);
    }

    [Fact]
    public async Task An_operator_makes_lists_and_ends_a_key_on_the_command_line()
    {
        var wave = await app.AddWaveAsync();
        Assert.Contains(SteeredStudies.Resource(wave.Study), (await VerbAsync("keys scopes")).Text, StringComparison.Ordinal);
        Assert.Equal(2, (await VerbAsync("keys create", "--name", "x")).Code);
        Assert.Equal(2, (await VerbAsync("keys create", "--name", "x", "--scope", "fieldwork-study:rien")).Code);
        var (code, made) = await VerbAsync("keys create", "--name", "cron", "--scope", SteeredStudies.Resource(wave.Study), "--days", "7");
        Assert.Equal(0, code);
        var (id, secret) = (made.Split(' ')[0], made.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim());
        using var system = app.ClientOf(secret);
        Assert.Equal(HttpStatusCode.OK, (await system.GetAsync("/api/steering/v1/studies")).StatusCode);
        Assert.Contains($"{secret[..13]}…  cron  read  ", (await VerbAsync("keys list")).Text, StringComparison.Ordinal);
        Assert.Equal(0, (await VerbAsync("keys revoke", id)).Code);
        Assert.Equal(1, (await VerbAsync("keys revoke", Guid.NewGuid().ToString())).Code);
        Assert.Equal(HttpStatusCode.Unauthorized, (await system.GetAsync("/api/steering/v1/studies")).StatusCode);
    }

    [Fact]
    public async Task A_batch_is_answered_row_by_row_and_sent_again_the_same()
    {
        var wave = await app.AddWaveAsync(sample: "id,phone\nthere,0155667788\n");
        using var system = await app.SystemAsync(true, wave.Study);
        object Body(bool all) => new
        {
            allOrNothing = all,
            cases = new object[]
            {
                new { id = "a", phones = new[] { "01 55 66 77 01", "+33 6 55 66 77 02" }, language = "fr", priority = 2, fields = new Dictionary<string, string> { ["région"] = "IDF", ["nom"] = "Dupont" } },
                new { id = "b", phones = new[] { "douze" } },
                new { id = "there", phones = new[] { "0155667788" } },
                new { id = "a", phones = new[] { "0155667703" } },
                new { id = "c", phones = new[] { "0155667704" }, zone = "Europe/Nowhere" },
                new { id = "d", phones = new[] { "0155667705" } },
            },
        };
        var address = $"/api/steering/v1/waves/{wave.Wave}/batches/";
        using var refused = await system.PutAsJsonAsync(address + Guid.NewGuid(), Body(true));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(["held-back", "refused", "already", "refused", "refused", "held-back"], States(await refused.Content.ReadFromJsonAsync<JsonElement>()));
        Assert.Equal(1, await app.InFieldworkAsync(db => db.Cases.CountAsync(c => c.WaveId == wave.Wave)));

        var batch = Guid.NewGuid();
        var taken = await SteeringApp.PutAsync(system, address + batch, Body(false));
        Assert.Equal(["added", "refused", "already", "refused", "refused", "added"], States(taken));
        Assert.Equal(("taken-in-part", 2, 3), (taken.GetProperty("state").GetString(), taken.GetProperty("added").GetInt32(), taken.GetProperty("refused").GetInt32()));
        Assert.Equal(["phone", "id-twice", "zone"], taken.GetProperty("rows").EnumerateArray().SelectMany(r => r.GetProperty("faults").EnumerateArray()).Select(f => f.GetProperty("code").GetString()));
        // Meanwhile the answer was lost on its way.
        Assert.Equal(taken.GetRawText(), (await SteeringApp.PutAsync(system, address + batch, Body(false))).GetRawText());
        using var differs = await system.PutAsJsonAsync(address + batch, Body(true));
        await InterviewsApp.RefusedAsync(differs, HttpStatusCode.Conflict, "batch-differs");
        // Under another id of its batch, a case that is there is not taken twice; with another number it is refused.
        var again = await SteeringApp.PutAsync(system, address + Guid.NewGuid(), new { cases = new object[] { new { id = "d", phones = new[] { "0155667705" } }, new { id = "there", phones = new[] { "0155667700" } } } });
        Assert.Equal(["already", "refused"], States(again));
        Assert.Equal(3, await app.InFieldworkAsync(db => db.Cases.CountAsync(c => c.WaveId == wave.Wave)));

        var id = taken.GetProperty("rows")[0].GetProperty("case").GetInt64();
        var record = await app.InFieldworkAsync(db => db.Records.AsNoTracking().SingleAsync(r => r.CaseId == id));
        Assert.Equal("a", record.Key);
        Assert.Contains("Dupont", record.Fields, StringComparison.Ordinal);
        Assert.Equal([33155667701, 33655667702], await app.InFieldworkAsync(db => db.Numbers.Where(n => n.CaseId == id).OrderBy(n => n.Position).Select(n => n.Number).ToListAsync()));
        Assert.Contains("sample.pushed", await app.InDatabaseAsync(db => db.Kernel.AuditLines.Where(l => l.Actor.StartsWith("system-key:")).Select(l => l.Action).ToListAsync()));
    }

    [Fact]
    public async Task Quotas_are_brought_to_what_the_system_says_and_the_same_again_changes_nothing()
    {
        var wave = await app.AddWaveAsync();
        using var system = await app.SystemAsync(true, wave.Study);
        var address = $"/api/steering/v1/waves/{wave.Wave}/quotas/sexe";
        static object Body(int women, bool? closed = null) => new
        {
            hard = true,
            cells = new object[] { new { values = new Dictionary<string, string> { ["sexe"] = "F" }, target = women, closed }, new { values = new Dictionary<string, string> { ["sexe"] = "H" }, target = 40 } },
        };
        Assert.Equal([50, 40], Targets(await SteeringApp.PutAsync(system, address, Body(50))));
        Assert.Equal([50, 40], Targets(await SteeringApp.PutAsync(system, address, Body(50))));
        Assert.Equal([60, 40], Targets(await SteeringApp.PutAsync(system, address, Body(60, true))));
        Assert.True((await SteeringApp.GetAsync(system, $"/api/steering/v1/waves/{wave.Wave}/quotas"))[0].GetProperty("shut").GetBoolean());
        using var unknown = await system.PutAsJsonAsync(address, new { hard = true, cells = new object[] { new { values = new Dictionary<string, string> { ["sexe"] = "H" }, target = 7 }, new { values = new Dictionary<string, string> { ["sexe"] = "X" }, target = 1 } } });
        await InterviewsApp.RefusedAsync(unknown, HttpStatusCode.Conflict, "cell-unknown");
        Assert.Equal([60, 40], Targets(await SteeringApp.GetAsync(system, $"/api/steering/v1/waves/{wave.Wave}/quotas")));
        var changes = await SteeringApp.GetAsync(system, $"/api/steering/v1/studies/{wave.Study}/changes");
        Assert.Equal("relais.fieldwork.quota-cell.closed", Assert.Single(changes.GetProperty("events").EnumerateArray()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_reader_who_goes_on_from_its_cursor_misses_nothing_when_transactions_end_out_of_order()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, sample: app.Sample(4));
        using var system = await app.SystemAsync(false, wave.Study);
        var (first, second) = (await wave.MustTakeAsync(), await wave.MustTakeAsync(1));
        // The first writes its change, and its transaction stays open while the second one's ends.
        await using var slow = new NpgsqlConnection(app.ConnectionString);
        await slow.OpenAsync();
        await using var turn = await slow.BeginTransactionAsync();
        await using (var tell = new NpgsqlCommand("INSERT INTO fieldwork.study_change (event_id, study_id, wave_id, case_id, kind, at, facts) SELECT gen_random_uuid(), study_id, id, $2, 'case.erased', now(), '{}' FROM fieldwork.wave WHERE id = $1", slow))
        {
            tell.Parameters.AddWithValue(wave.Wave);
            tell.Parameters.AddWithValue(first.Case);
            await tell.ExecuteNonQueryAsync();
        }

        await wave.CloseAsync(second, "busy", 1);
        var seen = await PullAsync(system, wave.Study, "");
        Assert.Equal([$"case/{second.Case}"], seen.Subjects);
        await turn.CommitAsync();
        seen = await PullAsync(system, wave.Study, seen.Cursor);
        Assert.Equal([$"case/{first.Case}"], seen.Subjects);
        Assert.Empty((await PullAsync(system, wave.Study, seen.Cursor)).Subjects);
        Assert.Equal([$"case/{second.Case}", $"case/{first.Case}"], (await PullAsync(system, wave.Study, "")).Subjects);
    }

    [Fact]
    public async Task Many_writers_and_a_reader_who_pulls_a_few_at_a_time_end_up_with_every_change_once_in_one_order()
    {
        var wave = await app.AddWaveAsync(interviewers: 4, sample: app.Sample(40));
        using var system = await app.SystemAsync(false, wave.Study);
        var calls = Enumerable.Range(0, 4).Select(async person =>
        {
            for (var i = 0; i < 8; i++)
                await wave.CloseAsync(await wave.MustTakeAsync(person), "no-answer", person);
        }).ToList();
        var (sequences, cursor) = (new List<string>(), "");
        while (sequences.Count < 32)
        {
            if (calls.Find(c => c.IsFaulted) is { } failed)
                await failed;
            var changes = await SteeringApp.GetAsync(system, $"/api/steering/v1/studies/{wave.Study}/changes?limit=3&after={cursor}");
            sequences.AddRange(changes.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("sequence").GetString()!));
            cursor = changes.GetProperty("cursor").GetString()!;
        }

        await Task.WhenAll(calls);
        Assert.Equal(32, sequences.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(sequences.Order(StringComparer.Ordinal), sequences);
        var all = await SteeringApp.GetAsync(system, $"/api/steering/v1/studies/{wave.Study}/changes?kinds=case.outcome");
        Assert.Equal(sequences, all.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("sequence").GetString()));
    }

    [Fact]
    public async Task A_cursor_from_before_what_is_kept_is_refused_and_not_answered_with_a_gap()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(4));
        using var system = await app.SystemAsync(false, wave.Study);
        await wave.CloseAsync(await wave.MustTakeAsync(), "busy");
        var cursor = (await PullAsync(system, wave.Study, "")).Cursor;
        await wave.CloseAsync(await wave.MustTakeAsync(), "busy");
        await PullAsync(system, wave.Study, cursor);
        app.Clock.Advance(TimeSpan.FromDays(20));
        await app.InFieldworkAsync(db => ChangeFeed.ForgetAsync(db, app.Clock.GetUtcNow().AddDays(-10), CancellationToken.None));
        await InterviewsApp.RefusedAsync(await system.GetAsync($"/api/steering/v1/studies/{wave.Study}/changes?after={cursor}"), HttpStatusCode.Gone, "cursor-too-old");
        await InterviewsApp.RefusedAsync(await system.GetAsync($"/api/steering/v1/studies/{wave.Study}/changes?after=hier"), HttpStatusCode.BadRequest, "cursor");
        await InterviewsApp.RefusedAsync(await system.GetAsync($"/api/steering/v1/studies/{wave.Study}/changes?kinds=rien"), HttpStatusCode.BadRequest, "kind-unknown");
        Assert.Empty((await PullAsync(system, wave.Study, "")).Subjects);
    }

    [Fact]
    public async Task Completed_interviews_are_pulled_with_their_answers_and_without_a_number()
    {
        var wave = await app.AddInterviewsAsync();
        using var system = await app.SystemAsync(false, wave.Study);
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await console.SendAsync(TestConsole.Steps);
        await console.EndAsync(7);
        var pulled = await SteeringApp.GetAsync(system, $"/api/steering/v1/studies/{wave.Study}/interviews");
        var interview = Assert.Single(pulled.GetProperty("interviews").EnumerateArray());
        Assert.Equal(("completed", console.Case, "35"), (interview.GetProperty("state").GetString(), interview.GetProperty("case").GetInt64(), interview.GetProperty("answers").GetProperty("/radio/age").GetString()));
        Assert.DoesNotContain("+33", pulled.GetRawText(), StringComparison.Ordinal);
        Assert.Empty((await SteeringApp.GetAsync(system, $"/api/steering/v1/studies/{wave.Study}/interviews?after={pulled.GetProperty("cursor").GetString()}")).GetProperty("interviews").EnumerateArray());
        var cases = await SteeringApp.GetAsync(system, $"/api/steering/v1/waves/{wave.Wave}/cases");
        Assert.Equal(("done", "complete", "1.1"), cases.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("case").GetInt64() == console.Case)
            .Select(c => (c.GetProperty("state").GetString(), c.GetProperty("outcome").GetString(), c.GetProperty("aapor").GetString())).Single());
    }

    [Fact]
    public async Task A_system_subscribes_itself_to_its_own_study_and_to_no_other()
    {
        var (mine, other) = (await app.AddWaveAsync(), await app.AddWaveAsync());
        using var system = await app.SystemAsync(true, mine.Study);
        using var response = await system.PostAsJsonAsync($"/api/steering/v1/studies/{mine.Study}/webhooks", new { name = "pilotage", url = "https://pilotage.example/hook", kinds = new[] { "case.outcome" } });
        var made = await SteeringApp.JsonAsync(response);
        Assert.StartsWith("whsec_", made.GetProperty("secret").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await SteeringApp.GetAsync(system, $"/api/steering/v1/studies/{mine.Study}/webhooks"))[0].GetProperty("secret").ValueKind);
        var theirs = await app.SubscribeAsync(other.Study, "https://pilotage.example/hook");
        Assert.Equal(HttpStatusCode.NotFound, (await system.DeleteAsync($"/api/steering/v1/webhooks/{theirs.Webhook.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await system.GetAsync($"/api/steering/v1/webhooks/{theirs.Webhook.Id}/deliveries")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await system.PostAsJsonAsync($"/api/steering/v1/studies/{other.Study}/webhooks", new { name = "x", url = "https://a.example/" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await system.DeleteAsync($"/api/steering/v1/webhooks/{made.GetProperty("id").GetGuid()}")).StatusCode);
    }

    [Fact]
    public async Task The_interface_describes_itself()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var described = (await SteeringApp.GetAsync(administrator.Client, "/openapi/v1.json")).GetProperty("paths");
        foreach (var path in new[] { "studies/{study}/changes", "studies/{study}/interviews", "waves/{wave}/batches/{batch}", "waves/{wave}/quotas/{name}", "studies/{study}/webhooks" })
            Assert.True(described.TryGetProperty($"/api/steering/v1/{path}", out _), path);
    }

    [Fact]
    public async Task The_examples_of_the_documentation_are_run()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(3));
        await wave.CloseAsync(await wave.MustTakeAsync(), "busy");
        using var system = await app.SystemAsync(true, wave.Study);
        var text = await File.ReadAllTextAsync(Path.Combine(RelaisApp.Repository(), "docs", "steering-api.md"));
        var commands = text.Split("```sh\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]).ToList();
        Assert.Equal(5, commands.Count);
        await using var run = TestProgram.Start(
            "bash", ["-euc", string.Join("echo\n", commands) + "echo the-end\n"], ("RELAIS", app.Address.ToString().TrimEnd('/')), ("CA", Path.Combine(app.DataFolder, "tls", "ca.crt")),
            ("KEY", system.DefaultRequestHeaders.Authorization!.Parameter!), ("STUDY", wave.Study.ToString()), ("WAVE", $"{wave.Wave}"));
        await Desktops.DesktopsApp.UntilAsync(() => Task.FromResult(run.ExitCode is > 0 || (run.ExitCode is 0 && run.Said.Contains("the-end", StringComparison.Ordinal))));
        Assert.True(run.ExitCode == 0, run.Said);
        foreach (var expected in new[] { "\"state\":\"taken-in-part\"", "\"code\":\"phone\"", "\"target\":520", "relais.fieldwork.case.outcome", "whsec_" })
            Assert.Contains(expected, run.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_in_Parquet_is_taken_by_the_same_rules_as_one_in_CSV()
    {
        var wave = await app.AddWaveAsync();
        await wave.AddQuotaAsync(true, ("sexe=F", 10));
        var taken = Assert.IsType<SampleResult.Kept>(await ImportAsync(wave, await ParquetAsync(["id", "phone", "sexe", "age"], ["p1", "01 66 77 88 01", "F", "34"], ["p2", "01 66 77 88 02", "H", null])));
        Assert.Equal(2, taken.Cases);
        var fields = await app.InFieldworkAsync(db => db.Records.Where(r => r.WaveId == wave.Wave).OrderBy(r => r.Key).Select(r => r.Fields).ToListAsync());
        Assert.Equal(["F", "34"], [Field(fields[0], "sexe"), Field(fields[0], "age")]);
        Assert.Equal("", Field(fields[1], "age"));

        var refused = Assert.IsType<SampleResult.Refused>(await ImportAsync(wave, await ParquetAsync(["id", "phone", "age"], ["q1", "douze", "1"], ["", "01 66 77 88 03", "2"], ["q3", "01 66 77 88 04", "3"], ["q3", "01 66 77 88 05", "4"])));
        Assert.Equal([(1, "phone", "phone"), (2, "id", "id-empty"), (4, "id", "id-twice")], refused.Faults.Select(f => ((int)f.Line!.Value, f.Column, f.Code)));
        refused = Assert.IsType<SampleResult.Refused>(await ImportAsync(wave, await ParquetAsync(["id", "phone_", "age"], ["q1", "x", "1"])));
        Assert.Contains(refused.Faults, f => f is { Code: "column-missing", Column: "phone" });
        var damaged = await ParquetAsync(["id", "phone", "age"], ["q1", "01 66 77 88 01", "1"]);
        damaged.AsSpan(damaged.Length / 2, 16).Clear();
        Assert.IsType<SampleResult.Refused>(await ImportAsync(wave, damaged[..^20]));
        Assert.Equal(2, await app.InFieldworkAsync(db => db.Cases.CountAsync(c => c.WaveId == wave.Wave)));
    }

    private async Task<(int Code, string Text)> VerbAsync(string name, params string[] arguments)
    {
        await using var output = new StringWriter();
        var verb = app.Services.GetServices<Verb>().Single(v => v.Name == name);
        return (await verb.Run(new VerbCall(app.Services, arguments, output, output), CancellationToken.None), output.ToString());
    }

    private static async Task<byte[]> ParquetAsync(string[] columns, params string?[][] rows)
    {
        using var file = new MemoryStream();
        var table = new Relais.Fieldwork.Exports.ExportTable(
            "échantillon", [.. columns.Select(c => new Relais.Fieldwork.Exports.ExportColumn(c, c, c == "age" ? Relais.Fieldwork.Exports.ExportKind.Whole : Relais.Fieldwork.Exports.ExportKind.Text))], _ => rows.ToAsyncEnumerable());
        await Relais.Fieldwork.Exports.ExportParquet.WriteAsync(file, table, CancellationToken.None);
        return file.ToArray();
    }

    private Task<SampleResult> ImportAsync(TestWave wave, byte[] file) => app.DoAsync<ImportSample, SampleResult>(import => import.HandleAsync(
        wave.Wave, "a.parquet", () => new MemoryStream(file), new SampleSettings(), FieldworkApp.Of(app.Supervisor), CancellationToken.None));

    private static string? Field(string fields, string name)
    {
        using var document = JsonDocument.Parse(fields);
        return document.RootElement.GetProperty(name).GetString();
    }

    private static async Task<(List<string?> Subjects, string Cursor)> PullAsync(HttpClient system, Guid study, string after)
    {
        var changes = await SteeringApp.GetAsync(system, $"/api/steering/v1/studies/{study}/changes?after={after}");
        return ([.. changes.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("subject").GetString())], changes.GetProperty("cursor").GetString()!);
    }

    private static IEnumerable<string?> States(JsonElement answer) => answer.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("state").GetString());

    private static IEnumerable<int> Targets(JsonElement cells) => cells.EnumerateArray().Select(c => c.GetProperty("target").GetInt32());
}
