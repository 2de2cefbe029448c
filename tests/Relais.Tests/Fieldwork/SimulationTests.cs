using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Simulation;
using Relais.Fieldwork.Studies;
using Relais.Tests.Desktops;

namespace Relais.Tests.Fieldwork;

public sealed class SimulationTests(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    [Fact]
    public async Task Simulated_interviewers_who_lose_their_browsers_complete_interviews_and_no_acknowledged_answer_is_lost()
    {
        var wave = await app.AddInterviewsAsync(interviewers: 4, cases: 400, questionnaire: RadioForm.Json);
        await using var journal = new StringWriter();
        var tally = new SimulationTally(journal);
        using var end = new CancellationTokenSource();
        var work = wave.People.Select((person, i) => WorkAsync(person, new SimulationPlan(5000, Breaks: 30, Abandons: 5, Seed: i), tally, end.Token)).ToList();
        await DesktopsApp.UntilAsync(() => Task.FromResult(tally.Completed >= 12 || work.Exists(w => w.IsFaulted)), TimeSpan.FromSeconds(60));
        await end.CancelAsync();
        foreach (var one in work)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);

        // One that was being ended as the others were told to stop is complete on the server alone.
        Assert.InRange(await app.InFieldworkAsync(db => db.Interviews.CountAsync(i => i.WaveId == wave.Wave && i.State == InterviewState.Completed)), tally.Completed, tally.Completed + 4);
        var stored = (await app.InFieldworkAsync(db => db.InterviewEvents.AsNoTracking().ToListAsync()))
            .Select(e => string.Join('\t', e.InterviewId.ToString("D"), $"{e.Sequence}", e.Path, e.Value.ReplaceLineEndings(" "))).ToHashSet();
        var acknowledged = journal.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(tally.Answers, acknowledged.Length);
        Assert.All(acknowledged, line => Assert.Contains(line, stored));
    }

    [Fact]
    public async Task When_a_wave_of_the_sample_study_is_nearly_done_the_next_one_begins_and_a_paused_one_is_left_alone()
    {
        var (_, first) = await app.DoAsync<RadioStudy, (Guid, int)>(s => s.AddAsync(SampleSize.Standard with { Cases = 400, Target = 60 }, [], CancellationToken.None));
        Assert.Null(await LookAsync());
        await app.InFieldworkAsync(db => db.QuotaCells.Where(c => c.WaveId == first).ExecuteUpdateAsync(set => set.SetProperty(c => c.Completed, c => c.Target)));
        var second = await LookAsync();
        Assert.NotNull(second);
        var waves = await app.InFieldworkAsync(db => db.Waves.AsNoTracking().Where(w => w.Id == first || w.Id == second).OrderBy(w => w.Id).ToListAsync());
        Assert.Equal([("Vague d’essai", WaveState.Closed), ("Vague d’essai 2", WaveState.Running)], waves.Select(w => (w.Name, w.State)));
        Assert.Equal(SampleSize.Standard.Cases, await app.InFieldworkAsync(db => db.Cases.CountAsync(c => c.WaveId == second)));
        // Other numbers than those of the wave before.
        Assert.Equal(0, await app.InFieldworkAsync(db => db.Numbers.CountAsync(n => db.Cases.Any(c => c.Id == n.CaseId && c.WaveId == first) && db.Numbers.Any(m => m.Number == n.Number && db.Cases.Any(c => c.Id == m.CaseId && c.WaveId == second)))));
        await app.DoAsync<EditStudies, EditResult>(e => e.SetStateAsync(second.Value, WaveState.Paused, FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        await app.InFieldworkAsync(db => db.QuotaCells.Where(c => c.WaveId == second).ExecuteUpdateAsync(set => set.SetProperty(c => c.Completed, c => c.Target)));
        Assert.Null(await LookAsync());

        Task<int?> LookAsync() => app.DoAsync<IServiceProvider, int?>(services => NextSampleWave.LookAsync(services, CancellationToken.None));
    }

    [Fact]
    public async Task Whoever_cannot_sign_in_is_named()
    {
        var person = await app.AddPersonAsync(Roles.Interviewer);
        using var client = new InterviewerClient(app.Address, Handler(), person.UserName, "faux", TimeProvider.System);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => client.SignInAsync(CancellationToken.None));
        Assert.Contains(person.UserName, refused.Message, StringComparison.Ordinal);
    }

    private async Task WorkAsync(TestPerson person, SimulationPlan plan, SimulationTally tally, CancellationToken cancel)
    {
        using var client = new InterviewerClient(app.Address, Handler(), person.UserName, person.Password, TimeProvider.System);
        await new SimulatedInterviewer(client, plan, tally, TimeProvider.System).WorkAsync(cancel);
    }

    private SocketsHttpHandler Handler()
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(app.DataFolder, "tls", "ca.crt")));
        return new SocketsHttpHandler { CookieContainer = new CookieContainer(), SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } };
    }
}
