using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Protocols.Tsgu;
using Relais.Tests.Desktops;
using Relais.Tests.Gateway;

namespace Relais.Tests.Feed;

/// <summary>Whom RD Gateway lets in with a file of the feed: every rule is asked at every opening.</summary>
public sealed class FeedDoorTests(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    private const string Name = "poste-9";

    [Fact]
    public async Task A_file_lets_its_client_in_as_often_as_it_likes_from_the_device_that_used_it_first()
    {
        using var client = await ClientAsync();
        var token = await client.TokenAsync(Name);
        for (var time = 0; time < 3; time++)
        {
            await using var peer = await NativePeer.WebSocketAsync(app, "127.0.3.1");
            Assert.Equal(TsguCode.Ok, await peer.TunnelAsync(token));
            Assert.Equal(TsguCode.Ok, (await peer.AuthorizeAsync("tablette"))?.Code);
        }

        // From anywhere, because a file is for months, but from no other device.
        await using (var moved = await NativePeer.WebSocketAsync(app, "127.0.3.2"))
        {
            Assert.Equal(TsguCode.Ok, await moved.TunnelAsync(token));
            Assert.Equal(TsguCode.Ok, (await moved.AuthorizeAsync("tablette"))?.Code);
        }

        await using var other = await NativePeer.WebSocketAsync(app, "127.0.3.1");
        Assert.Equal(TsguCode.Ok, await other.TunnelAsync(token));
        Assert.Equal(TsguCode.AccessDenied, (await other.AuthorizeAsync("autre-appareil"))?.Code);
        await AuditedAsync("OtherDevice", "127.0.3.1");
    }

    [Fact]
    public async Task A_client_that_was_taken_back_is_refused()
    {
        using var client = await ClientAsync();
        var token = await client.TokenAsync(Name);
        await app.InDatabaseAsync(async db =>
        {
            var id = await app.InDesktopsAsync(d => d.Gateway.FeedFiles.Where(f => f.PersonId == client.Person.Id).Select(f => f.ClientId).SingleAsync());
            return await db.Access.SignIns.Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, app.Clock.GetUtcNow()));
        });
        await RefusedAsync(token, "127.0.3.3", "ClientEnded");
    }

    [Fact]
    public async Task A_disabled_person_is_refused()
    {
        using var client = await ClientAsync();
        var token = await client.TokenAsync(Name);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == client.Person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, app.Clock.GetUtcNow())));
        await RefusedAsync(token, "127.0.3.4", "ClientEnded");
    }

    [Fact]
    public async Task A_workstation_that_was_withdrawn_is_refused_and_not_listed()
    {
        using var client = await ClientAsync();
        var token = await client.TokenAsync(Name);
        await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == client.Workstation).ExecuteUpdateAsync(set => set.SetProperty(w => w.OwnerId, (Guid?)null)));
        await RefusedAsync(token, "127.0.3.5", "TargetWithdrawn");
        Assert.Empty(await client.Peer.EntriesAsync());
    }

    [Fact]
    public async Task A_file_opens_its_own_target_and_no_other()
    {
        using var client = await ClientAsync();
        await using var peer = await NativePeer.WebSocketAsync(app, "127.0.3.6");
        Assert.Equal(TsguCode.Ok, await peer.TunnelAsync(await client.TokenAsync(Name)));
        Assert.Equal(TsguCode.Ok, (await peer.AuthorizeAsync())?.Code);
        Assert.Equal(TsguCode.TargetDenied, await peer.ChannelAsync("un-autre-poste"));
    }

    [Fact]
    public async Task A_device_whose_name_is_no_text_is_one_device_all_the_same()
    {
        using var client = await ClientAsync();
        var token = await client.TokenAsync(Name);
        foreach (var name in new[] { "tab\ud800lette\u0007", "tab\ud800lette\u0007" })
        {
            await using var peer = await NativePeer.WebSocketAsync(app, "127.0.3.11");
            Assert.Equal(TsguCode.Ok, await peer.TunnelAsync(token));
            Assert.Equal(TsguCode.Ok, (await peer.AuthorizeAsync(name))?.Code);
        }
    }

    [Fact]
    public async Task A_token_that_no_file_has_is_refused()
    {
        using var client = await ClientAsync();
        var token = await client.TokenAsync(Name);
        await RefusedAsync(token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), "127.0.3.7", "Unknown");
        await RefusedAsync("relais-feed-", "127.0.3.8", "Unknown");
    }

    [Fact]
    public async Task The_password_itself_opens_no_tunnel()
    {
        using var client = await ClientAsync();
        await using var peer = await NativePeer.WebSocketAsync(app, "127.0.3.9");
        Assert.Equal(TsguCode.CookieDenied, await peer.TunnelAsync(client.Peer.Password));
    }

    [Fact]
    public async Task A_target_that_does_not_answer_is_told_so_and_the_client_is_not_shut_out()
    {
        using var client = await ClientAsync();
        var token = await client.TokenAsync(Name);
        for (var time = 0; time < 2; time++)
        {
            await using var peer = await NativePeer.WebSocketAsync(app, "127.0.3.10");
            Assert.Equal(TsguCode.Ok, await peer.TunnelAsync(token));
            Assert.Equal(TsguCode.Ok, (await peer.AuthorizeAsync())?.Code);
            Assert.Equal(TsguCode.ConnectFailed, await peer.ChannelAsync(Name));
        }

        await AuditedAsync("workstation-unreachable", "127.0.3.10");
    }

    private async Task RefusedAsync(string token, string from, string why)
    {
        await using var peer = await NativePeer.WebSocketAsync(app, from);
        Assert.Equal(TsguCode.CookieDenied, await peer.TunnelAsync(token));
        Assert.Null(await peer.ReadAsync());
        await AuditedAsync(why, from);
    }

    private async Task AuditedAsync(string why, string from)
    {
        var lines = await app.InDatabaseAsync(db => db.Kernel.AuditLines.Where(l => l.Action == "session.token-refused" && l.Address == from).ToListAsync());
        Assert.Contains(lines, line => line.Detail.Contains(why, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain("relais-feed-", line.Detail, StringComparison.Ordinal));
    }

    // A workstation whose port is closed: the tunnel is what is looked at here.
    private async Task<Subscriber> ClientAsync()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        // Each has this name for its own person; in the office it is another one.
        var id = await administrator.EnrolAsync(new { name = $"{Guid.NewGuid():N}", host = "127.0.0.1", port = TestProgram.FreePort(), owner = person.UserName });
        await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(w => w.WantsSignIn, true).SetProperty(w => w.Direct, true).SetProperty(w => w.Name, Name)));
        return new Subscriber(person, id, await FeedPeer.AddAsync(app, person));
    }

    private sealed record Subscriber(TestPerson Person, Guid Workstation, FeedPeer Peer) : IDisposable
    {
        public Task<string> TokenAsync(string title) => Peer.TokenAsync(title);

        public void Dispose() => Peer.Dispose();
    }
}
