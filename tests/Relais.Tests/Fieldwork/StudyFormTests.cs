using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;

namespace Relais.Tests.Fieldwork;

/// <summary>What the forms of fieldwork's pages take and refuse.</summary>
public sealed class StudyFormTests(FieldworkApp app) : IClassFixture<FieldworkApp>
{
    [Fact]
    public async Task The_rules_form_gives_back_the_rules_that_stand()
    {
        foreach (var rules in (CallRules[])[new CallRules(), FieldworkApp.Anytime with { OtherHolidays = [new DateOnly(2026, 12, 24)], AfterMachineMinutes = 95 }])
        {
            var wave = await app.AddWaveAsync(rules: rules);
            using var supervisor = await app.SignInAsync(app.Supervisor);
            var page = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/rules");
            page = await supervisor.SubmitAsync(page, "rules", ("OtherHolidays", page.Document.QuerySelector("[name=OtherHolidays]")!.TextContent));
            Assert.Contains("Les règles sont enregistrées", page.Text, StringComparison.Ordinal);
            var kept = WaveRules.Parse(await app.InFieldworkAsync(db => db.Waves.Where(w => w.Id == wave.Wave).Select(w => w.Rules).SingleAsync()));
            Assert.Equal(Relais.Fieldwork.FieldworkJson.Write(rules with { Hours = [.. rules.Hours.Select(InWeek)], Slots = [.. rules.Slots] }), Relais.Fieldwork.FieldworkJson.Write(kept with { Hours = [.. kept.Hours.Select(InWeek)] }));
        }
    }

    [Fact]
    public async Task A_rule_that_makes_no_sense_is_said_beside_its_row_and_nothing_is_kept()
    {
        var wave = await app.AddWaveAsync(rules: new CallRules());
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/rules");
        page = await supervisor.SubmitAsync(page, "rules", ("hours-1-from", "21:00"), ("MostTries", "0"), ("AfterBusyMinutes", "bientôt"), ("slot-0-tries", "16"), ("OtherHolidays", "Noël"));
        Assert.Contains("5 champ(s)", page.Alert, StringComparison.Ordinal);
        Assert.Contains("Donnez un début et une fin", page.Document.GetElementById("hours-1-error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("De 1 à 15 essais", page.Document.GetElementById("slot-0-error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("n’est pas une date", page.ErrorOf("OtherHolidays"), StringComparison.Ordinal);
        Assert.NotNull(page.ErrorOf("AfterBusyMinutes"));
        Assert.Equal("bientôt", page.ValueOf("AfterBusyMinutes"));
        Assert.Equal(new CallRules().MostTries, WaveRules.Parse(await app.InFieldworkAsync(db => db.Waves.Where(w => w.Id == wave.Wave).Select(w => w.Rules).SingleAsync())).MostTries);
    }

    [Fact]
    public async Task Targets_are_changed_together_or_not_at_all_and_a_quota_goes_only_while_nothing_was_counted()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(4, _ => ",F", ",sexe"));
        var quota = await wave.AddQuotaAsync(true, ("sexe=F", 2), ("sexe=H", 3));
        var cells = await app.InFieldworkAsync(db => db.QuotaCells.Where(c => c.QuotaId == quota).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync());
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/quotas");
        page = await supervisor.SubmitAsync(page, $"targets-{quota:N}", ($"target-{cells[0]}", "12"), ($"target-{cells[1]}", "-1"));
        Assert.Contains("Un nombre entier", page.ErrorOf($"target-{cells[1]}"), StringComparison.Ordinal);
        Assert.Equal([2, 3], await TargetsAsync(quota));
        page = await supervisor.SubmitAsync(page, $"targets-{quota:N}", ($"target-{cells[0]}", "1 200"), ($"target-{cells[1]}", "0"));
        Assert.Equal([1200, 0], await TargetsAsync(quota));
        Assert.NotNull(page.Document.QuerySelector($"#remove-{quota:N}"));

        var held = await wave.MustTakeAsync();
        await wave.ScreenAsync(held, 0, null, ("sexe", "F"));
        page = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/quotas");
        Assert.Null(page.Document.QuerySelector($"#remove-{quota:N}"));
        Assert.IsType<EditResult.Refused>(await app.DoAsync<EditQuotas, EditResult>(e => e.RemoveAsync(quota, FieldworkApp.Of(app.Supervisor), CancellationToken.None)));
    }

