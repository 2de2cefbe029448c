using Relais.Access.Conditions;
using Relais.Access.Contracts;

namespace Relais.Tests.Access;

/// <summary>The pages of rules in a real browser.</summary>
[InChromium]
public sealed class ConditionPages(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Fact]
    public async Task Pages_of_rules_are_in_order_empty_and_full_wide_and_narrow()
    {
        var boss = await app.AddPersonAsync(Roles.Administrator);
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, boss, "/access/rules");
        await page.IsInOrderAsync("rules-empty", 1280);
        await app.SetRulesAsync(
            RuleBook.New("Nuit fermée aux prestataires", RuleDecision.Refuse) with { Roles = [Roles.Contractor], From = "22:00", To = "06:00" },
            RuleBook.New("Réseau de l’institut", RuleDecision.Allow) with { Networks = "127.0.0.0/8\n192.0.2.0/24\n2001:db8::/32" },
            RuleBook.New("Hors de France et Belgique", RuleDecision.Refuse) with { Countries = "FR BE", Elsewhere = true, Words = "Appelez le 4242." },
            RuleBook.New("Ailleurs", RuleDecision.AskSecondFactor) with { ProofHours = "8", Devices = ["Known", "New"], Days = ["Monday", "Tuesday"] });
        foreach (var width in new[] { 1280, 360 })
        {
            await page.SetViewportSizeAsync(width, 900);
            foreach (var (address, name) in new[]
            {
                ("/access/rules", "rules"), ("/access/rules/new", "rule"), ("/access/countries", "countries"), ("/account/second-factor", "step-up"),
                ($"/access/rules/try?person={boss.UserName}&address=198.51.100.7&when=2026-12-01T12:00&device=Known&what=Desktop", "try"),
            })
            {
                await page.GotoAsync(address);
                await page.IsInOrderAsync(name, width);
            }
        }

        // A rule is written, warned about, and kept out of the list.
        await page.SetViewportSizeAsync(1280, 900);
        await page.GotoAsync("/access/rules/new");
        await page.FillAsync("#name", "Siège seulement");
        await page.FillAsync("#networks", "192.0.2.0/24");
        await page.CheckAsync("input[name=Elsewhere]");
        await page.ClickAsync("form[method=post] button.primary");
        await page.WaitForSelectorAsync("text=vous fermerait la porte");
        await page.IsInOrderAsync("rule-locks-out", 1280);
        await page.UncheckAsync("input[name=Elsewhere]");
        await page.ClickAsync("form[method=post] button.primary");
        await page.WaitForSelectorAsync("tbody th a >> text=Siège seulement");

        // What is refused says so, and opens by itself again.
        await app.SetRulesAsync(RuleBook.New("Fermé", RuleDecision.Refuse) with { Targets = ["Administration"], Words = "Appelez le 4242." });
        await page.GotoAsync("/people");
        await page.WaitForSelectorAsync("text=Appelez le 4242.");
        await page.IsInOrderAsync("refused", 1280);
        await app.SetRulesAsync();
        await page.ReloadAsync();
        await page.ArriveAsync(url => new Uri(url).AbsolutePath == "/");
    }
}
