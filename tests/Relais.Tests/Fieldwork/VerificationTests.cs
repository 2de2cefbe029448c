using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Relais.Fieldwork.Privacy;
using Relais.Fieldwork.Reviews;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Verification;
using Relais.Kernel.Verbs;
using Relais.Tests.Desktops;

namespace Relais.Tests.Fieldwork;

/// <summary><c>relais fieldwork verify</c> on a wave that was worked well, and on the same with a row broken by hand.</summary>
public sealed class VerificationTests(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    private const short NoAnswer = 15;
    private const short Silent = 27;

    private static readonly DayOfWeek[] AllDays = Enum.GetValues<DayOfWeek>();

    private static readonly CallRules Rules = new()
    {
        Hours = [new CallHours(AllDays, new TimeOnly(8, 0), new TimeOnly(21, 0))], Holidays = "", Slots = [new CallSlot("jour", AllDays, new TimeOnly(8, 0), new TimeOnly(21, 0), 2)],
        MostTries = 2, MostCallsIn30Days = 2,
    };

    // As a defect or a hand in the database would leave it: the triggers that freeze the history are off. {0} is the wave.
    public static TheoryData<string, string> Breaks => new()
    {
        { Broken.Hours, $"UPDATE fieldwork.attempt SET \"from\" = \"from\" - interval '11 hours', until = until - interval '11 hours' WHERE wave_id = {{0}} AND outcome = {Silent}" },
        { Broken.Delay, $"UPDATE fieldwork.attempt a SET \"from\" = b.until + interval '1 minute', until = b.until + interval '2 minutes' FROM fieldwork.attempt b WHERE b.case_id = a.case_id AND b.id < a.id AND a.wave_id = {{0}} AND a.outcome = {NoAnswer}" },
        { Broken.Tries, Again(NoAnswer, "130 minutes") },
        { Broken.ThirtyDays, Again(NoAnswer, "130 minutes") },
        { Broken.Rest, Again(Silent, "125 minutes") },
        { Broken.HeldTwice, $"UPDATE fieldwork.attempt a SET until = until + interval '4 hours' WHERE wave_id = {{0}} AND outcome = {NoAnswer} AND EXISTS (SELECT 1 FROM fieldwork.attempt b WHERE b.case_id = a.case_id AND b.id > a.id)" },
        { Broken.Appointment, "UPDATE fieldwork.appointment SET at = at + interval '3 hours' WHERE wave_id = {0}" },
        { Broken.Appointment, "UPDATE fieldwork.appointment SET person_id = gen_random_uuid() WHERE wave_id = {0}" },
        { Broken.Appointment, "DELETE FROM fieldwork.appointment WHERE wave_id = {0}" },
        { Broken.Suppressed, $"INSERT INTO fieldwork.suppression (number, source, at) SELECT n.number, 'test', a.\"from\" - interval '1 day' FROM fieldwork.attempt a JOIN fieldwork.case_number n ON n.case_id = a.case_id WHERE a.wave_id = {{0}} AND a.outcome = {Silent}" },
        { Broken.Quota, "UPDATE fieldwork.quota_cell SET completed = completed + 1 WHERE wave_id = {0} AND completed > 0" },
        { Broken.Quota, "INSERT INTO fieldwork.reservation (case_id, cell_id, at) SELECT a.case_id, c.id, now() FROM fieldwork.attempt a JOIN fieldwork.quota_cell c ON c.wave_id = a.wave_id WHERE a.wave_id = {0} AND a.outcome = 1 LIMIT 1" },
        { Broken.Overshoot, "UPDATE fieldwork.quota_cell SET target = 0 WHERE wave_id = {0} AND completed > 0" },
        { Broken.State, "DELETE FROM fieldwork.hold WHERE wave_id = {0}" },
        { Broken.State, "UPDATE fieldwork.cases SET tries = tries + 1 WHERE wave_id = {0} AND tries > 0" },
        { Broken.Answers, "DELETE FROM fieldwork.interview_event e USING fieldwork.interview i WHERE i.id = e.interview_id AND i.wave_id = {0} AND e.sequence = 7" },
        { Broken.Answers, "UPDATE fieldwork.interview_event e SET value = '43' FROM fieldwork.interview i WHERE i.id = e.interview_id AND i.wave_id = {0} AND e.sequence = 6" },
        { Broken.Arrival, "DELETE FROM audience.field_interview WHERE \"FieldWave\" = {0}" },
    };

    [Fact]
    public async Task Nothing_is_wrong_with_a_wave_that_was_worked_well_also_while_somebody_calls()
    {
        var wave = await WorkedAsync();
        var journal = await JournalAsync(wave, value: "34");
        Assert.Equal((0, ""), await VerifyAsync(wave, "--journal", journal));
    }

    [Fact]
    public async Task What_was_rejected_restored_or_erased_on_purpose_is_not_taken_for_a_loss()
    {
        var wave = await WorkedAsync();
        var journal = await JournalAsync(wave, value: "34");
        var interview = await app.InFieldworkAsync(db => db.Interviews.AsNoTracking().SingleAsync(i => i.WaveId == wave.Wave));
        Assert.IsType<EditResult.Saved>(await app.DoAsync<ReviewInterviews, EditResult>(r => r.RejectAsync(interview.Id, "Essai", "other", false, FieldworkApp.Of(app.Supervisor), CancellationToken.None)));
        Assert.Equal((0, ""), await VerifyAsync(wave, "--journal", journal));
        Assert.IsType<EditResult.Saved>(await app.DoAsync<ReviewInterviews, EditResult>(r => r.RestoreAsync(interview.Id, FieldworkApp.Of(app.Supervisor), CancellationToken.None)));
        Assert.Equal((0, ""), await VerifyAsync(wave, "--journal", journal));

        Assert.NotNull(await app.DoAsync<EraseRespondent, Guid?>(e => e.AskAsync(new(null, interview.CaseId), true, FieldworkApp.Of(app.Supervisor), CancellationToken.None)));
        await new CareForErasures(app.Services.GetRequiredService<IServiceScopeFactory>(), app.Clock, NullLogger<CareForErasures>.Instance).LookAsync(CancellationToken.None);
        Assert.Equal((0, ""), await VerifyAsync(wave, "--journal", journal));
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_row_that_is_broken_by_hand_is_found(string rule, string sql)
    {
        var wave = await WorkedAsync();
        var script = $"BEGIN; SET LOCAL session_replication_role = replica; {sql.Replace("{0}", wave.Wave.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}; COMMIT";
        await app.InFieldworkAsync(db => db.Database.ExecuteSqlRawAsync(script));
        var (code, wrong) = await VerifyAsync(wave);
        Assert.Equal(1, code);
        Assert.Contains($"|{rule}|", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_acknowledged_answer_that_is_another_one_or_of_no_interview_is_found()
    {
        var wave = await WorkedAsync();
        Assert.Equal((1, $"|{Broken.Answers}|"), await VerifyAsync(wave, "--journal", await JournalAsync(wave, value: "33")));
        var lost = Path.GetTempFileName();
        await File.WriteAllTextAsync(lost, $"{Guid.NewGuid()}\t1\t/radio/age\t34\n");
        Assert.Equal((1, $"|{Broken.Answers}|"), await VerifyAsync(wave, "--journal", lost));
    }

    [Fact]
    public async Task A_wave_that_is_not_there_and_a_file_that_is_no_journal_are_said()
    {
        Assert.Equal(2, (await RunAsync("--wave", "999999")).Code);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "bonjour\n");
        var (code, _, error) = await RunAsync("--journal", file);
        Assert.Equal(2, code);
        Assert.Contains("no line of a journal", error, StringComparison.Ordinal);
    }

    // An interview, two calls without an answer, a silent one, an appointment that was kept, a case in somebody's hands.
    private async Task<TestWave> WorkedAsync()
    {
        var now = app.Clock.GetUtcNow();
        app.Clock.Advance(now.Date.AddDays(1).AddHours(11) - now.UtcDateTime);
        var wave = await app.AddWaveAsync(interviewers: 2, rules: Rules);
        await app.DoAsync<EditStudies, EditResult>(e => e.AddQuestionnaireAsync(wave.Study, "Radio", "radio.xlsx", [1], SampleForm.Json, FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        await wave.AddQuotaAsync(true, ("sexe=F", 5), ("sexe=H", 5));
        await wave.ImportAsync(app.Sample(4));

        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await console.SendAsync(TestConsole.Steps);
        using (var ended = await console.EndAsync(last: TestConsole.Steps.Count))
            Assert.True(ended.IsSuccessStatusCode);
        await wave.CloseAsync(await wave.MustTakeAsync(), "no-answer");
        await wave.CloseAsync(await wave.MustTakeAsync(), "silent-call");
        var local = TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime;
        await wave.CloseAsync(await wave.MustTakeAsync(), "appointment", appointment: new(local.AddMinutes(30), Hard: true, ForMe: true));
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await wave.CloseAsync(await wave.MustTakeAsync(), "refused");
        app.Clock.Advance(TimeSpan.FromMinutes(95));
        await wave.CloseAsync(await wave.MustTakeAsync(), "no-answer");
        await wave.ImportAsync(app.Sample(1).Replace("c0,", "d0,", StringComparison.Ordinal));
        await wave.MustTakeAsync(1);
        await DesktopsApp.UntilAsync(async () => await app.InFieldworkAsync(db => db.Database.SqlQueryRaw<int>("SELECT count(*)::int AS \"Value\" FROM kernel.outbox").SingleAsync()) == 0);
        return wave;
    }

    private async Task<string> JournalAsync(TestWave wave, string value)
    {
        var interview = await app.InFieldworkAsync(db => db.Interviews.Where(i => i.WaveId == wave.Wave).Select(i => i.Id).SingleAsync());
        var path = Path.GetTempFileName();
        // The last line is a console's that was killed while it wrote.
        await File.WriteAllTextAsync(path, $"{interview}\t1\t/radio/sexe\tF\n{interview}\t2\t/radio/age\t{value}\n{interview}\t3\t/rad");
        return path;
    }

    private async Task<(int Code, string Wrong)> VerifyAsync(TestWave wave, params string[] more)
    {
        var (code, said, error) = await RunAsync(["--wave", wave.Wave.ToString(CultureInfo.InvariantCulture), .. more]);
        Assert.Equal("", error);
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        var wrong = said.Split('\n').Where(l => l.StartsWith("WRONG ", StringComparison.Ordinal)).Select(l => l[14..].Trim()).ToList();
        return (code, wrong.Count == 0 ? "" : $"|{string.Join('|', wrong)}|");
    }

    private async Task<(int Code, string Said, string Error)> RunAsync(params string[] arguments)
    {
        await using var said = new StringWriter();
        await using var error = new StringWriter();
        var code = await VerifyVerb.Verb.Run(new VerbCall(app.Services, arguments, said, error), CancellationToken.None);
        return (code, said.ToString(), error.ToString());
    }

    private static string Again(short outcome, string later) => $"""
        INSERT INTO fieldwork.attempt (case_id, wave_id, person_id, "from", until, outcome, slot, number, by_appointment, fence)
        SELECT case_id, wave_id, gen_random_uuid(), max("from") + interval '{later}', max(until) + interval '{later}', {outcome}, 0, 0, false, max(fence) + 1
        FROM fieldwork.attempt WHERE wave_id = {"{0}"} AND outcome = {outcome} GROUP BY case_id, wave_id
        """;
}
