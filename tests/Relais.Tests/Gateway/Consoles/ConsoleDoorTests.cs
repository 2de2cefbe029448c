using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Tests.Gateway.Consoles;

/// <summary>Who gets through the gateway to a console, and who does not.</summary>
public sealed class ConsoleDoorTests(ConsolesApp app) : IClassFixture<ConsolesApp>
{
    private const int PolicyViolation = 1008;

    [Fact]
    public async Task A_token_opens_its_terminal_once()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var token = await ConsolesApp.TokenAsync(browser);
        using var first = await app.ConnectAsync(browser, "/gateway/ssh", token);
        Assert.Equal("ready", await ConsolesApp.TextAsync(first));
        using var second = await app.ConnectAsync(browser, "/gateway/ssh", token);
        Assert.Equal(PolicyViolation, await ConsolesApp.ClosedAsync(second));
    }

    [Fact]
    public async Task A_clock_that_jumps_back_revives_no_token()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var token = await ConsolesApp.TokenAsync(browser);
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        using (var late = await app.ConnectAsync(browser, "/gateway/ssh", token))
            Assert.Equal(PolicyViolation, await ConsolesApp.ClosedAsync(late));

        app.Clock.Advance(TimeSpan.FromHours(-1));
        try
        {
            using var early = await app.ConnectAsync(browser, "/gateway/ssh", token);
            Assert.Equal(PolicyViolation, await ConsolesApp.ClosedAsync(early));
        }
        finally
        {
            app.Clock.Advance(TimeSpan.FromHours(1));
        }
    }

    [Theory]
    [InlineData("/gateway/vnc")]
    [InlineData("/gateway/rdp")]
    public async Task A_token_for_another_protocol_is_refused(string door)
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        using var socket = await app.ConnectAsync(browser, door, await ConsolesApp.TokenAsync(browser));
        Assert.NotEqual("ready", await ConsolesApp.TextAsync(socket));
        var why = await app.InDatabaseAsync(db => db.Kernel.Set<AuditLine>()
            .Where(l => l.Action == "session.token-refused").OrderByDescending(l => l.Seq).Select(l => l.Detail).FirstAsync());
        Assert.Contains("OtherProtocol", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/gateway/ssh", "https://elsewhere.example")]
    [InlineData("/gateway/ssh", null)]
    [InlineData("/gateway/vnc", "https://elsewhere.example")]
    [InlineData("/gateway/vnc", null)]
    public async Task A_foreign_or_absent_origin_is_refused(string door, string? origin)
    {
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var refusal = await Assert.ThrowsAsync<WebSocketException>(() => app.ConnectAsync(browser, door, "jeton", origin));
        Assert.Contains("403", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_person_is_cut_within_five_seconds()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
        Assert.Equal("ready", await ConsolesApp.TextAsync(socket));

        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, app.Clock.GetUtcNow())));
        Assert.Equal(4003, await ConsolesApp.ClosedAsync(socket, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Bytes_that_are_no_frames_end_the_terminal()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
        Assert.Equal("ready", await ConsolesApp.TextAsync(socket));
        await socket.SendAsync(new byte[] { 9, 9, 9, 9 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        await ConsolesApp.ClosedAsync(socket);
    }

    [Fact]
    public async Task A_page_that_shows_nothing_is_sent_no_more_than_a_window()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
        Assert.Equal("ready", await ConsolesApp.TextAsync(socket));
        byte[] command = [.. "yes relais\n"u8];
        await socket.SendAsync((byte[])[0, 0, (byte)command.Length, .. command], WebSocketMessageType.Binary, true, CancellationToken.None);

        var buffer = new byte[64 * 1024];
        var got = 0L;
        using var quiet = new CancellationTokenSource();
        try
        {
            while (true)
            {
                quiet.CancelAfter(TimeSpan.FromSeconds(got < 128 * 1024 ? 20 : 2));
                got += (await socket.ReceiveAsync(buffer, quiet.Token)).Count;
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing more comes.
        }

        Assert.InRange(got, 256 * 1024, 256 * 1024 + buffer.Length);
    }
}
