using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Telephony.Protocols.Quality;
using Relais.Telephony.Quality;

namespace Relais.Tests.Telephony.Recordings;

/// <summary>What supervisors see of calls that sound bad, while they last and after.</summary>
public sealed class CallQualityTests(RecordedCallsApp app) : IClassFixture<RecordedCallsApp>
{
    [Fact]
    public async Task A_line_that_loses_packets_is_reported_while_it_does_with_its_likely_cause_and_stays_in_the_calls_history()
    {
        await using var callee = ToneCallee.Start();
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        callee.LoseOneOf = 8;
        var supervisor = await app.SupervisorAsync();
        var leg = await LegAsync(supervisor, id, "trunk", l => l.GetProperty("badSince").ValueKind is not JsonValueKind.Null);
        Assert.Equal(("trunk", "sans doute la ligne de cet opérateur"), (leg.GetProperty("cause").GetString(), leg.GetProperty("words").GetString()));
        Assert.InRange(leg.GetProperty("lossPercent").GetDouble(), 4, 30);

        callee.LoseOneOf = 0;
        await LegAsync(supervisor, id, "trunk", l => l.GetProperty("badSince").ValueKind is JsonValueKind.Null);
        await TelephonyApp.HangUpAsync(interviewer, id);
        await app.EndedAsync(id);
        var row = await app.InTelephonyAsync(db => db.Legs.AsNoTracking().SingleAsync(l => l.CallId == id, TestContext.Current.CancellationToken));
        Assert.Equal((LegKind.Trunk, 1, QualityCause.Trunk), (row.Leg, row.Alerts, row.Cause));
        Assert.Equal(row.Measures * QualitySeries.Length, row.Series.Length);
        Assert.Contains(QualitySeries.Read(row.Series), m => m.Measure.LossPercent > 4);
        Assert.Contains(QualitySeries.Read(row.Series), m => m.Measure.LossPercent == 0);
        var page = await supervisor.GetAsync($"/calls/{id}");
        Assert.Contains("sans doute la ligne de cet opérateur", page.Text, StringComparison.Ordinal);
        Assert.Contains("Personne", (await supervisor.GetAsync("/calls/quality")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_round_trip_is_measured_by_reports_that_the_peer_answers()
    {
        await using var callee = ToneCallee.Start();
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        var leg = await LegAsync(await app.SupervisorAsync(), id, "trunk", l => l.GetProperty("roundTripMs").ValueKind is not JsonValueKind.Null);
        Assert.InRange(leg.GetProperty("roundTripMs").GetDouble(), 0, 200);
        Assert.InRange(leg.GetProperty("score").GetDouble(), 4.2, 4.5);
        await TelephonyApp.HangUpAsync(interviewer, id);
        await app.EndedAsync(id);
    }

    [Fact]
    public async Task A_respondent_whom_nobody_hears_is_reported_and_so_is_dead_air()
    {
        await using var callee = ToneCallee.Start();
        callee.Silent = true;
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        var supervisor = await app.SupervisorAsync();
        await LiveAsync(supervisor, id, c => c.GetProperty("unheard").GetString() == "respondent");
        app.Lines.VoiceOf(id)!.Speak = null;
        await LiveAsync(supervisor, id, c => c.GetProperty("silenceMs").GetInt32() > 1000);
        await TelephonyApp.HangUpAsync(interviewer, id);
        var call = await app.EndedAsync(id);
        call = await app.CallAsync(id, c => c.DeadAirs > 0);
        Assert.Equal((VoiceSide.Respondent, 1), (call.Unheard, call.DeadAirs));
        Assert.InRange(call.DeadAirMs, 1000, 20_000);
        Assert.Contains("Le répondant n’a jamais été entendu", (await supervisor.GetAsync($"/calls/{id}")).Text, StringComparison.Ordinal);
        Assert.Contains($"/calls/{id}", (await supervisor.GetAsync("/calls?bad=true")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interviewers_own_network_and_microphone_are_reported_beside_the_line()
    {
        await using var callee = ToneCallee.Start();
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port, amplitude: 32_767);
        app.Lines.VoiceOf(id)!.Speak = frame =>
        {
            // Cut off at the top, as by a microphone that is set too loud.
            frame.Span[..80].Fill(0xAA);
            frame.Span[80..].Fill(0x2A);
            return true;
        };
        var homes = (HomeLegs)app.Services.GetService(typeof(HomeLegs))!;
        var person = app.Watched.Find(id)!.Person;
        var supervisor = await app.SupervisorAsync();
        var leg = await LegAsync(supervisor, id, "home", l => l.GetProperty("badSince").ValueKind is not JsonValueKind.Null, () => homes.Take(person, new HomeLegs.Told(4, 60, 40, 0)));
        Assert.Equal("wireless", leg.GetProperty("cause").GetString());
        Assert.Contains("Wi-Fi", leg.GetProperty("words").GetString(), StringComparison.Ordinal);
        await LiveAsync(supervisor, id, c => c.GetProperty("interviewerClipped").GetDouble() > 0.5);
        await TelephonyApp.HangUpAsync(interviewer, id);
        await app.EndedAsync(id);
        Assert.Contains("Le micro de l’enquêteur sature", (await supervisor.GetAsync($"/calls/{id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_supervisors_see_what_calls_are_like_while_they_last()
    {
        var reader = await app.SignInAsync(await app.AddPersonAsync(Roles.Interviewer));
        foreach (var address in (string[])["/api/telephony/calls/live", "/calls", "/calls/quality", "/calls/recording"])
        {
            using var refused = await reader.Client.GetAsync(address, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    private static Task<JsonElement> LegAsync(Browser supervisor, Guid call, string kind, Func<JsonElement, bool> like, Action? each = null) => LiveAsync(
        supervisor, call, c => c.GetProperty("legs").EnumerateArray().Any(l => l.GetProperty("kind").GetString() == kind && like(l)), each,
        c => c.GetProperty("legs").EnumerateArray().First(l => l.GetProperty("kind").GetString() == kind));

    private static async Task<JsonElement> LiveAsync(Browser supervisor, Guid call, Func<JsonElement, bool> like, Action? each = null, Func<JsonElement, JsonElement>? part = null)
    {
        JsonElement found = default;
        await RecordedCallsApp.UntilTrueAsync(async () =>
        {
            each?.Invoke();
            var live = await supervisor.Client.GetFromJsonAsync<JsonElement>("/api/telephony/calls/live");
            found = live.EnumerateArray().FirstOrDefault(c => c.GetProperty("id").GetGuid() == call);
            return found.ValueKind is JsonValueKind.Object && like(found);
        });
        return part is null ? found : part(found);
    }
}
