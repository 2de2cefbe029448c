using Relais.Gateway.Protocols.CleanPath;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;

namespace Relais.Tests.Gateway;

/// <summary>The gateway signs in at a real workstation, whose password the browser never has.</summary>
public sealed class NlaWorkstationTests(NlaWorkstation workstation) : IClassFixture<NlaWorkstation>
{
    public static TheoryData<string> Accounts => ["anne", "marc"];

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task A_browser_that_knows_no_password_gets_through_to_licences(string name)
    {
        var account = name == "anne" ? ShadowWorkstation.Anne : ShadowWorkstation.Marc;
        using var browser = await Loopback.ConnectAsync();
        var made = await Browser.ConnectAsync(browser, new RdpTarget(workstation.Address, workstation.Pin, SignIn: account));
        await using var target = Assert.IsType<Handshake.Connected>(made).Target;
        var answer = await Browser.ReadPduAsync(browser.Stream);
        Assert.True(X224Confirm.TryRead(answer.X224!.Value.Span, out var told));
        Assert.Equal(SecurityProtocols.Tls, told.Selected);
        Assert.Equal(SecurityProtocols.Hybrid, target.SignedIn);

        using var stop = new CancellationTokenSource();
        var plan = new RdpConnectPlan(ChannelPolicy.DisplayOnly, account, 0x040C, Selected: target.SignedIn);
        var limits = new RelayLimits(Browser.Patience, TimeSpan.FromMinutes(1), RelayLimits.RdpDrain);
        var relay = new ByteRelay(RelaySide.Of(browser.Near), target.Side, new RelayCounters(), limits, TimeProvider.System)
            .RunAsync(new RdpStartUp(plan), stop.Token);
        try
        {
            Assert.True(await new RawRdpClient(browser.Stream).ReachesLicencesAsync().WaitAsync(Browser.Patience));
        }
        catch (EndOfStreamException)
        {
            Assert.Fail(workstation.Said);
        }

        await stop.CancelAsync();
        Assert.Equal(RelayEnd.Stopped, await relay);
    }

    [Theory]
    [InlineData("anne", "Mot-de-passe-du-poste-8", "")]
    [InlineData("anne", "", "")]
    [InlineData("nobody", "Mot-de-passe-du-poste-7", "")]
    [InlineData("marc", "Mot-de-passe-du-poste-7", "INSTITUT")]
    public async Task A_wrong_name_or_password_is_told_as_such(string name, string password, string domain)
    {
        using var browser = await Loopback.ConnectAsync();
        var target = new RdpTarget(workstation.Address, workstation.Pin, SignIn: new RdpCredentials(name, password, domain));
        await ShouldFailAsync(browser, target, HandshakeFailure.CredentialsRefused, CleanPathError.Http(401));
    }

    [Fact]
    public async Task A_workstation_with_a_changed_certificate_is_not_signed_in_to()
    {
        var pin = workstation.Pin.ToArray();
        pin[0] ^= 1;
        using var browser = await Loopback.ConnectAsync();
        var target = new RdpTarget(workstation.Address, pin, SignIn: ShadowWorkstation.Anne);
        await ShouldFailAsync(browser, target, HandshakeFailure.CertificateChanged, CleanPathError.Tls(42));
    }

    [Fact]
    public async Task A_workstation_that_demands_it_is_not_entered_without()
    {
        using var browser = await Loopback.ConnectAsync();
        var target = new RdpTarget(workstation.Address, workstation.Pin);
        await ShouldFailAsync(browser, target, HandshakeFailure.NegotiationRefused, new CleanPathError(CleanPathError.Negotiation));
    }

    private static async Task ShouldFailAsync(Loopback browser, RdpTarget target, HandshakeFailure why, CleanPathError told)
    {
        Assert.Equal(new Handshake.Failed(why), await Browser.ConnectAsync(browser, target));
        Assert.Equal(told, (await Browser.ReadPduAsync(browser.Stream)).Error);
    }
}
