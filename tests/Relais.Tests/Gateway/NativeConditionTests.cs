using System.Net;
using Relais.Access.Conditions;
using Relais.Gateway.Protocols.Tsgu;
using Relais.Gateway.Sessions;
using Relais.Tests.Access;

namespace Relais.Tests.Gateway;

/// <summary>Rules of access at RD Gateway, where a client shows nothing but a token.</summary>
public sealed class NativeConditionTests(NativeApp app) : IClassFixture<NativeApp>
{
    private static readonly IPEndPoint Nowhere = new(IPAddress.Loopback, 9);

    [Fact]
    public async Task A_file_that_is_taken_elsewhere_is_judged_by_where_it_is_opened()
    {
        await app.SetRulesAsync(RuleBook.New("Bureau seulement", RuleDecision.Refuse) with { Networks = "127.0.1.71", Elsewhere = true, Targets = ["NativeClient"] });
        var (person, signIn) = await app.SignedInAsync();
        var grant = await app.GrantAsync(person, signIn, Nowhere, new byte[32]);
        await using (var elsewhere = await NativePeer.WebSocketAsync(app, "127.0.1.72"))
            Assert.Equal(TsguCode.CookieDenied, await elsewhere.TunnelAsync(grant.Token));
        Assert.Equal(1, await app.RefusalsAsync(person));

        grant = await app.GrantAsync(person, signIn, Nowhere, new byte[32]);
        await using var office = await NativePeer.WebSocketAsync(app, "127.0.1.71");
        Assert.Equal(TsguCode.Ok, await office.TunnelAsync(grant.Token));
    }

    [Fact]
    public async Task An_open_native_session_is_closed_when_a_rule_asks_for_what_it_cannot_give()
    {
        await app.SetRulesAsync();
        await using var target = RdpPeer.Tls(async tls => await tls.CopyToAsync(Stream.Null));
        var (person, signIn) = await app.SignedInAsync();
        var grant = await app.GrantAsync(person, signIn, target.Address, target.Pin);
        await using var client = await NativePeer.WebSocketAsync(app, "127.0.1.73");
        await client.OpenAsync(grant.Token);
        await app.SetRulesAsync(RuleBook.New("Second facteur", RuleDecision.AskSecondFactor) with { Targets = ["Desktop"] });
        await NativeApp.UntilAsync(async () => (await app.SessionAsync(grant.Session)).End == SessionEnd.Barred);
    }
}
