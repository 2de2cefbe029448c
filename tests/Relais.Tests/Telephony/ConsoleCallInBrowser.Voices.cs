using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Kernel;
using Relais.Telephony.Calls;
using Relais.Telephony.Recordings;
using Relais.Tests.Fieldwork;
using Relais.Tests.Telephony.Recordings;

namespace Relais.Tests.Telephony;

/// <summary>The console against SIPp, each person with a tone of their own: who hears whom, what is kept of it, and what outlives whom.</summary>
public sealed partial class ConsoleCallInBrowser
{
    private const double Interviewer = 440;
    private const double Respondent = 660;
    private const double Supervisor = 1000;

    [Fact]
    public async Task A_call_from_the_console_is_heard_at_both_ends_takes_keys_is_supervised_recorded_and_outlives_its_browser()
    {
        await using var callee = ToneCallee.Start(Respondent);
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetLineAsync(fields => fields with { Port = sipOperator.Port.ToString(CultureInfo.InvariantCulture) });
        await app.InTelephonyAsync(async db =>
        {
            db.RecordingPolicies.Add(new RecordingPolicy { Key = RecordingPolicy.ForOthers, Mode = RecordingMode.Mandatory });
            return await db.SaveChangesAsync();
        });
        var wave = await app.AddCasesAsync("00");
        var person = wave.People[0];
        using var supervisorsTone = new ToneFile(Supervisor);
        await using var another = await supervisorsTone.BrowserAsync();
        Guid call;
        using (var tone = new ToneFile(Interviewer))
        await using (var chromium = await tone.BrowserAsync())
        {
            var page = await OpenAsync(chromium, person, 1280, "fr");
            await CallAsync(page);
            call = (await app.InTelephonyAsync(db => db.Calls.AsNoTracking().SingleAsync(c => c.PersonId == person.Id && c.State == CallState.Answered))).Id;
            await TelephonyApp.UntilTrueAsync(() => callee.Share(Interviewer) > 0.4);
            Assert.InRange(callee.Level, 0.02, 1.0);
            await page.HearsAsync(Respondent);

            // Keys go to the operator as events, not as sounds.
            await page.Locator(".voice-bar [data-part='keys'] summary").ClickAsync();
            await page.Locator("[data-part='pad']").PressSequentiallyAsync("5a#");
            await TelephonyApp.UntilTrueAsync(() => callee.Keys == "5#");
            await page.IsInOrderAsync("console-keys", 1280);

            await SuperviseAsync(another, page, callee, call);
            tone.KillBrowser();
        }

        // The announcement, and nothing of the interviewer's.
        await TelephonyApp.UntilTrueAsync(() => app.Phones.Of(person.Id)?.Seat?.Away == true);
        await callee.ListenAnewAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Level > 0.005);
        Assert.InRange(callee.Share(Interviewer), 0, 0.05);

