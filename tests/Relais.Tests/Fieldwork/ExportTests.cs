using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Audience;
using Relais.Audience.Inputs;
using Relais.Audience.Samples;
using Relais.Audience.Studies;
using Relais.Audience.Universes;
using Relais.Audience.Waves;
using Relais.Fieldwork.Exports;
using Relais.Fieldwork.Forms.Listening;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Simulation;
using Relais.Tests.Desktops;

namespace Relais.Tests.Fieldwork;

/// <summary>What becomes of interviews: files for statistics programs, and the input of audience figures.</summary>
public sealed class ExportTests(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    [Fact]
    public async Task Every_format_has_every_answer_and_no_phone_number()
    {
        var (wave, records) = await InterviewedAsync(3);
        var researcher = await app.SignInAsync(await app.AddPersonAsync(Roles.Researcher));
        var files = new Dictionary<string, byte[]>();
        foreach (var format in ExportsApi.Formats)
        {
            using var response = await researcher.Client.GetAsync($"/api/fieldwork/waves/{wave.Wave}/interviews.{format}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            files[format] = await response.Content.ReadAsByteArrayAsync();
            Assert.DoesNotContain("+331", Encoding.Latin1.GetString(files[format]), StringComparison.Ordinal);
        }

        var rows = Encoding.UTF8.GetString(files["csv"]).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + records.Count, rows.Length);
        var names = rows[0].Split(',');
        foreach (var question in (string[])["sexe", "tranche_age", "region"])
            Assert.Contains(question, names);

        // SPSS's own format, read by somebody else's program.
        var sav = Path.Combine(app.DataFolder, "interviews.sav");
        await File.WriteAllBytesAsync(sav, files["sav"]);
        var read = (await ReadStatAsync(sav)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + records.Count, read.Length);
        Assert.Equal(names.Length, read[0].Split(',').Length);

        var book = XDocument.Load(new MemoryStream(files["xml"]));
        Assert.Equal(names, book.Descendants().Where(e => e.Name.LocalName == "var").Select(e => e.Attribute("name")!.Value));
        await using var triple = new ZipArchive(new MemoryStream(files["zip"]));
        Assert.Equal([$"interviews-{wave.Wave}.sss", $"interviews-{wave.Wave}.csv"], triple.Entries.Select(e => e.Name));
        await using var definition = await triple.Entries[0].OpenAsync();
        Assert.NotEmpty((await XDocument.LoadAsync(definition, LoadOptions.None, CancellationToken.None)).Descendants("variable"));

        var listening = (await researcher.Client.GetStringAsync($"/api/fieldwork/waves/{wave.Wave}/listening.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("id,station,qh", listening[0].TrimStart('\uFEFF'));
        Assert.Equal(records.Sum(Quarters), listening.Length - 1);
        Assert.Equal(ExportsApi.Formats.Count + 1, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "interviews.exported" && l.Subject == $"fieldwork-wave:{wave.Wave}")));
    }

    [Fact]
    public async Task A_rejected_interview_leaves_the_audience_figures_that_are_not_proposed_yet_and_comes_back_when_that_is_undone()
    {
        var (wave, records) = await InterviewedAsync(3);
        await DesktopsApp.UntilAsync(async () => await InAudienceAsync(db => db.FieldInterviews.CountAsync(i => i.FieldWave == wave.Wave)) == records.Count, TimeSpan.FromSeconds(30));
        var (round, actor) = (await AddRoundAsync(wave), FieldworkApp.Of(app.Supervisor));
        Assert.IsType<ImportResult.Kept>(await app.DoAsync<Relais.Audience.Interviews.TakeInterviews, ImportResult>(t => t.HandleAsync(round, wave.Wave, null, actor, CancellationToken.None)));
        var rejected = await app.InFieldworkAsync(db => db.Interviews.Where(i => i.WaveId == wave.Wave && i.State == InterviewState.Completed).OrderBy(i => i.Id).Select(i => i.Id).FirstAsync());

        Assert.IsType<Relais.Fieldwork.Studies.EditResult.Saved>(await app.DoAsync<Relais.Fieldwork.Reviews.ReviewInterviews, Relais.Fieldwork.Studies.EditResult>(
            r => r.RejectAsync(rejected, "Essai", "other", tell: false, actor, CancellationToken.None)));
        await DesktopsApp.UntilAsync(() => HasAsync(round, records.Count - 1), TimeSpan.FromSeconds(30));
        Assert.Equal(1, await InAudienceAsync(db => db.FieldInterviews.CountAsync(i => i.FieldWave == wave.Wave && i.RejectedAt != null)));

        Assert.IsType<Relais.Fieldwork.Studies.EditResult.Saved>(await app.DoAsync<Relais.Fieldwork.Reviews.ReviewInterviews, Relais.Fieldwork.Studies.EditResult>(
            r => r.RestoreAsync(rejected, actor, CancellationToken.None)));
        await DesktopsApp.UntilAsync(() => HasAsync(round, records.Count), TimeSpan.FromSeconds(30));
    }

    // The file that the next run would take.
    private Task<bool> HasAsync(Guid round, int respondents) => InAudienceAsync(async db =>
        (await ImportFile.LatestAsync(db, round, InputKind.Respondents, CancellationToken.None))?.Rows == respondents);

    [Fact]
    public async Task Interviews_are_for_researchers_and_of_waves_that_are_there()
    {
        var (wave, _) = await InterviewedAsync(1);
        var supervisor = await app.SignInAsync(app.Supervisor);
        Assert.Equal(HttpStatusCode.Forbidden, (await supervisor.Client.GetAsync($"/api/fieldwork/waves/{wave.Wave}/interviews.csv")).StatusCode);
        var researcher = await app.SignInAsync(await app.AddPersonAsync(Roles.Researcher));
        Assert.Equal(HttpStatusCode.NotFound, (await researcher.Client.GetAsync("/api/fieldwork/waves/999999/interviews.csv")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await researcher.Client.GetAsync($"/api/fieldwork/waves/{wave.Wave}/interviews.exe")).StatusCode);
    }

    [Fact]
    public async Task A_completed_interview_becomes_input_of_the_audience_figures_without_a_file()
    {
        var (wave, records) = await InterviewedAsync(2);
        await TakenAsync(wave, records);
    }

    [Fact]
    public async Task An_interview_whose_respondent_objects_leaves_a_wave_that_is_still_worked_at()
    {
        var (wave, records) = await InterviewedAsync(3);
        var before = await TakenAsync(wave, records);
        var gone = await app.InFieldworkAsync(db => db.Interviews.AsNoTracking().Where(i => i.WaveId == wave.Wave && i.Record != null).OrderBy(i => i.Id).FirstAsync());
        await app.DoAsync<Relais.Fieldwork.Privacy.EraseRespondent, Guid?>(e => e.AskAsync(new(null, gone.CaseId), true, FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        app.Clock.Advance(TimeSpan.FromSeconds(6));
        var (round, respondents) = (before[0].WaveId, before.Single(i => i.Kind == InputKind.Respondents).Id);
        await DesktopsApp.UntilAsync(async () => await InAudienceAsync(db => db.Inputs.CountAsync(i => i.WaveId == round && i.Kind == InputKind.Respondents && i.Rows == records.Count - 1)) == 1
            && await InAudienceAsync(db => db.InputChunks.CountAsync(c => c.InputId == respondents)) == 0);
        var listening = await InAudienceAsync(db => db.Inputs.AsNoTracking().Where(i => i.WaveId == round && i.Kind == InputKind.Listening).OrderByDescending(i => i.ImportedAt).FirstAsync());
        Assert.Equal(records.Sum(Quarters) - Quarters(InterviewRecord.Read(gone.Record!)), listening.Rows);
        var kept = await InAudienceAsync(db => db.FieldInterviews.AsNoTracking().SingleAsync(i => i.Id == gone.Id));
        Assert.Equal(("{}", "[]", 0), (kept.Variables, kept.Heard, kept.FieldWave));
    }

    /// <summary>A wave of Audience that has taken the interviews of one in Fieldwork, as a researcher does it: its inputs.</summary>
    private async Task<List<WaveInput>> TakenAsync(TestWave wave, List<InterviewRecord> records)
    {
        await DesktopsApp.UntilAsync(async () => await InAudienceAsync(db => db.FieldInterviews.CountAsync(i => i.FieldWave == wave.Wave)) == records.Count, TimeSpan.FromSeconds(30));

        var round = await AddRoundAsync(wave);
        using var researcher = await app.SignInAsync(await app.AddPersonAsync(Roles.Researcher));
        var page = await researcher.GetAsync($"/audience/waves/{round}/interviews");
        Assert.Contains(records.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
            page.Document.QuerySelectorAll("tbody tr").Single(r => r.InnerHtml.Contains($"take-{wave.Wave}\"", StringComparison.Ordinal)).QuerySelector("td.number")!.TextContent, StringComparison.Ordinal);
        await researcher.SubmitAsync(page, $"take-{wave.Wave}");
        var inputs = await InAudienceAsync(db => db.Inputs.AsNoTracking().Where(i => i.WaveId == round).ToListAsync());
        Assert.Equal(records.Count, inputs.Single(i => i.Kind == InputKind.Respondents).Rows);
        Assert.Equal(records.Sum(Quarters), inputs.Single(i => i.Kind == InputKind.Listening).Rows);
        return inputs;
    }

    /// <summary>A round of audience figures in whose period the interviews of a wave lie.</summary>
    private async Task<Guid> AddRoundAsync(TestWave wave)
    {
        var actor = FieldworkApp.Of(app.Supervisor);
        var today = DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);
        var universe = (UniverseResult.Saved)await app.DoAsync<EditUniverses, UniverseResult>(e => e.AddAsync(
            $"Deux sexes {wave.Wave}", "Essai", today, [new MarginTotal("sex", "F", 100), new MarginTotal("sex", "M", 100)], actor, CancellationToken.None));
        var stations = RadioForm.Definition.Lists.Single(l => l.Name == "station").Choices.Select(c => new StationSetting(c.Name, c.Name, "")).ToList();
        var study = (StudyResult.Saved)await app.DoAsync<EditStudies, StudyResult>(e => e.SaveAsync(
            null, $"Reprise {wave.Wave}", SampleStudy.Settings with { Stations = stations, Groups = [], Targets = [new TargetSetting("Ensemble", "all")] }, actor, CancellationToken.None));
        var round = (WaveResult.Saved)await app.DoAsync<EditWaves, WaveResult>(e => e.CreateAsync(
            new WaveFields(study.Id, "Reprise", today.AddDays(-3), today, universe.Id), actor, CancellationToken.None));
        return round.Id;
    }

    /// <summary>So many interviews with the radio questionnaire, answered by chance from seeds.</summary>
    private async Task<(TestWave Wave, List<InterviewRecord> Records)> InterviewedAsync(int count)
    {
        var wave = await app.AddInterviewsAsync(cases: 40, questionnaire: RadioForm.Json);
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        var program = FormProgram.Compile(RadioForm.Definition);
        var records = new List<InterviewRecord>();
        for (var seed = 1; records.Count < count; seed++)
        {
            await console.BeginAsync();
            var session = FormSession.Start(program, console.Begun.Start);
            var respondent = new SimulatedRespondent(seed);
            while (!session.IsAtEnd)
                Assert.True(respondent.Answer(session, console.Begun.Start.At.AddSeconds(session.Events.Count)), session.Screen().Key);
            await console.SendAsync(session.Events);
            var ended = await InterviewsApp.ReadAsync<EndInterview.Response>(await console.EndAsync(session.Events.Count, session.Disposition ?? "complete"));
            if (ended.Outcome == "complete")
                records.Add(InterviewRecord.Read(Encoding.UTF8.GetString(session.Record(withTimes: true))));
        }

        return (wave, records);
    }

    private static int Quarters(InterviewRecord record)
    {
        var question = RadioForm.Definition.Questions().Single(q => q.ListeningDay is not null);
        return record.Answers.TryGetValue(question.Path!, out var value) ? ListeningJournal.Parse(value, out _)!.Quarters(question.ListeningDay!).Count : 0;
    }

    private Task<T> InAudienceAsync<T>(Func<AudienceDb, Task<T>> ask) => app.DoAsync<AudienceDb, T>(ask);

    private static async Task<string> ReadStatAsync(string file)
    {
        using var process = Process.Start(new ProcessStartInfo("readstat", [file, "-"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (text, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return await text;
    }
}
