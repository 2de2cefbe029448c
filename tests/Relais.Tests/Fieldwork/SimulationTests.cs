using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Simulation;
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