        using var again = new ToneFile(Interviewer);
        await using var other = await again.BrowserAsync();
        var back = await OpenAsync(other, person, 1280, "fr");
        await back.KeysAsync("Enter");
        await back.WaitForSelectorAsync("[data-line='answered']");
        await back.ClickAsync(".voice-bar [data-part='connect']");
        await back.WaitForSelectorAsync(".voice-bar[data-where='here']");
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Interviewer) > 0.4);
        await back.HearsAsync(Respondent);
        await back.KeysAsync("F4");
        await back.WaitForSelectorAsync("[data-line='ended']");
        Assert.Equal(CallEnd.HungUpHere, (await app.CallAsync(call, c => c.State is CallState.Ended)).End);
        sipOperator.AssertContent();

        // The recording, as the product gives it back: each side in its own channel. What the respondent heard of the announcement and of a barging supervisor is with the interviewer.
        await TelephonyApp.UntilAsync(() => app.InTelephonyAsync(db => db.Recordings.AsNoTracking().SingleAsync(r => r.CallId == call)), r => r.State is CallRecordingState.Whole);
        using var listener = await app.SignInAsync(app.Supervisor);
        var (left, right) = Signals.Channels(await listener.Client.GetByteArrayAsync($"/api/telephony/calls/{call}/recording", TestContext.Current.CancellationToken));
        Assert.True(Signals.Tenths(left, Respondent) > 30 && Signals.Tenths(right, Interviewer) > 20, $"{Signals.Tenths(left, Respondent)} and {Signals.Tenths(right, Interviewer)} tenths of a second");
        Assert.Equal((0, 0, 0), (Signals.Tenths(left, Interviewer), Signals.Tenths(left, Supervisor), Signals.Tenths(right, Respondent)));
        await app.InTelephonyAsync(db => db.RecordingPolicies.ExecuteDeleteAsync());
        await app.SetLineAsync(fields => fields);
    }

    [Fact]
    public async Task A_server_that_is_killed_in_mid_call_leaves_silence_and_the_one_after_it_hangs_up_and_the_console_says_so()
    {
        await using var callee = ToneCallee.Start(Respondent);
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetLineAsync(fields => fields with { Port = sipOperator.Port.ToString(CultureInfo.InvariantCulture) });
        var wave = await app.AddCasesAsync("00");
        // The server that the browser speaks to is another process, on the same database, and without the time that others have moved here.
        var now = TimeProvider.System.GetUtcNow();
        await app.InFieldworkAsync(async db => await db.Cases.Where(c => c.WaveId == wave.Wave).ExecuteUpdateAsync(set => set.SetProperty(c => c.DueAt, now))
            + await db.Pools.Where(p => p.WaveId == wave.Wave).ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, now)));
        await using var server = await ServerProcess.CreateAsync();
        server.Settings["RELAIS__ConnectionStrings__Relais"] = app.ConnectionString;
        server.Settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        server.Settings["RELAIS__Telephony__Node"] = "killed";
        server.Settings["RELAIS__Telephony__Port"] = TestProgram.FreePort().ToString(CultureInfo.InvariantCulture);
        (server.Settings["RELAIS__Telephony__Rooms__0__Address"], server.Settings["RELAIS__Telephony__Rooms__0__Secret"]) = app.Rooms;
        await server.StartAsync();
        using var tone = new ToneFile(Interviewer);
        await using var chromium = await tone.BrowserAsync();
        var page = await chromium.OpenAsync(server.Address);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", wave.People[0].UserName);
        await page.FillAsync("#password", wave.People[0].Password);
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync("**/");
        await page.GotoAsync("/interview/");
        await page.WaitForSelectorAsync("button[data-first]:focus");
        await CallAsync(page);
        var person = wave.People[0].Id;
        var call = await app.InTelephonyAsync(db => db.Calls.AsNoTracking().SingleAsync(c => c.PersonId == person));
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Interviewer) > 0.4);
        await page.HearsAsync(Respondent);

        server.Kill();
        var heard = callee.HeardMs;
        await page.HearsNothingOfAsync(Respondent);
        Assert.InRange(callee.HeardMs - heard, 0, 200);
        Assert.DoesNotContain("BYE sip:", sipOperator.Messages, StringComparison.Ordinal);
        Assert.Equal(CallState.Answered, (await app.CallAsync(call.Id, _ => true)).State);

        await server.StartAsync();
        // The respondent is to be called again first of all.
        await page.WaitForSelectorAsync("[data-line='ended']:has-text('redémarr')");
        await page.WaitForSelectorAsync("button[data-first]:has-text('Rappeler')");
        var ended = await app.CallAsync(call.Id, c => c.State is CallState.Ended);
        Assert.Equal((CallEnd.Restarted, "killed"), (ended.End, ended.Node));
        await TelephonyApp.UntilTrueAsync(() => sipOperator.Messages.Contains("BYE sip:", StringComparison.Ordinal));
        await page.IsInOrderAsync("console-line-restarted", 1280);
        sipOperator.AssertContent();
        await app.SetLineAsync(fields => fields);
    }

    // Takes a case, connects the headset and calls, by the keyboard.
    private static async Task CallAsync(IPage page)
    {
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("button[data-first]:has-text('Brancher le casque')");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".voice-bar[data-where='here']");
        await page.WaitForSelectorAsync("button[data-first]:has-text('Appeler')");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("[data-line='answered']");
    }

    // The supervisor comes from the board, by the keyboard.
    private async Task SuperviseAsync(Chromium chromium, IPage page, ToneCallee callee, Guid call)
    {
        var board = await app.OpenPageAsync(chromium, app.Supervisor, $"/phone/supervision#{call}");
        var row = board.Locator($"tr[data-call='{call}']");
        await Assertions.Expect(row.GetByRole(AriaRole.Button, new() { Name = "Écouter" })).ToBeFocusedAsync();
        await board.Keyboard.PressAsync("Enter");
        await Assertions.Expect(board.GetByText("Personne ne vous entend.")).ToBeVisibleAsync();
        await board.HearsAsync(Interviewer);
        await board.HearsAsync(Respondent);
        await page.HearsNothingOfAsync(Supervisor);
        await Assertions.Expect(page.GetByText("Une personne vous écoute.")).ToBeVisibleAsync();

        await row.GetByRole(AriaRole.Button, new() { Name = "Souffler" }).ClickAsync();
        await Assertions.Expect(page.GetByText("le répondant ne l’entend pas")).ToBeVisibleAsync();
        await page.HearsAsync(Supervisor);
        await callee.ListenAnewAsync();
        // While the interviewer is heard, and the supervisor speaks.
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Interviewer) > 0.4);
        Assert.InRange(callee.Share(Supervisor), 0, 0.01);
        await Pictures.TakeAsync(board, "supervision");

        await row.GetByRole(AriaRole.Button, new() { Name = "Intervenir" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Une personne participe à l’appel.")).ToBeVisibleAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Supervisor) > 0.05);
        await page.HearsAsync(Supervisor);

        // Back to a whisper, and gone.
        await row.GetByRole(AriaRole.Button, new() { Name = "Souffler" }).ClickAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Supervisor) < 0.001);
        await row.GetByRole(AriaRole.Button, new() { Name = "Arrêter" }).ClickAsync();
        await page.HearsNothingOfAsync(Supervisor);
        await Assertions.Expect(page.GetByText("Une personne vous parle")).ToBeHiddenAsync();
        var person = (await app.CallAsync(call, _ => true)).PersonId;
        Assert.Equal(
            ["supervision.listened", "supervision.whispered", "supervision.barged", "supervision.whispered", "supervision.stopped"],
            await app.DoAsync<KernelDb, List<string>>(db => db.AuditLines.Where(l => l.Subject == $"person:{person}" && l.Action.StartsWith("supervision.")).OrderBy(l => l.Seq).Select(l => l.Action).ToListAsync()));
    }
}
