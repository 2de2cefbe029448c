using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Protocols.Tsgu;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;

namespace Relais.Tests.Gateway;

/// <summary>Who gets through RD Gateway and who does not, over both transports.</summary>
public sealed class NativeDoorTests(NativeApp app) : IClassFixture<NativeApp>
{
    private static readonly IPEndPoint Nowhere = new(IPAddress.Loopback, 9);

    public static readonly TheoryData<bool> Transports = [true, false];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_good_token_opens_a_channel_that_speaks_rdp(bool webSocket)
    {
        await using var target = RdpPeer.Tls(async tls => await tls.CopyToAsync(Stream.Null));
        var grant = await app.GrantAsync(target.Address, target.Pin);
        await using var client = await ConnectAsync(webSocket);
        await client.OpenAsync(grant.Token);
        await client.SendDataAsync(new X224Request(SecurityProtocols.Tls, 0, 0).Write());
        var answer = await client.ReadAsync();
        Assert.Equal((TsguPacketType.Data, RdpPeer.TlsChosen), (answer?.Type, Convert.ToHexString(answer?.Body ?? [])));
        Assert.Equal(1, (await app.SessionAsync(grant.Session)).Connection);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_bad_token_is_refused_by_its_number_and_in_the_audit_trail(bool webSocket)
    {
        var from = webSocket ? "127.0.1.1" : "127.0.1.2";
        await using var client = await ConnectAsync(webSocket, from);
        Assert.Equal(TsguCode.CookieDenied, await client.TunnelAsync("jeton"));
        Assert.Null(await client.ReadAsync());
        Assert.Equal(1, await app.AuditedAsync("session.token-refused", from));
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        var grant = await app.GrantAsync(Nowhere, new byte[32]);
        app.Clock.Advance(TimeSpan.FromMinutes(5.1));
        await using var client = await NativePeer.WebSocketAsync(app, "127.0.1.3");
        Assert.Equal(TsguCode.CookieDenied, await client.TunnelAsync(grant.Token));
    }

    [Fact]
    public async Task A_used_token_takes_up_its_own_open_session_from_the_same_device_only()
    {
        var grant = await app.GrantAsync(Nowhere, new byte[32]);
        await using (var first = await NativePeer.WebSocketAsync(app, "127.0.1.4"))
        {
            Assert.Equal(TsguCode.Ok, await first.TunnelAsync(grant.Token));
            Assert.Equal(TsguCode.Ok, (await first.AuthorizeAsync("portable"))?.Code);
        }

        await using (var elsewhere = await NativePeer.WebSocketAsync(app, "127.0.1.5"))
            Assert.Equal(TsguCode.CookieDenied, await elsewhere.TunnelAsync(grant.Token));
        await using (var other = await NativePeer.WebSocketAsync(app, "127.0.1.4"))
        {
            Assert.Equal(TsguCode.Ok, await other.TunnelAsync(grant.Token));
            Assert.Equal(TsguCode.AccessDenied, (await other.AuthorizeAsync("autre"))?.Code);
        }

        await using (var again = await NativePeer.WebSocketAsync(app, "127.0.1.4"))
        {
            Assert.Equal(TsguCode.Ok, await again.TunnelAsync(grant.Token));
            Assert.Equal(TsguCode.Ok, (await again.AuthorizeAsync("portable"))?.Code);
        }

        await app.InGatewayAsync(db => db.Sessions.Where(s => s.Id == grant.Session.Value)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndAsked, nameof(SessionEnd.EndedByAdministrator))));
        await using var late = await NativePeer.WebSocketAsync(app, "127.0.1.4");
        Assert.Equal(TsguCode.CookieDenied, await late.TunnelAsync(grant.Token));
    }

    [Fact]
    public async Task Of_two_first_redemptions_at_once_the_session_keeps_the_last()
    {
        var grant = await app.GrantAsync(Nowhere, new byte[32]);
        await using var one = await NativePeer.WebSocketAsync(app);
        await using var two = await NativePeer.WebSocketAsync(app);
        await Task.WhenAll(one.TunnelAsync(grant.Token), two.TunnelAsync(grant.Token));
        Assert.Equal(2, (await app.SessionAsync(grant.Session)).Connection);
    }

    [Fact]
    public async Task A_token_for_the_browser_does_not_open_this_door()
    {
        var grant = await app.GrantAsync(Nowhere, new byte[32], GrantDoor.Browser);
        await using var client = await NativePeer.WebSocketAsync(app, "127.0.1.6");
        Assert.Equal(TsguCode.CookieDenied, await client.TunnelAsync(grant.Token));
    }

    [Fact]
    public async Task A_token_for_this_door_does_not_open_the_browsers()
    {
        var (person, signIn) = await app.SignedInAsync();
        var grant = await app.GrantAsync(person, signIn, Nowhere, new byte[32]);
        await using var scope = app.Services.CreateAsyncScope();
        var redemption = await scope.ServiceProvider.GetRequiredService<RedeemGrant>()
            .HandleAsync(grant.Token, TargetProtocol.Rdp, new PersonId(person.Id), signIn, Actor.System, CancellationToken.None);
        Assert.Equal(new Redemption.Refused(RedemptionRefusal.OtherDoor), redemption);
    }

    [Fact]
    public async Task A_token_whose_person_signed_out_since_is_refused()
    {
        var (person, signIn) = await app.SignedInAsync();
        var grant = await app.GrantAsync(person, signIn, Nowhere, new byte[32]);
        await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.Id == signIn.Value)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, app.Clock.GetUtcNow())));
        await using var client = await NativePeer.WebSocketAsync(app, "127.0.1.7");
        Assert.Equal(TsguCode.CookieDenied, await client.TunnelAsync(grant.Token));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_target_that_the_token_is_not_for_is_denied_and_nothing_is_dialled(bool webSocket)
    {
        await using var target = RdpPeer.Tls(async tls => await tls.CopyToAsync(Stream.Null));
        var grant = await app.GrantAsync(target.Address, target.Pin);
        await using var client = await ConnectAsync(webSocket);
        Assert.Equal(TsguCode.Ok, await client.TunnelAsync(grant.Token));
        await client.AuthorizeAsync();
        Assert.Equal(TsguCode.TargetDenied, await client.ChannelAsync("169.254.169.254"));
        Assert.Null(await client.ReadAsync());
        Assert.False(target.WasDialled);
    }

    [Fact]
    public async Task A_target_that_does_not_answer_is_told()
    {
        var grant = await app.GrantAsync(Nowhere, new byte[32]);
        await using var client = await NativePeer.WebSocketAsync(app);
        Assert.Equal(TsguCode.Ok, await client.TunnelAsync(grant.Token));
        await client.AuthorizeAsync();
        Assert.Equal(TsguCode.ConnectFailed, await client.ChannelAsync("localhost"));
    }

    [Fact]
    public async Task A_target_with_another_certificate_than_the_pinned_one_is_not_connected()
    {
        await using var target = RdpPeer.Tls(async tls => await tls.CopyToAsync(Stream.Null));
        var grant = await app.GrantAsync(target.Address, new byte[32]);
        await using var client = await NativePeer.WebSocketAsync(app);
        Assert.Equal(TsguCode.Ok, await client.TunnelAsync(grant.Token));
        await client.AuthorizeAsync();
        Assert.Equal(TsguCode.ConnectFailed, await client.ChannelAsync("desktop"));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_disabled_person_is_cut_within_five_seconds(bool webSocket)
    {
        await using var target = RdpPeer.Tls(async tls => await tls.CopyToAsync(Stream.Null));
        var (person, signIn) = await app.SignedInAsync();
        var grant = await app.GrantAsync(person, signIn, target.Address, target.Pin);
        await using var client = await ConnectAsync(webSocket);
        await client.OpenAsync(grant.Token);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, app.Clock.GetUtcNow())));
        await NativeApp.UntilAsync(async () => (await app.SessionAsync(grant.Session)).End == SessionEnd.AccessWithdrawn, seconds: 5);
        while (await client.ReadAsync() is { } packet)
            Assert.Equal(TsguPacketType.CloseChannel, packet.Type);
    }

    [Fact]
    public async Task A_half_with_an_unknown_connection_is_refused()
    {
        Assert.Equal(401, await NativePeer.OnlyInAsync(app, Guid.NewGuid()));
        Assert.Equal(401, await NativePeer.OnlyInAsync(app, Guid.NewGuid(), whole: true));
    }

    [Fact]
    public async Task A_half_from_another_address_is_refused_and_the_owner_still_joins()
    {
        var id = Guid.NewGuid();
        await using var client = await NativePeer.OnlyOutAsync(app, id);
        Assert.Equal(401, await NativePeer.OnlyInAsync(app, id, "127.0.1.8"));
        Assert.Equal(401, await NativePeer.OnlyInAsync(app, id, "127.0.1.8", whole: true));
        await using (var second = await NativePeer.OnlyOutAsync(app, id, "127.0.1.8"))
            Assert.Equal(401, second.Status);
        await client.OpenInAsync(app, id);
        Assert.Equal(TsguCode.CookieDenied, await client.TunnelAsync("jeton"));
    }

    [Fact]
    public async Task A_half_that_stays_alone_is_ended_when_the_time_is_over()
    {
        await using var client = await NativePeer.OnlyOutAsync(app, Guid.NewGuid(), "127.0.1.9");
        app.Clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_cut_when_the_time_is_over()
    {
        await using var client = await NativePeer.WebSocketAsync(app, "127.0.1.10");
        await client.SendAsync([1, 0, 0]);
        app.Clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Null(await client.ReadAsync());
    }

    [Theory]
    [InlineData("01000000FFFFFF7F")]
    [InlineData("0100000000200000")] // longer than any packet of a handshake
    [InlineData("0A0000000A0000000000")] // data before there is a channel
    [InlineData("0300000008000000")]
    [InlineData("474554202F20")] // "GET / "
    public async Task What_is_no_handshake_is_cut(string hex)
    {
        await using var client = await NativePeer.WebSocketAsync(app, "127.0.1.11");
        await client.SendAsync([.. Convert.FromHexString(hex), .. new byte[8192]]);
        Assert.Null(await client.ReadAsync());
    }

    [Theory]
    [InlineData("0A00000010000000FFFF")]
    [InlineData("04000000FFFF0000")]
    public async Task A_channel_that_breaks_the_framing_is_cut(string hex)
    {
        await using var target = RdpPeer.Tls(async tls => await tls.CopyToAsync(Stream.Null));
        var grant = await app.GrantAsync(target.Address, target.Pin);
        await using var client = await NativePeer.WebSocketAsync(app);
        await client.OpenAsync(grant.Token);
        await client.SendAsync([.. Convert.FromHexString(hex), .. new byte[100]]);
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_workstation_is_asked_for_with_network_level_authentication_or_not_at_all()
    {
        await using var target = RdpPeer.Answering(RdpPeer.TlsChosen, _ => Task.CompletedTask);
        var grant = await app.GrantAsync(target.Address, pin: null);
        await using var client = await NativePeer.WebSocketAsync(app);
        await client.OpenAsync(grant.Token);
        await client.SendDataAsync(new X224Request(SecurityProtocols.Tls, 0, 0).Write());
        while (await client.ReadAsync() is { } packet)
            Assert.Equal(TsguPacketType.CloseChannel, packet.Type);
        Assert.Empty(target.Request);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task The_desktop_sees_its_own_account_and_no_denied_channel_and_the_client_a_certificate_that_it_can_check(bool webSocket)
    {
        var seen = new TaskCompletionSource<byte[]>();
        await using var target = RdpPeer.Tls(async tls =>
        {
            var bytes = new byte[Browser.StartUp().Length];
            var read = await tls.ReadAtLeastAsync(bytes, bytes.Length - 100);
            seen.SetResult(bytes[..read]);
        });
        var grant = await app.GrantAsync(target.Address, target.Pin);
        await using var client = await ConnectAsync(webSocket);
        await client.OpenAsync(grant.Token);
        await using var channel = client.Channel();
        await channel.WriteAsync(new X224Request(SecurityProtocols.Tls, 0, 0).Write());
        await channel.ReadExactlyAsync(new byte[19]);

        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(app.DataFolder, "tls", "ca.crt")));
        await using var tls = new SslStream(channel);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust });
        await tls.WriteAsync(Browser.StartUp());

        var arrived = await seen.Task.WaitAsync(NativePeer.Patience);
        Assert.DoesNotContain("cliprdr", Encoding.Latin1.GetString(arrived), StringComparison.Ordinal);
        Assert.True(arrived.AsSpan().IndexOf(Encoding.Unicode.GetBytes("secret")) > 0);
        Assert.True(arrived.AsSpan().IndexOf(Encoding.Unicode.GetBytes("Mot-de-passe-7")) < 0);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_that_does_not_read_stops_its_target_and_fills_no_memory(bool webSocket)
    {
        var sent = 0L;
        await using var target = RdpPeer.Answering(RdpPeer.TlsChosen, async socket =>
        {
            var block = new byte[64 * 1024];
            while (true)
                Interlocked.Add(ref sent, await socket.SendAsync(block));
        });
        var grant = await app.GrantAsync(target.Address, pin: null);
        await using (var client = await ConnectAsync(webSocket))
        {
            await client.OpenAsync(grant.Token);
            await client.SendDataAsync(new X224Request(SecurityProtocols.Hybrid, 0, 0).Write());
            var (last, still) = (-1L, 0);
            await NativeApp.UntilAsync(() =>
            {
                var now = Interlocked.Read(ref sent);
                still = now > 0 && now == last ? still + 1 : 0;
                last = now;
                return Task.FromResult(still == 10);
            });
            // What the kernel's sockets hold on the way, and little more.
            Assert.InRange(last, 1, 32 * 1024 * 1024);
            Assert.Null((await app.SessionAsync(grant.Session)).EndedAt);
        }

        await NativeApp.UntilAsync(() => Task.FromResult(target.Served.IsCompleted));
    }

    [Fact]
    public async Task A_session_that_ends_has_counted_all_that_it_carried()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = RdpPeer.Answering(RdpPeer.TlsChosen, async socket =>
        {
            await socket.SendAsync(new byte[1000]);
            await goOn.Task;
            await socket.SendAsync(new byte[100]);
        });
        var grant = await app.GrantAsync(target.Address, pin: null);
        await using var client = await NativePeer.WebSocketAsync(app);
        await client.OpenAsync(grant.Token);
        await client.SendDataAsync(new X224Request(SecurityProtocols.Hybrid, 0, 0).Write());
        await NativeApp.UntilAsync(async () => (await app.SessionAsync(grant.Session)).ToClientBytes == 1019);
        goOn.SetResult();
        while (await client.ReadAsync() is { } packet && packet.Type != TsguPacketType.CloseChannel)
            Assert.Equal(TsguPacketType.Data, packet.Type);
        await client.SendAsync(new TsguClose(TsguCode.Ok).Write(answers: true));
        await NativeApp.UntilAsync(async () => (await app.SessionAsync(grant.Session)).End == SessionEnd.Left);
        Assert.Equal(1119, (await app.SessionAsync(grant.Session)).ToClientBytes);
    }

    [Fact]
    public async Task A_client_that_cannot_do_tls_is_told_so()
    {
        await using var target = RdpPeer.Tls(async tls => await tls.CopyToAsync(Stream.Null));
        var grant = await app.GrantAsync(target.Address, target.Pin);
        await using var client = await NativePeer.WebSocketAsync(app);
        await client.OpenAsync(grant.Token);
        await client.SendDataAsync(new X224Request(SecurityProtocols.Rdp, 0, 0).Write());
        var answer = await client.ReadAsync();
        Assert.True(X224Confirm.TryRead(answer?.Body, out var confirm));
        Assert.Equal(1u, confirm.Failure);
    }

    [Fact]
    public async Task Strangers_of_one_address_are_bounded()
    {
        var waiting = new List<NativePeer>();
        for (var i = 0; i < 6; i++)
            waiting.Add(await NativePeer.WebSocketAsync(app, "127.0.1.12"));
        await using (var seventh = await NativePeer.WebSocketAsync(app, "127.0.1.12"))
            Assert.Equal(429, seventh.Status);
        await using (var neighbour = await NativePeer.WebSocketAsync(app, "127.0.1.13"))
            Assert.Equal(101, neighbour.Status);
        foreach (var peer in waiting)
            await peer.DisposeAsync();
    }

    [Fact]
    public async Task Bad_tokens_of_one_address_are_bounded_and_so_are_their_audit_lines()
    {
        var refused = 0;
        for (var i = 0; i < 8; i++)
        {
            await using var client = await NativePeer.WebSocketAsync(app, "127.0.1.14");
            if (client.Status == 101 && await client.TunnelAsync("jeton") == TsguCode.CookieDenied)
                refused++;
        }

        // The minute may turn meanwhile.
        Assert.InRange(refused, 5, 7);
        Assert.Equal(refused, await app.AuditedAsync("session.token-refused", "127.0.1.14"));
    }

    [Fact]
    public async Task A_plain_request_is_no_way_in()
    {
        using var browser = app.OpenBrowser();
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Client.GetAsync("/remoteDesktopGateway/")).StatusCode);
    }

    private Task<NativePeer> ConnectAsync(bool webSocket, string from = "127.0.0.1") =>
        webSocket ? NativePeer.WebSocketAsync(app, from) : NativePeer.LegacyAsync(app, from);
}
