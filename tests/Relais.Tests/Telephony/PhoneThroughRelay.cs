using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Telephony;
using Relais.Telephony.Rooms;

namespace Relais.Tests.Telephony;

/// <summary>A voice that goes through the relay (coturn), as from a network that leaves no other way.</summary>
[InChromium]
public sealed class PhoneThroughRelay(PhoneThroughRelay.RelayApp app) : IClassFixture<PhoneThroughRelay.RelayApp>
{
    private const double Ours = 440;
    private const double Theirs = 660;

    [Fact]
    public async Task Voices_go_through_the_relay_where_the_network_leaves_no_other_way()
    {
        await using var callee = ToneCallee.Start(Theirs);
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.AddTrunkAsync(sipOperator.Port);
        using var tone = new ToneFile(Ours);
        await using var chromium = await tone.BrowserAsync();
        var person = await app.InterviewingPersonAsync();
        var page = await app.ConnectedAsync(chromium, person);
        await app.DialAsync(page, person);
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.4);
        await page.HearsAsync(Theirs);
        await TelephonyApp.UntilTrueAsync(() => app.HomeLegs.Of(person.Id)?.Route == "relay");

        // And administrators see that it is there; one that is not is told from it.
        var servers = await (await app.SignInAsync(app.Administrator)).GetAsync("/phone/servers");
        Assert.Contains("Toutes les voix passent par le relais", servers.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Ne répond pas", servers.Text, StringComparison.Ordinal);
        foreach (var (uri, state) in ((string, TurnState)[])
                 [
                     (app.Turn.Uris[0], TurnState.Answers), (app.Turn.Uris[0].Replace("udp", "tcp", StringComparison.Ordinal), TurnState.Answers),
                     ($"turn:127.0.0.1:{TestProgram.FreePort()}", TurnState.Silent), ("turns:voix.example.org", TurnState.Unasked), ("voix.example.org:3478", TurnState.Unasked),
                 ])
            Assert.Equal(state, await TurnProbe.AskAsync(uri, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_relay_reaches_the_voice_server_alone_and_its_credentials_end()
    {
        var person = await app.InterviewingPersonAsync();
        var browser = await app.SignInAsync(person);
        var ice = await browser.Client.GetFromJsonAsync<JsonElement>("/api/telephony/phone/ice", TestContext.Current.CancellationToken);
        var (name, password) = (ice.GetProperty("servers")[0].GetProperty("username").GetString()!, ice.GetProperty("servers")[0].GetProperty("credential").GetString()!);
        var end = app.Clock.GetUtcNow().AddHours(12).ToUnixTimeSeconds();
        Assert.InRange(long.Parse(name.Split(':')[0], CultureInfo.InvariantCulture), end - 60, end);
        Assert.Equal(person.Id.ToString("N"), name.Split(':')[1]);

        // Another address than the voice server's, in the internet or in the institute.
        Assert.Contains("403 (Forbidden IP)", await app.RefusedAsync(name, password, "203.0.113.5"), StringComparison.Ordinal);
        Assert.Contains("403 (Forbidden IP)", await app.RefusedAsync(name, password, "10.0.0.5"), StringComparison.Ordinal);
        // Yesterday's, and one that was never ours.
        var old = IceServers.For(person.Id, app.Turn, DateTimeOffset.UnixEpoch.AddYears(50)).Servers[0];
        Assert.Contains("Cannot complete Allocation", await app.RefusedAsync(old.Username, old.Credential, "203.0.113.5"), StringComparison.Ordinal);
        Assert.Contains("Cannot complete Allocation", await app.RefusedAsync(name, "deviné", "203.0.113.5"), StringComparison.Ordinal);
    }

    public sealed class RelayApp : PhoneApp
    {
        private const string Secret = "un autre secret de test";
        private readonly string _port = TestProgram.FreePort().ToString(CultureInfo.InvariantCulture);
        private TestProgram? _relay;

        internal TurnOptions Turn => Services.GetRequiredService<IOptions<TelephonyOptions>>().Value.Turn;

        /// <summary>What coturn's own client says when it is refused.</summary>
        internal async Task<string> RefusedAsync(string name, string password, string peer)
        {
            await using var client = TestProgram.Start("turnutils_uclient", ["-u", name, "-w", password, "-p", _port, "-n", "1", "-e", peer, OwnAddress]);
            Assert.NotEqual(0, await client.EndsAsync());
            return client.Said;
        }

        public override async ValueTask InitializeAsync()
        {
            Settings["Telephony:Turn:Uris:0"] = $"turn:{OwnAddress}:{_port}?transport=udp";
            Settings["Telephony:Turn:Secret"] = Secret;
            Settings["Telephony:Turn:Only"] = "true";
            _relay = TestProgram.Start("bash", [Path.Combine(Repository(), "scripts", "turn.sh"), Path.Combine(Folder.FullName, "turn"), OwnAddress, _port, Secret, OwnAddress, "28000"]);
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            if (_relay is not null)
                await _relay.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
