using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Relais.Telephony.Calls;

namespace Relais.Tests.Telephony;

/// <summary>The softphone in a real browser, through a real Janus and a real SIP peer, to a callee who listens and speaks.</summary>
[InChromium]
public sealed partial class PhoneInBrowser(PhoneApp app) : IClassFixture<PhoneApp>
{
    private const double Ours = 440;
    private const double Theirs = 660;

    [Fact]
    public async Task An_interviewer_and_a_callee_hear_each_other_and_the_page_says_where_the_call_stands()
    {
        await using var callee = ToneCallee.Start(Theirs);
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.AddTrunkAsync(sipOperator.Port);
        using var tone = new ToneFile(Ours);
        await using var chromium = await tone.BrowserAsync();
        var person = await app.InterviewingPersonAsync();
        var page = await app.OpenPageAsync(chromium, person, "/phone");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Appeler", Exact = true })).ToBeDisabledAsync();
        page = await app.ConnectedAsync(chromium, person);
        await app.DialAsync(page, person);

        // The callee hears our tone, at its frequency and with a level; we hear theirs.
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.4);
        Assert.InRange(callee.Level, 0.02, 1.0);
        await page.HearsAsync(Theirs);

        // Keys go to the operator as events, not as sounds, and in their order also where the network lets a later one overtake.
        var (held, passing) = (new Stack<IRoute>(), false);
        await page.RouteAsync("**/keys", route =>
        {
            lock (held)
            {
                if (!passing)
                    held.Push(route);
                return passing ? route.ContinueAsync() : Task.CompletedTask;
            }
        });
        await page.GetByRole(AriaRole.Button, new() { Name = "5", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "dièse" }).ClickAsync();
        await TelephonyApp.UntilTrueAsync(() => held.Count > 0);
        Task[] going;
        lock (held)
        {
            passing = true;
            going = [.. held.Select(route => route.ContinueAsync())];
        }

        await Task.WhenAll(going);
        await TelephonyApp.UntilTrueAsync(() => callee.Keys == "5#");