    [Fact]
    public async Task A_quota_that_neither_the_questionnaire_nor_the_sample_can_fill_is_said()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(1, _ => ",F", ",sexe"));
        await wave.AddQuotaAsync(true, ("sexe=F", 2));
        using var supervisor = await app.SignInAsync(app.Supervisor);
        Assert.DoesNotContain("Ni le questionnaire ni l’échantillon", (await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/quotas")).Text, StringComparison.Ordinal);
        await wave.AddQuotaAsync(true, ("sexe=F&âge=15-34", 2));
        Assert.Contains("Ni le questionnaire ni l’échantillon ne renseignent : âge", (await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/quotas")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sampling_page_releases_replicates_draws_numbers_and_shows_the_errors_of_a_refused_file()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(6, i => $",{1 + i % 3}", ",replicate"));
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/sampling");
        page = await supervisor.SubmitAsync(page, "release", ("UpTo", "2"));
        Assert.Contains("libérés jusqu’au 2", page.Text, StringComparison.Ordinal);
        Assert.Equal([4, 2], await app.InFieldworkAsync(db => db.Cases.Where(c => c.WaveId == wave.Wave).GroupBy(c => c.State).OrderByDescending(g => g.Key).Select(g => g.Count()).ToListAsync()));

        page = await supervisor.SubmitAsync(page, "numbers", ("Sent.Ranges", "0170000000 - douze"), ("Sent.Count", "10"));
        Assert.Contains("Ce n’est pas une tranche : « 0170000000 - douze »", page.ErrorOf("Sent.Ranges"), StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(page, "numbers", ("Sent.Ranges", "01 71 00 00 00 - 01 71 00 00 09"), ("Sent.Count", "11"), ("Sent.Seed", "7"));
        Assert.Contains("ne contiennent pas assez", page.ErrorOf("Sent.Ranges"), StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(page, "numbers", ("Sent.Ranges", "01 71 00 00 00 - 01 71 00 00 09"), ("Sent.Count", "10"), ("Sent.Seed", "7"), ("Sent.Replicates", "2"));
        Assert.Contains("10 numéros sont tirés (graine 7)", page.Text, StringComparison.Ordinal);

        await app.DoAsync<ImportSample, SampleResult>(i => i.HandleAsync(wave.Wave, "faux.csv", () => new MemoryStream("id,phone\na,douze\n"u8.ToArray()), new SampleSettings(), FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        page = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/sampling");
        page = await supervisor.GetAsync(page.Document.QuerySelector("a[href*='?batch=']")!.GetAttribute("href")!);
        Assert.Contains("« douze » n’est pas un numéro de téléphone", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_team_is_joined_left_and_removed_by_its_pages_and_its_interviewers_stay()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(5));
        var (person, name) = (await app.AddPersonAsync(Roles.Interviewer), $"Équipe {Guid.NewGuid():N}");
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.SubmitAsync(await supervisor.GetAsync($"/fieldwork/teams?study={wave.Study}"), "team", ("Name", name));
        Assert.Contains("Mettez-y maintenant des enquêteurs", page.Text, StringComparison.Ordinal);
        var address = page.Path;
        page = await supervisor.SubmitAsync(page, "join", ("Joining", null), ("JoinLanguages", "fr"));
        Assert.Contains("au moins une personne", page.ErrorOf("Joining"), StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(page, "join", ("Joining", person.Id.ToString()), ("JoinLanguages", "fr, en"), ("JoinSkills", "relance"));
        var who = await app.InFieldworkAsync(db => db.Interviewers.AsNoTracking().SingleAsync(i => i.PersonId == person.Id));
        Assert.Equal(["fr", "en"], who.Languages);
        Assert.Equal(["relance"], who.Skills);
        Assert.NotNull((await (wave with { People = [person] }).TakeAsync()).Case);

        page = await supervisor.SubmitAsync(await supervisor.GetAsync(address), "leave", ("Person", person.Id.ToString()));
        Assert.Contains("n’est plus dans l’équipe", page.Text, StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(await supervisor.GetAsync($"/fieldwork/interviewers/{person.Id}"), "interviewer", ("Sent.Languages", " "));
        Assert.Contains("au moins une langue", page.ErrorOf("Sent.Languages"), StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(await supervisor.GetAsync(address), "remove-team");
        Assert.Equal("/fieldwork/teams", page.Path);
        Assert.DoesNotContain(name, page.Document.QuerySelector("main table")?.TextContent ?? "", StringComparison.Ordinal);
        Assert.True(await app.InFieldworkAsync(db => db.Interviewers.AnyAsync(i => i.PersonId == person.Id)));
    }

    [Fact]
    public async Task Removing_a_quota_gives_the_cases_back_that_its_closed_cells_took_out()
    {
        var wave = await app.AddWaveAsync();
        var quota = await wave.AddQuotaAsync(true, ("sexe=F", 0));
        await wave.ImportAsync(app.Sample(2, _ => ",F", ",sexe"));
        Assert.Equal("no-case", (await wave.TakeAsync()).Why);
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.SubmitAsync(await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/quotas"), $"remove-{quota:N}");
        Assert.Contains("Le quota est supprimé", page.Text, StringComparison.Ordinal);
        Assert.NotNull((await wave.TakeAsync()).Case);
    }

    [Theory]
    [InlineData("sexe;objectif\nF;10\nH;20\n", 2, null)]
    [InlineData("\n\nsexe\tage\tObjectif\r\nF\t15-34\t1 000\r\n", 1, null)]
    [InlineData("sexe,target\n", 0, "empty")]
    [InlineData("sexe;age\nF;10\n", 0, "target-missing")]
    [InlineData("objectif\n10\n", 0, "variables-none")]
    [InlineData("sexe;objectif\nF;10\nF;20\n", 1, "twice")]
    [InlineData("sexe;objectif\n;10\n", 1, "value-empty")]
    [InlineData("sexe;objectif\nF;dix\n", 0, "target")]
    public void A_pasted_table_of_a_quota_is_read_with_its_faults(string text, int cells, string? fault)
    {
        var read = QuotaTable.Read(text);
        Assert.Equal((cells, fault), (read.Cells.Count, read.Faults.Count == 0 ? null : read.Faults[0].Code));
    }

    [Theory]
    [InlineData("01 70 00 00 00 - 01 70 00 99 99", 1, null)]
    [InlineData("+33170000000…+33170009999\n0270000000 à 0270000009", 2, null)]
    [InlineData("01-70-00-00-00 – 01-70-00-99-99", 1, null)]
    [InlineData("0170009999 - 0170000000", 0, "0170009999 - 0170000000")]
    [InlineData("douze", 0, "douze")]
    public void Ranges_of_numbers_are_read_as_people_write_them(string text, int ranges, string? wrong)
    {
        Assert.Equal(ranges, NumberRanges.Read(text, out var said).Count);
        Assert.Equal(wrong, said);
    }

    [Fact]
    public async Task A_team_may_say_that_its_interviewers_are_given_new_cases_during_their_shifts_only()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(9));
        var held = await wave.MustTakeAsync();
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.GetAsync($"/fieldwork/teams/{wave.Team}");
        page = await supervisor.SubmitAsync(page, "team", ("ShiftsOnly", "true"));
        Assert.Contains("C’est enregistré", page.Text, StringComparison.Ordinal);
        // What is in hand goes on.
        Assert.Equal(held.Case, (await wave.MustTakeAsync()).Case);
        await wave.CloseAsync(await wave.MustTakeAsync(), "refused");
        var none = await wave.TakeAsync();
        Assert.Equal(("outside-shift", null), (none.Why, none.Next));

        var (person, zone) = (wave.People[0].Id, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"));
        var tomorrow = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), zone).DateTime).AddDays(1);
        page = await supervisor.GetAsync($"/fieldwork/interviewers/{person}");
        page = await supervisor.SubmitAsync(page, "plan", ("First", FormFields.Write(tomorrow)), ("Last", ""), ("From", "17:00"), ("Until", "16:00"), ("Days", null));
        Assert.Contains("La fin vient après le début", page.ErrorOf("Until"), StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(page, "plan", ("First", FormFields.Write(tomorrow)), ("Last", FormFields.Write(tomorrow.AddDays(6))), ("From", "17:00"), ("Until", "20:00"), ("Days", tomorrow.DayOfWeek.ToString()));
        Assert.Contains("1 vacation(s) ajoutée(s)", page.Text, StringComparison.Ordinal);
        var starts = new DateTimeOffset(tomorrow.ToDateTime(new TimeOnly(17, 0)), zone.GetUtcOffset(tomorrow.ToDateTime(new TimeOnly(17, 0))));
        none = await wave.TakeAsync();
        Assert.Equal(("outside-shift", starts), (none.Why, none.Next));

        app.Clock.Advance(starts - TimeSpan.FromMinutes(9) - app.Clock.GetUtcNow());
        Assert.NotNull((await wave.TakeAsync()).Case);
        var shift = await app.InFieldworkAsync(db => db.Shifts.Where(s => s.PersonId == person).Select(s => s.Id).SingleAsync());
        using var again = await app.SignInAsync(app.Supervisor);
        page = await again.SubmitAsync(await again.GetAsync($"/fieldwork/interviewers/{person}"), "remove-shifts", ("Shifts", shift.ToString()));
        Assert.Contains("1 vacation(s) retirée(s)", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shifts_of_a_team_are_planned_once_and_keep_their_hour_when_summer_time_ends()
    {
        var wave = await app.AddWaveAsync(interviewers: 2);
        var (first, last) = (new DateOnly(2031, 10, 20), new DateOnly(2031, 11, 2));
        var plan = new ShiftPlan(first, last, [DayOfWeek.Monday], new TimeOnly(17, 0), new TimeOnly(20, 0));
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        var people = wave.People.Select(p => p.Id).ToList();
        Assert.Equal(new EditResult.SavedWave(4), await PlanAsync(plan));
        Assert.Equal(new EditResult.Refused("First", "shift-taken"), await PlanAsync(plan with { From = new TimeOnly(19, 0), Until = new TimeOnly(21, 0) }));
        var hours = await app.InFieldworkAsync(db => db.Shifts.Where(s => s.PersonId == people[0]).OrderBy(s => s.From).Select(s => s.From).ToListAsync());
        Assert.Equal([15, 16], hours.Select(h => h.UtcDateTime.Hour));

        Task<EditResult> PlanAsync(ShiftPlan wanted) => app.DoAsync<EditShifts, EditResult>(e => e.PlanAsync(people, wanted, zone, FieldworkApp.Of(app.Supervisor), CancellationToken.None));
    }

    [Fact]
    public async Task A_number_is_looked_up_and_taken_off_a_suppression_list_without_standing_in_an_address_or_the_audit_trail()
    {
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.GetAsync("/fieldwork/suppressions");
        page = await supervisor.SubmitAsync(page, "add", ("ListSource", "Essai"), ("Pasted", "téléphone;nom\n01 55 00 00 01;A\n+33155000002\npersonne\n"));
        Assert.Contains("1 lignes ne sont pas des numéros", page.Text, StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(page, "find", ("Number", "0155000001"));
        Assert.DoesNotContain("155000001", page.Address.ToString(), StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(page, "allow", ("Allowed", page.ValueOf("Allowed")));
        Assert.Contains("n’est plus sur la liste", page.Text, StringComparison.Ordinal);
        Assert.Contains("n’est sur aucune liste", (await supervisor.SubmitAsync(page, "find", ("Number", "0155000001"))).Text, StringComparison.Ordinal);
        Assert.Contains("Ce n’est pas un numéro", (await supervisor.SubmitAsync(page, "find", ("Number", "douze"))).ErrorOf("Number"), StringComparison.Ordinal);
        var audited = await app.InDatabaseAsync(db => db.Kernel.AuditLines.Where(l => l.Action == "number.allowed").Select(l => l.Subject + l.SubjectName + l.Detail).ToListAsync());
        Assert.DoesNotContain("155000001", Assert.Single(audited), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wave_takes_another_version_for_new_interviews_only_of_its_own_study()
    {
        var wave = await app.AddWaveAsync();
        var versions = new List<Guid>();
        foreach (var study in (Guid[])[wave.Study, wave.Study, (await app.AddWaveAsync()).Study])
            versions.Add(((EditResult.Saved)await app.DoAsync<EditStudies, EditResult>(e => e.AddQuestionnaireAsync(study, "Q", "q.xlsx", [1], SampleForm.Json, FieldworkApp.Of(app.Supervisor), CancellationToken.None))).Id);
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/setup");
        page = await supervisor.SubmitAsync(page, "version", ("Version", versions[0].ToString()));
        Assert.Equal(versions[0], await TakenAsync());
        page = await supervisor.SubmitAsync(page, "version", ("Version", versions[2].ToString()));
        Assert.Contains("pas de cette étude", page.ErrorOf("Version"), StringComparison.Ordinal);
        Assert.Equal(versions[0], await TakenAsync());

        Task<Guid?> TakenAsync() => app.InFieldworkAsync(db => db.Waves.Where(w => w.Id == wave.Wave).Select(w => w.QuestionnaireId).SingleAsync());
    }

    [Theory]
    [InlineData("/fieldwork/studies/{0}")]
    [InlineData("/fieldwork/waves/{1}/setup")]
    [InlineData("/fieldwork/waves/{1}/rules")]
    [InlineData("/fieldwork/waves/{1}/quotas")]
    [InlineData("/fieldwork/waves/{1}/quotas/new")]
    [InlineData("/fieldwork/waves/{1}/sampling")]
    [InlineData("/fieldwork/suppressions")]
    [InlineData("/fieldwork/teams")]
    [InlineData("/fieldwork/teams/{2}")]
    [InlineData("/fieldwork/interviewers/{3}")]
    public async Task Pages_that_prepare_studies_are_for_supervisors_and_of_what_is_there(string address)
    {
        var wave = await app.AddWaveAsync();
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, wave.Study, wave.Wave, wave.Team, wave.People[0].Id);
        foreach (var role in (string[])[Roles.Interviewer, Roles.Researcher])
        {
            using var other = await app.SignInAsync(await app.AddPersonAsync(role));
            Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync(path)).Status);
        }

        using var supervisor = await app.SignInAsync(app.Supervisor);
        Assert.Equal(HttpStatusCode.OK, (await supervisor.GetAsync(path)).Status);
        if (address.Contains('{', StringComparison.Ordinal))
            Assert.Equal(HttpStatusCode.NotFound, (await supervisor.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, Guid.NewGuid(), 999_999, Guid.NewGuid(), Guid.NewGuid()))).Status);
    }

    private static CallHours InWeek(CallHours hours) => hours with { Days = [.. hours.Days.Order()] };

    private Task<List<int>> TargetsAsync(Guid quota) => app.InFieldworkAsync(db => db.QuotaCells.AsNoTracking().Where(c => c.QuotaId == quota).OrderBy(c => c.Id).Select(c => c.Target).ToListAsync());
}
