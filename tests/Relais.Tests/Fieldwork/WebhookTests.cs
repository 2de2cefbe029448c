using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Steering;
using Relais.Fieldwork.Webhooks;
using Relais.Tests.Desktops;

namespace Relais.Tests.Fieldwork;

/// <summary>What happens in a study goes to the systems that asked for it.</summary>
public sealed class WebhookTests(SteeringApp app) : IClassFixture<SteeringApp>
{
    [Fact]
    public void A_signature_is_the_one_that_Standard_Webhooks_gives_as_its_example() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of(
            WebhookSignature.Key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!, "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), "{\"test\": 2432232314}"u8));

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::10.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::1", false)]
    [InlineData("2001:0:4137:9e76::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("2a00:1450:4007::1", true)]
    public void Only_addresses_that_everybody_reaches_are_public(string address, bool isPublic) => Assert.Equal(isPublic, WebhookAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("ftp://a.example/")]
    [InlineData("https://user:secret@a.example/")]
    [InlineData("https://a.example/#x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//a.example")]
    [InlineData("")]
    public void What_is_no_plain_web_address_is_not_subscribed(string url) => Assert.Null(WebhookAddress.Parse(url));

    [Fact]
    public async Task Calls_appointments_cells_and_interviews_arrive_signed_and_in_order_for_each_case()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var wave = await app.AddInterviewsAsync(cases: 3);
        await wave.AddQuotaAsync(true, ("sexe=F", 1));
        receiver.Secret = (await app.SubscribeAsync(wave.Study, receiver.Address)).Secret;

        var held = await wave.MustTakeAsync();
        await wave.CloseAsync(held, "not-available", appointment: new(TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime.AddHours(2), true, false));
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await console.SendAsync(TestConsole.Steps);
        await InterviewsApp.ReadAsync<Relais.Fieldwork.Interviews.EndInterview.Response>(await console.EndAsync(7));

        var received = await receiver.UntilAsync(5);
        Assert.All(received, r => Assert.True(r.Signed));
        Assert.All(received, r => Assert.Equal("1.0", r.Event.GetProperty("specversion").GetString()));
        var first = received.Where(r => r.Subject == $"case/{held.Case}").ToList();
        Assert.Equal(["relais.fieldwork.appointment.made", "relais.fieldwork.case.outcome"], first.Select(r => r.Type));
        var outcome = first[1].Event.GetProperty("data");
        Assert.Equal(("not-available", "2.21", "appointment", held.Key), (outcome.GetProperty("call").GetProperty("outcome").GetString(), outcome.GetProperty("aapor").GetString(), outcome.GetProperty("state").GetString(), outcome.GetProperty("id").GetString()));
        Assert.Equal(["relais.fieldwork.interview.completed", "relais.fieldwork.case.outcome"], received.Where(r => r.Subject == $"case/{console.Case}").Select(r => r.Type));
        var cell = Assert.Single(received, r => r.Type == "relais.fieldwork.quota-cell.closed").Event.GetProperty("data");
        Assert.Equal(("F", 1, 1), (cell.GetProperty("values").GetProperty("sexe").GetString(), cell.GetProperty("target").GetInt32(), cell.GetProperty("reserved").GetInt32()));
        Assert.Equal(received.Select(r => r.Sequence).Distinct().Count(), received.Count);
    }

    [Fact]
    public async Task A_receiver_that_rests_holds_up_neither_another_nor_when_it_is_back_the_order_of_a_case()
    {
        await using var resting = await WebhookReceiver.StartAsync();
        await using var well = await WebhookReceiver.StartAsync();
        var wave = await app.AddWaveAsync(sample: app.Sample(3));
        resting.Secret = (await app.SubscribeAsync(wave.Study, resting.Address, ChangeKinds.CaseOutcome)).Secret;
        well.Secret = (await app.SubscribeAsync(wave.Study, well.Address, ChangeKinds.CaseOutcome)).Secret;
        var back = false;
        resting.Answer = (_, context) =>
        {
            context.Response.StatusCode = Volatile.Read(ref back) ? 200 : 503;
            return Task.CompletedTask;
        };
        await CallAsync(wave, 9, cases: 3);
        Assert.Equal(9, (await well.UntilAsync(9)).Count);
        // A try each time its rest is over, and no more.
        Assert.InRange(resting.All.Count, 1, 8);

        Volatile.Write(ref back, true);
        var received = await MovingAsync(resting, 9, TimeSpan.FromSeconds(10));
        InOrder(resting, received);
        await DesktopsApp.UntilAsync(async () => await app.InFieldworkAsync(db => db.Webhooks.AllAsync(w => w.StudyId != wave.Study || w.FailingSince == null)));
    }

    [Fact]
    public async Task One_event_that_a_receiver_refuses_holds_up_its_own_case_only_until_it_is_given_up()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var wave = await app.AddWaveAsync(sample: app.Sample(3));
        var made = await app.SubscribeAsync(wave.Study, receiver.Address, ChangeKinds.CaseOutcome);
        receiver.Secret = made.Secret;
        string? poisoned = null;
        receiver.Answer = (received, context) =>
        {
            Interlocked.CompareExchange(ref poisoned, received.Id, null);
            context.Response.StatusCode = received.Id == poisoned ? 422 : 200;
            return context.Response.WriteAsync(received.Id == poisoned ? "unknown case" : "");
        };
        await CallAsync(wave, 6, cases: 3);
        // Of three cases with two calls each, the second call of the poisoned one waits.
        var some = await receiver.UntilAsync(5);
        var subject = some.Single(r => r.Id == poisoned).Subject;
        Assert.Single(some, r => r.Subject == subject);

        app.Clock.Advance(TimeSpan.FromDays(6));
        await MovingAsync(receiver, 6, TimeSpan.FromHours(2));
        var refused = await app.InFieldworkAsync(db => db.Deliveries.SingleAsync(d => d.EventId == Guid.Parse(poisoned!)));
        Assert.Equal((DeliveryState.GivenUp, 422), (refused.State, refused.Status!.Value));
        Assert.Contains("unknown case", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_is_away_for_days_is_switched_off_with_a_notice_and_catches_up_when_it_is_switched_on()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var wave = await app.AddWaveAsync(sample: app.Sample(2));
        var made = await app.SubscribeAsync(wave.Study, receiver.Address, ChangeKinds.CaseOutcome);
        receiver.Secret = made.Secret;
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await CallAsync(wave, 1);
        await DesktopsApp.UntilAsync(async () => await app.InFieldworkAsync(db => db.Webhooks.AnyAsync(w => w.Id == made.Webhook.Id && w.FailingSince != null)));
        await DesktopsApp.UntilAsync(async () =>
        {
            app.Clock.Advance(TimeSpan.FromHours(3));
            await WakeAsync();
            return await app.InFieldworkAsync(db => db.Webhooks.AnyAsync(w => w.Id == made.Webhook.Id && w.DisabledWhy == "failing"));
        }, TimeSpan.FromSeconds(60));
        await DesktopsApp.UntilAsync(async () => await app.InDatabaseAsync(db => db.Kernel.AuditLines.AnyAsync(l => l.Action == "webhook.disabled" && l.Actor == "system" && l.Subject == $"webhook:{made.Webhook.Id}")));
        using var supervisor = await app.SignInAsync(app.Supervisor);
        Assert.Contains("rien n’est passé pendant des jours", (await supervisor.GetAsync($"/fieldwork/studies/{wave.Study}/webhooks")).Text, StringComparison.Ordinal);

        await CallAsync(wave, 3);
        receiver.Answer = (_, _) => Task.CompletedTask;
        var page = await supervisor.SubmitAsync(await supervisor.GetAsync($"/fieldwork/webhooks/{made.Webhook.Id}"), "switch", ("On", "true"));
        Assert.Contains("Il reçoit ce qui s’est passé entre-temps", page.Text, StringComparison.Ordinal);
        InOrder(receiver, await receiver.UntilAsync(4));
    }

    [Fact]
    public async Task Neither_a_private_address_nor_a_name_that_turns_to_one_nor_a_redirect_is_followed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var inside = await WebhookReceiver.StartAsync();
        receiver.Secret = inside.Secret = WebhookSignature.NewSecret();
        var port = new Uri(receiver.Address).Port;
        var wave = await app.AddWaveAsync(sample: app.Sample(1));
        // The first answer is a listed address; the second, after the name has turned, is not.
        app.Names["turns.example"] = new([IPAddress.Loopback, IPAddress.Parse("127.0.0.2")]);
        foreach (var url in new[] { $"http://127.0.0.2:{port}/", $"http://[::1]:{port}/", "https://169.254.169.254/latest/meta-data/", "http://93.184.215.14/" })
            Assert.Contains(url.StartsWith("http://93", StringComparison.Ordinal) ? "without TLS" : "not public", await RefusalAsync(wave.Study, url), StringComparison.Ordinal);
        var turning = (await app.SubscribeAsync(wave.Study, $"http://turns.example:{port}/", ChangeKinds.CaseErased)).Webhook.Id;
        Assert.Null(await TryAsync(turning));
        // Connections are kept for a minute: after this they are made anew.
        await app.RestartAsync();
        Assert.Contains("127.0.0.2", await TryAsync(turning), StringComparison.Ordinal);

        receiver.Answer = (_, context) =>
        {
            context.Response.Redirect(inside.Address, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        Assert.StartsWith("307", await RefusalAsync(wave.Study, receiver.Address), StringComparison.Ordinal);
        Assert.Empty(inside.All);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_and_one_that_does_not_come_is_not_waited_for()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Secret = WebhookSignature.NewSecret();
        var wave = await app.AddWaveAsync(sample: app.Sample(1));
        receiver.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 500;
            var much = new byte[1 << 16];
            Array.Fill(much, (byte)'x');
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(much, context.RequestAborted);
        };
        var cut = await RefusalAsync(wave.Study, receiver.Address);
        Assert.StartsWith("500: xxx", cut, StringComparison.Ordinal);
        Assert.InRange(cut!.Length, 10, 300);

        var arrived = new TaskCompletionSource();
        receiver.Answer = async (_, context) =>
        {
            arrived.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        var waits = RefusalAsync(wave.Study, receiver.Address);
        await arrived.Task;
        app.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Contains("no answer within 10 s", await waits, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_supervisor_subscribes_an_address_on_a_page_tries_it_and_sends_a_delivery_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var wave = await app.AddWaveAsync(sample: app.Sample(2));
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var address = $"/fieldwork/studies/{wave.Study}/webhooks";
        var page = await supervisor.SubmitAsync(await supervisor.GetAsync(address), "webhook", ("Name", "pilotage"), ("Url", "javascript:alert(1)"));
        Assert.Contains("adresse complète", page.ErrorOf("Url"), StringComparison.Ordinal);
        page = await supervisor.SubmitAsync(page, "webhook", ("Name", "pilotage"), ("Url", receiver.Address));
        receiver.Secret = page.Document.GetElementById("webhook-secret")!.TextContent;
        Assert.DoesNotContain(receiver.Secret, (await supervisor.GetAsync(address)).Html, StringComparison.Ordinal);

        var hook = await app.InFieldworkAsync(db => db.Webhooks.AsNoTracking().SingleAsync(w => w.StudyId == wave.Study));
        await supervisor.SubmitAsync(await supervisor.GetAsync($"/fieldwork/webhooks/{hook.Id}"), "test");
        var test = Assert.Single(await receiver.UntilAsync(1));
        Assert.Equal(("relais.fieldwork.test", true), (test.Type, test.Signed));
        await CallAsync(wave, 1);
        await receiver.UntilAsync(2);
        await DesktopsApp.UntilAsync(async () => await app.InFieldworkAsync(db => db.Deliveries.CountAsync(d => d.WebhookId == hook.Id && d.State == DeliveryState.Delivered)) == 2);
        page = await supervisor.GetAsync($"/fieldwork/webhooks/{hook.Id}");
        Assert.Contains("Résultat d’appel", page.Text, StringComparison.Ordinal);
        // The case as the sample names it, not as the database does.
        var names = await app.InFieldworkAsync(db => db.Records.Where(r => r.WaveId == wave.Wave).Select(r => "fiche " + r.Key).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Contains(names, name => page.Text.Contains(name, StringComparison.Ordinal));
        var delivery = await app.InFieldworkAsync(db => db.Deliveries.AsNoTracking().SingleAsync(d => d.WebhookId == hook.Id && d.Kind == ChangeKinds.CaseOutcome));
        await supervisor.SubmitAsync(page, $"resend-{delivery.Id}");
        await DesktopsApp.UntilAsync(() => Task.FromResult(receiver.All.Count == 3));
        Assert.Equal(2, receiver.All.Count(r => r.Id == delivery.EventId.ToString()));
        page = await supervisor.SubmitAsync(await supervisor.GetAsync($"/fieldwork/webhooks/{hook.Id}"), "remove");
        Assert.Contains("L’abonnement est supprimé", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_secret_is_shown_once_and_for_a_day_both_sign()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var wave = await app.AddWaveAsync(sample: app.Sample(1));
        var made = await app.SubscribeAsync(wave.Study, receiver.Address, ChangeKinds.CaseErased);
        receiver.Secret = made.Secret;
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.SubmitAsync(await supervisor.GetAsync($"/fieldwork/webhooks/{made.Webhook.Id}"), "rotate");
        var secret = page.Document.GetElementById("webhook-secret")!.TextContent;
        Assert.NotEqual(made.Secret, secret);
        Assert.DoesNotContain(secret, (await supervisor.GetAsync($"/fieldwork/webhooks/{made.Webhook.Id}")).Html, StringComparison.Ordinal);

        // The receiver has not changed its own yet.
        Assert.Null(await TryAsync(made.Webhook.Id));
        Assert.True(receiver.All[^1].Signed);
        receiver.Secret = secret;
        Assert.Null(await TryAsync(made.Webhook.Id));
        Assert.True(receiver.All[^1].Signed);

        app.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Null(await TryAsync(made.Webhook.Id));
        Assert.True(receiver.All[^1].Signed);
        receiver.Secret = made.Secret;
        Assert.Null(await TryAsync(made.Webhook.Id));
        Assert.False(receiver.All[^1].Signed);
    }

    /// <summary>What a test of an address says: null when it went through.</summary>
    private async Task<string?> RefusalAsync(Guid study, string url) => await TryAsync((await app.SubscribeAsync(study, url, ChangeKinds.CaseErased)).Webhook.Id);

    private async Task<string?> TryAsync(Guid hook)
    {
        var test = await app.DoAsync<EditWebhooks, long?>(e => e.TestAsync(hook, FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        WebhookDelivery? settled = null;
        await DesktopsApp.UntilAsync(async () => (settled = await app.InFieldworkAsync(db => db.Deliveries.AsNoTracking().SingleAsync(d => d.Id == test!.Value))).Attempts > 0);
        if (settled!.State != DeliveryState.Delivered)
            await app.DoAsync<EditWebhooks, bool>(e => e.SwitchAsync(hook, false, FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        return settled.Error;
    }

    /// <summary>Calls so many cases in turn, again and again: a case that was called comes back before new ones.</summary>
    private async Task CallAsync(TestWave wave, int calls, int cases = 1)
    {
        for (var i = 1; i <= calls; i++)
        {
            await wave.CloseAsync(await wave.MustTakeAsync(), "busy");
            if (i % cases == 0)
                app.Clock.Advance(TimeSpan.FromHours(2));
        }
    }

    private async Task<List<Received>> MovingAsync(WebhookReceiver receiver, int count, TimeSpan step)
    {
        await DesktopsApp.UntilAsync(async () =>
        {
            app.Clock.Advance(step);
            await WakeAsync();
            return receiver.First().Count >= count;
        }, TimeSpan.FromSeconds(60));
        return receiver.First();
    }

    private Task<int> WakeAsync() => app.InFieldworkAsync(db => db.Database.ExecuteSqlRawAsync("NOTIFY relais_steering"));

    private static void InOrder(WebhookReceiver receiver, List<Received> received)
    {
        Assert.All(receiver.All, r => Assert.True(r.Signed));
        foreach (var one in received.GroupBy(r => r.Subject))
            Assert.Equal(one.Select(r => r.Sequence).Order(StringComparer.Ordinal), one.Select(r => r.Sequence));
    }
}
