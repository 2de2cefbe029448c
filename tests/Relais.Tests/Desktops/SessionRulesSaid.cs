using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Desktops.Bundles;
using Relais.Desktops.Transfer;
using Relais.Gateway.Contracts;
using Relais.Portal.Remote;

namespace Relais.Tests.Desktops;

/// <summary>What the page of a session says of what passes: every case in words of both languages, and where no server holds it.</summary>
public sealed class SessionRulesSaid
{
    [Theory]
    [InlineData("fr")]
    [InlineData("en")]
    public void Every_rule_is_said_in_words(string language)
    {
        var text = Text(language);
        foreach (var way in new[] { "both", "in", "out", "none" })
        {
            var bundle = BundleReader.Read("x", $$"""
                {"name":"x","title":{"fr":"Terrain","en":"Field"},"extends":"y","limits":{"memory":"1GiB","cpu":1,"processes":100,"home":"1GiB"},
                 "egress":{"tcpPorts":""},"clipboard":"{{way}}","transfer":"{{way}}","print":"{{(way == "both" ? "allowed" : "refused")}}"}
                """).Bundle!;
            foreach (var rules in new[] { SessionRules.OfDesktop(bundle, "Terrain", pooled: false, named: true, text), SessionRules.OfDesktop(bundle, "Terrain", pooled: true, named: false, text) })
                Assert.All(rules, rule => Assert.DoesNotContain("Rules.", rule.What + rule.Words, StringComparison.Ordinal));
            var personal = SessionRules.OfDesktop(bundle, "Terrain", pooled: false, named: false, text);
            Assert.Equal(way switch { "both" => ScreenRule.Open, "none" => ScreenRule.Closed, _ => ScreenRule.Partly }, personal[0].State);
            Assert.Equal(way == "both" ? ScreenRule.Open : ScreenRule.Closed, personal[2].State);
            Assert.All(personal.Where(r => r.State is ScreenRule.Closed or ScreenRule.Partly), rule => Assert.Contains("Terrain", rule.Words, StringComparison.Ordinal));
        }

        foreach (var protocol in Enum.GetValues<TargetProtocol>())
        {
            foreach (var policy in Enum.GetValues<ClipboardPolicy>())
                Assert.All(SessionRules.OfMachine(protocol, policy, named: true, text), rule => Assert.DoesNotContain("Rules.", rule.What + rule.Words, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Rdp", "None", false)]
    [InlineData("Vnc", "None", true)]
    [InlineData("Vnc", "In", true)]
    [InlineData("Vnc", "Out", false)]
    [InlineData("Ssh", "Out", true)]
    [InlineData("Ssh", "Both", false)]
    public void Where_only_the_page_closes_the_clipboard_it_says_so(string protocol, string policy, bool said)
    {
        var rules = SessionRules.OfMachine(Enum.Parse<TargetProtocol>(protocol), Enum.Parse<ClipboardPolicy>(policy), named: false, Text("fr"));
        Assert.Equal(said, rules[0].Words.Contains("seule cette page", StringComparison.Ordinal));
    }

    private static IStringLocalizer<TransferTexts> Text(string language)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        return new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider().GetRequiredService<IStringLocalizer<TransferTexts>>();
    }
}
