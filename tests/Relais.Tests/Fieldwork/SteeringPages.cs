using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Webhooks;
using Relais.Kernel.Audit;
using Relais.Tests.Desktops;

namespace Relais.Tests.Fieldwork;

/// <summary>The pages about other systems and personal data, in a real Chromium.</summary>
[InChromium]
public sealed class SteeringPages(SteeringApp app) : IClassFixture<SteeringApp>
{
    [Theory]
    [InlineData(360, "fr")]
    [InlineData(1280, "fr")]
    [InlineData(1280, "en")]
    public async Task They_are_in_order_on_narrow_and_wide_screens_and_in_both_languages(int width, string language)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var wave = await app.AddWaveAsync(sample: "id,phone,nom\nA-1,01 79 00 11 22,Dupont\n");
        var made = await app.SubscribeAsync(wave.Study, receiver.Address);
        receiver.Secret = made.Secret;
        await app.SubscribeAsync(wave.Study, "https://entrepot.institut.example/relais/evenements");
        await wave.CloseAsync(await wave.MustTakeAsync(), "busy");
        await DesktopsApp.UntilAsync(async () => await app.InFieldworkAsync(db => db.Deliveries.AnyAsync(d => d.WebhookId == made.Webhook.Id && d.State == DeliveryState.Delivered)));
        await app.DoAsync<EditWebhooks, bool>(e => e.SwitchAsync(made.Webhook.Id, false, Actor.System, CancellationToken.None));
        await app.SystemAsync(true, wave.Study);
        await using var chromium = await Chromium.StartAsync();
        var person = await app.AddPersonAsync(Roles.Administrator, Roles.Supervisor);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
        var page = await app.OpenPageAsync(chromium, person, "/system-keys");
        await page.SetViewportSizeAsync(width, 900);
        foreach (var (name, address) in new[]
        {
            ("keys", "/system-keys"), ("webhooks", $"/fieldwork/studies/{wave.Study}/webhooks"), ("webhook", $"/fieldwork/webhooks/{made.Webhook.Id}"), ("privacy", "/fieldwork/privacy"), ("fieldwork", "/fieldwork"),
        })
        {
            await page.GotoAsync(address);
            await page.IsInOrderAsync($"steering {name} {language}", width);
        }

        await page.GotoAsync("/fieldwork/privacy");
        await page.FillAsync("#number", "01 79 00 11 22");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#found");
        await page.IsInOrderAsync($"steering found {language}", width);
    }
}
