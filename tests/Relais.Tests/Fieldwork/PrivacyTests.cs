using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Privacy;
using Relais.Fieldwork.Reviews;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;

namespace Relais.Tests.Fieldwork;

/// <summary>What is known of a respondent goes when they ask for it, and when its time is over.</summary>
public sealed class PrivacyTests(SteeringApp app) : IClassFixture<SteeringApp>
{
    private const string Name = "Zéphyrine Malbec";

    [Fact]
    public async Task A_respondent_who_asks_is_erased_from_every_table_of_every_study_and_their_outcomes_stay()
    {
        var (first, second) = (await app.AddInterviewsAsync(cases: 1), await app.AddWaveAsync());
        var sample = $"id,phone,phone2,nom,priority\nA-1,01 71 00 11 22,06 71 00 11 23,{Name},0\n";
        await first.ImportAsync(sample);
        await second.ImportAsync(sample.Replace("A-1", "B-7", StringComparison.Ordinal));
        // A refused line shows what stood there.
        await app.DoAsync<ImportSample, SampleResult>(i => i.HandleAsync(
            second.Wave, "a.csv", () => new MemoryStream(Encoding.UTF8.GetBytes($"id,phone\nx,01 71 00 11 22 poste 3\n")), new SampleSettings(), FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        var console = await TestConsole.OpenAsync(app, first.People[0]);
        await console.BeginAsync();
        await console.SendAsync([.. TestConsole.Steps, new(8, Relais.Fieldwork.Forms.Sessions.FormEventKind.Comment, "/radio/mots", $"Mme {Name} rappelle", SampleForm.French, TestConsole.Steps[6].At)]);
        await InterviewsApp.ReadAsync<EndInterview.Response>(await console.EndAsync(8));
        Assert.NotEmpty(await TracesAsync("0171001122", "171001122", "671001123", Name));
        var before = await CountsAsync(first.Wave);

        var found = await app.DoAsync<EraseRespondent, IReadOnlyList<CaseToErase>>(e => e.FindAsync(Respondent.Parse("06.71.00.11.23", null)!, CancellationToken.None));
        Assert.Equal([(2, 1, 1), (2, 1, 0)], found.Select(f => (f.Numbers, f.Fields, f.Interviews)));
        var id = await AskAsync("06 71 00 11 23", answersToo: false);
        await app.EraseAsync();

        // Audience is told through the outbox, a moment later.
        await Desktops.DesktopsApp.UntilAsync(async () => (await TracesAsync("0171001122", "171001122", "671001123", Name)).Count == 0);
        Assert.Equal(before, await CountsAsync(first.Wave));
        var interview = await app.InFieldworkAsync(db => db.Interviews.AsNoTracking().SingleAsync(i => i.Id == console.Begun.Id));
        Assert.Equal("35", InterviewRecord.Read(interview.Record!).Answers["/radio/age"]);
        var done = await app.InFieldworkAsync(db => db.Erasures.AsNoTracking().SingleAsync(e => e.Id == id));
        Assert.Equal((2, 2, 1, 1), (done.Cases, done.Numbers, done.Interviews, done.Comments));
        Assert.NotNull(done.DoneAt);
        var certificate = await app.InDatabaseAsync(db => db.Kernel.AuditLines.SingleAsync(l => l.Action == "respondent.erased" && l.Subject == $"erasure:{id}"));
        Assert.Contains("\"cases\":2", certificate.Detail.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_erased_number_is_never_called_again_whatever_sample_it_comes_in_and_is_not_kept()
    {
        var wave = await app.AddWaveAsync();
        await AskAsync("01 72 00 11 22", answersToo: true);
        await app.EraseAsync();
        Assert.Equal(1, (await wave.ImportAsync($"id,phone,phone2,nom\nx,01 72 00 11 22,06 72 00 11 99,{Name}\ny,01 72 00 11 23,,Autre\n")).Suppressed);
        Assert.Empty(await TracesAsync("172001122", "672001199"));
        using var system = await app.SystemAsync(true, wave.Study);
        var pushed = await SteeringApp.PutAsync(system, $"/api/steering/v1/waves/{wave.Wave}/batches/{Guid.NewGuid()}", new { cases = new[] { new { id = "z", phones = new[] { "+33172001122" } } } });
        Assert.Equal(1, pushed.GetProperty("suppressed").GetInt32());
        Assert.Equal("y", (await wave.MustTakeAsync()).Key);
        await wave.CloseAsync(await wave.MustTakeAsync(), "refused");
        Assert.Null((await wave.TakeAsync()).Case);
        var drawn = await app.DoAsync<GenerateNumbers, EditResult>(g => g.HandleAsync(wave.Wave, [new(33172001120, 33172001129)], 9, 1, new SampleSettings(), FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        Assert.IsType<EditResult.Refused>(drawn);
        Assert.Empty(await TracesAsync("172001122"));
    }

    [Fact]
    public async Task Whoever_objects_has_their_answers_erased_and_other_systems_are_told()
    {
        var wave = await app.AddInterviewsAsync(cases: 2);
        await wave.AddQuotaAsync(true, ("sexe=F", 5));
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await console.SendAsync(TestConsole.Steps);
        await console.EndAsync(7);
        var before = await CountsAsync(wave.Wave);
        var number = await app.InFieldworkAsync(db => db.Numbers.Where(n => n.CaseId == console.Case).Select(n => n.Number).SingleAsync());
        await AskAsync(PhoneNumber.Write(number), answersToo: true);
        await app.EraseAsync();

        Assert.Empty(await app.StoredAsync(console.Begun.Id));
        Assert.Null(await app.InFieldworkAsync(db => db.Interviews.Where(i => i.Id == console.Begun.Id).Select(i => i.Record).SingleAsync()));
        Assert.Equal(before, await CountsAsync(wave.Wave));
        using var system = await app.SystemAsync(false, wave.Study);
        var interviews = (await SteeringApp.GetAsync(system, $"/api/steering/v1/studies/{wave.Study}/interviews")).GetProperty("interviews").EnumerateArray().ToList();
        Assert.Equal("erased", interviews[^1].GetProperty("state").GetString());
        Assert.DoesNotContain("\"35\"", string.Concat(interviews.Select(i => i.GetRawText())), StringComparison.Ordinal);
        var kinds = (await SteeringApp.GetAsync(system, $"/api/steering/v1/studies/{wave.Study}/changes")).GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()).ToList();
        Assert.Equal(["relais.fieldwork.interview.erased", "relais.fieldwork.case.erased"], kinds[^2..]);
    }

    [Fact]
    public async Task A_rejected_interview_is_told_to_other_systems_and_erased_with_the_reason_of_its_rejection()
    {
        const string Reason = "La personne est cousine de l'enquêtrice";
        var wave = await app.AddInterviewsAsync(cases: 1);
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await console.SendAsync(TestConsole.Steps);
        await console.EndAsync(7);
        Assert.IsType<EditResult.Saved>(await app.DoAsync<ReviewInterviews, EditResult>(r => r.RejectAsync(console.Begun.Id, Reason, "other", true, FieldworkApp.Of(app.Supervisor), CancellationToken.None)));
        using var system = await app.SystemAsync(false, wave.Study);
        Assert.Equal(["completed", "rejected"], await FeedAsync());
        Assert.NotEmpty(await TracesAsync(Reason));

        var number = await app.InFieldworkAsync(db => db.Numbers.Where(n => n.CaseId == console.Case).Select(n => n.Number).SingleAsync());
        await AskAsync(PhoneNumber.Write(number), answersToo: true);
        await app.EraseAsync();
        Assert.Empty(await TracesAsync(Reason));
        Assert.Empty(await app.StoredAsync(console.Begun.Id));
        Assert.Equal(["completed", "rejected", "erased"], await FeedAsync());

        async Task<List<string>> FeedAsync() =>
            [.. (await SteeringApp.GetAsync(system, $"/api/steering/v1/studies/{wave.Study}/changes")).GetProperty("events").EnumerateArray()
                .Select(e => e.GetProperty("type").GetString() ?? "").Where(t => t.Contains(".interview.", StringComparison.Ordinal)).Select(t => t.Split('.')[^1])];
    }

    [Fact]
    public async Task A_case_that_an_interviewer_has_in_hand_is_erased_once_they_have_ended_the_call_and_an_appointment_is_not_kept()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, sample: "id,phone\na,01 73 00 11 22\nb,01 73 00 11 22\n");
        var held = await wave.MustTakeAsync();
        await AskAsync("01 73 00 11 22", answersToo: false);
        await app.EraseAsync();
        Assert.Equal([1], await app.InFieldworkAsync(db => db.Erasures.OrderByDescending(e => e.AskedAt).Take(1).Select(e => e.Left.Length).ToListAsync()));
        await wave.CloseAsync(held, "not-available", appointment: new(app.Clock.GetUtcNow().UtcDateTime.AddHours(5), true, false));
        await app.EraseAsync();
        Assert.Empty(await TracesAsync("173001122"));
        app.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Null((await wave.TakeAsync()).Case);
        Assert.Equal([CaseState.Suppressed, CaseState.Suppressed], await app.InFieldworkAsync(db => db.Cases.Where(c => c.WaveId == wave.Wave).Select(c => c.State).ToListAsync()));
    }

    [Fact]
    public async Task An_erasure_that_is_broken_off_goes_on_where_it_was_and_two_nodes_do_each_case_once()
    {
        var wave = await app.AddWaveAsync(sample: string.Concat("id,phone\n", string.Concat(Enumerable.Range(0, 30).Select(i => $"k{i},01 74 00 11 22\n"))));
        var id = await AskAsync("01 74 00 11 22", answersToo: false);
        // Somebody holds the tenth case's record: the work stops there, and its connection is ended.
        await using (var hold = new NpgsqlConnection(app.ConnectionString))
        {
            await hold.OpenAsync();
            await using var turn = await hold.BeginTransactionAsync();
            await using (var tenth = new NpgsqlCommand($"SELECT * FROM fieldwork.case_record WHERE wave_id = {wave.Wave} AND key = 'k9' FOR UPDATE", hold))
                await tenth.ExecuteScalarAsync();
            var broken = app.EraseAsync();
            await Desktops.DesktopsApp.UntilAsync(() => app.InFieldworkAsync(db => db.Database.SqlQueryRaw<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%case_record SET fields%') AS \"Value\"").SingleAsync()));
            await app.InFieldworkAsync(db => db.Database.ExecuteSqlRawAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%case_record SET fields%'"));
            await Assert.ThrowsAnyAsync<Exception>(() => broken);
        }

        Assert.Equal((9, 21), await ProgressAsync(id));
        await Task.WhenAll(app.EraseAsync(), app.EraseAsync());
        await app.EraseAsync();
        Assert.Equal((30, 0), await ProgressAsync(id));
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "respondent.erased" && l.Subject == $"erasure:{id}")));
    }

    [Fact]
    public async Task What_was_recorded_is_still_not_changed_in_any_other_way()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(1));
        await wave.CloseAsync(await wave.MustTakeAsync(), "busy");
        await Assert.ThrowsAsync<PostgresException>(() => app.InFieldworkAsync(db => db.Database.ExecuteSqlAsync($"UPDATE fieldwork.attempt SET comment = NULL, outcome = 1 WHERE wave_id = {wave.Wave}")));
        await Assert.ThrowsAsync<PostgresException>(() => app.InFieldworkAsync(db => db.Database.ExecuteSqlAsync($"UPDATE fieldwork.attempt SET comment = 'autre' WHERE wave_id = {wave.Wave}")));
    }

    [Fact]
    public async Task Numbers_and_columns_of_a_wave_go_when_the_study_keeps_them_no_longer_and_quota_variables_stay()
    {
        var wave = await app.AddWaveAsync();
        await wave.AddQuotaAsync(true, ("sexe=F", 10));
        await wave.ImportAsync($"id,phone,nom,sexe\nR-1,01 75 00 11 22,{Name} fils,F\nR-2,01 75 00 11 23,{Name} fille,H\n");
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.SubmitAsync(await supervisor.GetAsync("/fieldwork/privacy"), $"retain-{wave.Study}", ("Days", "30"));
        Assert.Contains("La durée est enregistrée", page.Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(85));
        await app.EraseAsync();
        Assert.NotEmpty(await TracesAsync("175001122"));
        app.Clock.Advance(TimeSpan.FromDays(10));
        await app.EraseAsync();
        Assert.Empty(await TracesAsync("175001122", "175001123", $"{Name} fil"));
        Assert.Equal(["{\"sexe\": \"F\"}", "{\"sexe\": \"H\"}"], await app.InFieldworkAsync(db => db.Records.Where(r => r.WaveId == wave.Wave).OrderBy(r => r.Key).Select(r => r.Fields).ToListAsync()));
        var closed = await app.InFieldworkAsync(db => db.Waves.AsNoTracking().SingleAsync(w => w.Id == wave.Wave));
        Assert.Equal(WaveState.Closed, closed.State);
        Assert.NotNull(closed.ErasedAt);
        Assert.Null((await wave.TakeAsync()).Case);
    }

    [Fact]
    public async Task A_supervisor_finds_on_a_page_what_would_go_and_erases_it_and_the_number_stands_in_no_address()
    {
        var wave = await app.AddWaveAsync(sample: "id,phone\npage,01 76 00 11 22\n");
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.SubmitAsync(await supervisor.GetAsync("/fieldwork/privacy"), "find", ("Number", "douze"));
        Assert.Contains("Ce n’est pas un numéro", page.ErrorOf("Number"), StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(page, "find", ("Number", "01 76 00 11 22"));
        Assert.Contains("Fiches trouvées : 1", page.Text, StringComparison.Ordinal);
        // Interviewers and boards call a case by its name in the sample.
        page = await supervisor.SubmitAsync(page, "find", ("Number", ""), ("CaseId", "nobody"));
        Assert.Contains("n’existe pas", page.ErrorOf("CaseId"), StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(page, "find", ("Number", ""), ("CaseId", "page"));
        Assert.Contains("Fiches trouvées : 1", page.Text, StringComparison.Ordinal);
        Assert.Equal("", page.Address.Query);
        page = await supervisor.SubmitAsync(page, "erase", ("Sure", null));
        Assert.Contains("Cochez que vous l’avez vérifié", page.Text, StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(await supervisor.SubmitAsync(await supervisor.GetAsync("/fieldwork/privacy"), "find", ("Number", "01 76 00 11 22")), "erase", ("Sure", "true"));
        Assert.Contains("L’effacement est en cours", page.Text, StringComparison.Ordinal);
        Assert.Equal("/fieldwork/privacy", page.Path);
        await app.EraseAsync();
        Assert.Empty(await TracesAsync("176001122"));
        using var interviewer = await app.SignInAsync(wave.People[0]);
        Assert.Equal(HttpStatusCode.Forbidden, (await interviewer.GetAsync("/fieldwork/privacy")).Status);
        using var refused = await interviewer.PostJsonAsync("/api/fieldwork/erasures", new { number = "01 76 00 11 22" });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private async Task<Guid> AskAsync(string number, bool answersToo) => (await app.DoAsync<EraseRespondent, Guid?>(
        e => e.AskAsync(Respondent.Parse(number, null)!, answersToo, FieldworkApp.Of(app.Supervisor), CancellationToken.None)))!.Value;

    private async Task<(int Done, int Left)> ProgressAsync(Guid id)
    {
        var erasure = await app.InFieldworkAsync(db => db.Erasures.AsNoTracking().SingleAsync(e => e.Id == id));
        return (erasure.Cases, erasure.Left.Length);
    }

    /// <summary>The outcomes of a wave's calls and cases, and what its cells count.</summary>
    private Task<string> CountsAsync(int wave) => app.InFieldworkAsync(async db => string.Join(' ', [
        .. (await db.Attempts.Where(a => a.WaveId == wave).OrderBy(a => a.Id).Select(a => a.Outcome).ToListAsync()).Select(o => $"{o}"),
        .. (await db.Cases.Where(c => c.WaveId == wave && c.Outcome != 0).OrderBy(c => c.Id).Select(c => c.Outcome).ToListAsync()).Select(o => $"{o}"),
        .. (await db.QuotaCells.Where(c => c.WaveId == wave).OrderBy(c => c.Id).Select(c => c.Completed).ToListAsync()).Select(o => $"{o}")]));

    /// <summary>Rows of any table of any module that hold one of these texts.</summary>
    private async Task<List<string>> TracesAsync(params string[] texts)
    {
        var (tables, traces) = (new List<string>(), new List<string>());
        await using var connection = new NpgsqlConnection(app.ConnectionString);
        await connection.OpenAsync();
        await using (var list = new NpgsqlCommand("SELECT schemaname || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname IN ('fieldwork', 'kernel', 'audience', 'access')", connection))
        await using (var row = await list.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
                tables.Add(row.GetString(0));
        }

        foreach (var table in tables)
        {
            await using var look = new NpgsqlCommand($"SELECT t::text FROM {table} t WHERE EXISTS (SELECT FROM unnest($1) AS u (x) WHERE replace(t::text, ' ', '') LIKE '%' || replace(x, ' ', '') || '%')", connection);
            look.Parameters.AddWithValue(texts);
            await using var row = await look.ExecuteReaderAsync();
            while (await row.ReadAsync())
                traces.Add($"{table}: {row.GetString(0)}");
        }

        return traces;
    }
}
