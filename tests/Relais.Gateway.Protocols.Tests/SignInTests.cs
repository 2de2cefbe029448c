using Relais.Gateway.Protocols.CredSsp;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class SignInTests
{
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, TsRequest.NonceLength).Select(i => (byte)i)];

    // Computed with Python's hashlib from the texts of [MS-CSSP] 3.1.5, nonce 00..1F and the first bytes of a key.
    [Fact]
    public void Both_bindings_are_those_of_the_specification()
    {
        var key = Convert.FromHexString("30818902818100");
        Assert.Equal("D46FA5E1AAE650D0FFD3236CF46979125079C85CD0A0471BB027323D594D730A", Convert.ToHexString(PublicKeyBinding.OfClient(Nonce, key)));
        Assert.Equal("750DB8924633B7CFF557DBF8A1055FA913D84040F5DEFF65462C296C14547447", Convert.ToHexString(PublicKeyBinding.OfServer(Nonce, key)));
    }

    [Fact]
    public void Credentials_are_written_as_the_specification_lays_them_out()
    {
        var bytes = TsCredentials.Write(new RdpCredentials("u", "p", "D"));
        Assert.Equal("301D" + "A003020101" + "A1160414" + "3012" + "A00404024400" + "A10404027500" + "A20404027000", Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData("anne", "Été€-à-ç", "INSTITUT")]
    [InlineData("anne@institut.example", "", "")]
    public void Credentials_survive_writing_and_reading(string name, string password, string domain)
    {
        Assert.True(TsCredentials.TryRead(TsCredentials.Write(new RdpCredentials(name, password, domain)), out var read));
        Assert.Equal((name, password, domain), (read!.UserName, read.Password, read.Domain));
    }

    [Theory]
    [InlineData("anne", "anne", "")]
    [InlineData(@"INSTITUT\anne", "anne", "INSTITUT")]
    [InlineData(@".\anne", "anne", ".")]
    [InlineData("anne@institut.example", "anne@institut.example", "")]
    public void A_domain_may_stand_before_the_name(string account, string name, string domain)
    {
        var credentials = RdpCredentials.Of(account, "secret");
        Assert.Equal((name, domain), (credentials.UserName, credentials.Domain));
    }

    [Theory]
    [InlineData(0xC000006D, SignInRefusal.Credentials)]
    [InlineData(0xC007052E, SignInRefusal.Credentials)] // FreeRDP's
    [InlineData(0xC0000234, SignInRefusal.Locked)]
    [InlineData(0xC0070775, SignInRefusal.Locked)]
    [InlineData(0xC0000071, SignInRefusal.PasswordExpired)]
    [InlineData(0xC0000224, SignInRefusal.PasswordExpired)]
    [InlineData(0xC0000072, SignInRefusal.Barred)]
    [InlineData(0xC000015B, SignInRefusal.Barred)]
    [InlineData(0xC0000001, SignInRefusal.Other)]
    [InlineData(0x80090308, SignInRefusal.Other)]
    public void A_status_says_what_the_person_can_do(uint status, SignInRefusal expected) => Assert.Equal(expected, SignInRefusals.Of(status));

    [Fact]
    public void The_selection_of_a_real_confirm_is_changed_and_nothing_else()
    {
        var changed = X224Confirm.Select(Capture.Confirm, SecurityProtocols.Hybrid);
        Assert.True(X224Confirm.TryRead(changed, out var confirm));
        Assert.Equal(SecurityProtocols.Hybrid, confirm.Selected);
        Assert.Equal(Capture.Confirm[..^4], changed[..^4]);
    }

    [Fact]
    public void The_target_is_repeated_its_own_selection()
    {
        var plan = new RdpConnectPlan(ChannelPolicy.DisplayOnly, Selected: SecurityProtocols.HybridEx);
        var input = new System.Buffers.ReadOnlySequence<byte>(Capture.ConnectInitial);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.Equal(ReadResult.NeedMore, new RdpConnectSequence(plan).Advance(ref input, output));
        Assert.True(McsConnectInitial.TryLocate(output.WrittenSpan, out var blocks));
        Assert.Equal("08000000", Convert.ToHexString(output.WrittenSpan[blocks.Core][212..216]));
    }

    [Fact]
    public void A_client_that_was_told_TLS_may_send_no_CredSSP()
    {
        var sequence = new RdpConnectSequence(new RdpConnectPlan(ChannelPolicy.DisplayOnly, Selected: SecurityProtocols.Hybrid));
        var input = new System.Buffers.ReadOnlySequence<byte>(TsRequestWriter.Write(new TsRequest()));
        Assert.Equal(ReadResult.Malformed, sequence.Advance(ref input, new System.Buffers.ArrayBufferWriter<byte>()));
        Assert.Equal(RdpConnectFault.NotAFrame, sequence.Fault);
    }
}