        // On hold the respondent hears the announcement and not us, and we do not hear them.
        await page.GetByRole(AriaRole.Button, new() { Name = "Mettre en attente" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Reprendre" })).ToBeVisibleAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Level > 0.005 && callee.Share(Ours) < 0.1);
        await page.HearsNothingOfAsync(Theirs);
        await page.GetByRole(AriaRole.Button, new() { Name = "Reprendre" }).ClickAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.4);
        await page.HearsAsync(Theirs);

        // A microphone that is pulled out: another one takes over, and where there is none the page says what to do.
        await page.EvaluateAsync("() => window.taken.at(-1).getAudioTracks()[0].dispatchEvent(new Event('ended'))");
        await Assertions.Expect(page.GetByText("on vous entend maintenant par")).ToBeVisibleAsync();
        await callee.ListenAnewAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.4);
        await page.EvaluateAsync("() => { window.none = true; window.taken.at(-1).getAudioTracks()[0].dispatchEvent(new Event('ended')); }");
        await Assertions.Expect(page.GetByText("Rebranchez-le, ou branchez-en un autre.")).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, "phone-unplugged");
        await page.EvaluateAsync("() => { window.none = false; navigator.mediaDevices.dispatchEvent(new Event('devicechange')); }");
        await Assertions.Expect(page.GetByText("on vous entend maintenant par")).ToBeVisibleAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.4);

        // A muted microphone is silent at the callee's.
        await page.GetByRole(AriaRole.Button, new() { Name = "Couper le micro" }).ClickAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Level < 0.005);
        await page.GetByRole(AriaRole.Button, new() { Name = "Raccrocher" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Appel terminé")).ToBeVisibleAsync();

        await page.GetByLabel("Numéro à appeler").FillAsync("01 23 45 67 86");
        await page.GetByRole(AriaRole.Button, new() { Name = "Appeler", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Occupé")).ToBeVisibleAsync();
        await page.GetByLabel("Numéro à appeler").FillAsync("+44 20 7946 0000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Appeler", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Les appels vers l’étranger ne sont pas permis.")).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, "phone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Débrancher le casque" }).ClickAsync();
        // Their own room: those of browsers that other tests killed may stand a while.
        await TelephonyApp.UntilTrueAsync(() => !app.Phones.IsIn(person.Id) && app.Phones.Of(person.Id) is { HasRoom: false });
        await Assertions.Expect(page.GetByText("Casque non branché")).ToBeVisibleAsync();
        await Pictures.TakeInEnglishAsync(page, "phone");
    }

    [Fact]
    public async Task Before_the_shift_ones_own_voice_comes_back_and_the_network_is_judged_in_words()
    {
        using var tone = new ToneFile(Ours);
        await using var chromium = await tone.BrowserAsync();
        var person = await app.InterviewingPersonAsync();
        var page = await app.ConnectedAsync(chromium, person);
        await page.GetByRole(AriaRole.Button, new() { Name = "Essayer", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Parlez pendant cinq secondes, comme à un répondant…")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Voix : on vous entend bien.")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await page.HearsAsync(Ours);
        await Assertions.Expect(page.GetByText(Measured())).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, "phone-check");

        // The page reports for as long as the headset is connected.
        await TelephonyApp.UntilTrueAsync(() => app.HomeLegs.Of(person.Id) is { RoundTripMs: not null, Route: "udp" });

        // And when nothing is said, that is what it says.
        await page.GetByRole(AriaRole.Button, new() { Name = "Couper le micro" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Essayer", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Voix : on ne vous entend pas.")).ToBeVisibleAsync(new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_comes_back_to_the_call_and_who_does_not_come_back_loses_it()
    {
        await using var callee = ToneCallee.Start(Theirs);
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.AddTrunkAsync(sipOperator.Port);
        using var tone = new ToneFile(Ours);
        var person = await app.InterviewingPersonAsync();
        await using var chromium = await tone.BrowserAsync();
        var page = await app.ConnectedAsync(chromium, person);
        var call = await app.DialAsync(page, person);
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.4);

        await page.ReloadAsync();
        await Assertions.Expect(page.GetByText("En communication")).ToBeVisibleAsync();
        await callee.ListenAnewAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.4);
        await page.HearsAsync(Theirs);
        Assert.Equal(CallState.Answered, (await app.CallAsync(call, _ => true)).State);

        tone.KillBrowser();
        await TelephonyApp.UntilTrueAsync(() => app.Phones.Of(person.Id)?.Seat?.Away == true);
        app.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(CallEnd.VoiceLost, (await app.EndedAsync(call)).End);
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task A_headset_that_is_connected_in_another_window_is_not_fought_over()
    {
        using var tone = new ToneFile(Ours);
        await using var chromium = await tone.BrowserAsync();
        var person = await app.InterviewingPersonAsync();
        var first = await app.ConnectedAsync(chromium, person);
        var second = await app.ConnectedAsync(chromium, person);
        await Assertions.Expect(first.GetByText("Le casque est branché dans une autre fenêtre.")).ToBeVisibleAsync();
        await Assertions.Expect(second.GetByText("Casque branché")).ToBeVisibleAsync();
        Assert.True(app.Phones.IsIn(person.Id));
    }

    [Fact]
    public async Task Only_interviewers_have_a_phone_and_only_its_page_may_ask_for_the_microphone()
    {
        var staff = await app.SignInAsync(await app.AddPersonAsync());
        using var refused = await staff.PostJsonAsync("/api/telephony/phone", new { sdp = "v=0" });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var interviewer = await app.InterviewerAsync();
        using var nonsense = await interviewer.PostJsonAsync("/api/telephony/phone", new { sdp = "v=0" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, nonsense.StatusCode);
        using var listening = await interviewer.PostJsonAsync("/api/telephony/supervision", new { call = Guid.NewGuid(), sdp = "v=0" });
        Assert.Equal(HttpStatusCode.Forbidden, listening.StatusCode);
        using var draining = await interviewer.PostJsonAsync("/api/telephony/rooms/1/drain", new { draining = true });
        Assert.Equal(HttpStatusCode.Forbidden, draining.StatusCode);
        Assert.Contains("microphone=(self)", await PermissionsAsync(interviewer, "/phone"), StringComparison.Ordinal);
        Assert.Contains("microphone=()", await PermissionsAsync(interviewer, "/"), StringComparison.Ordinal);
        Assert.Equal(0, (await interviewer.Client.GetFromJsonAsync<JsonElement>("/api/telephony/phone/ice", TestContext.Current.CancellationToken)).GetProperty("servers").GetArrayLength());
    }

    [GeneratedRegex(@"Aller-retour .+ ms, pertes .+ %, gigue .+ ms, débit .+ kbit/s", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Measured();

    private static async Task<string> PermissionsAsync(Browser browser, string path) =>
        (await browser.Client.GetAsync(path, TestContext.Current.CancellationToken)).Headers.GetValues("Permissions-Policy").Single();
}
