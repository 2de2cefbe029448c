using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using Relais.Gateway.Relay;

namespace Relais.Tests.Gateway;

public sealed class ByteRelayTests : IAsyncLifetime
{
    private static readonly RelayLimits Limits = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(15), Timeout.InfiniteTimeSpan);

    private readonly ManualClock _clock = new();
    private readonly RelayCounters _counters = new();
    private readonly CancellationTokenSource _stop = new();
    private Loopback _browser = null!;
    private Loopback _target = null!;

    public async ValueTask InitializeAsync() => (_browser, _target) = (await Loopback.ConnectAsync(), await Loopback.ConnectAsync());

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        _target.Dispose();
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Bytes_cross_both_ways_at_once_and_are_counted()
    {
        var relay = RunAsync();
        var (up, down) = (RandomNumberGenerator.GetBytes(3_000_000), RandomNumberGenerator.GetBytes(5_000_000));
        var sent = Task.WhenAll(_browser.Stream.WriteAsync(up).AsTask(), _target.Stream.WriteAsync(down).AsTask());
        var arrived = await Task.WhenAll(ReadAsync(_target, up.Length), ReadAsync(_browser, down.Length));
        await sent;
        Assert.Equal(SHA256.HashData(up), SHA256.HashData(arrived[0]));
        Assert.Equal(SHA256.HashData(down), SHA256.HashData(arrived[1]));
        Assert.Equal((3_000_000L, 5_000_000L), _counters.TakeUnwritten());
        Assert.Equal((0L, 0L), _counters.TakeUnwritten());
        await _stop.CancelAsync();
        Assert.Equal(RelayEnd.Stopped, await relay);
    }

    [Fact]
    public async Task A_target_may_go_on_after_the_browser_has_said_its_last_word()
    {
        var relay = RunAsync();
        await _browser.Stream.WriteAsync("question"u8.ToArray());
        _browser.Far.Shutdown(SocketShutdown.Send);
        Assert.Equal("question"u8.ToArray(), await ReadAllAsync(_target));
        await _target.Stream.WriteAsync("a long answer"u8.ToArray());
        _target.Far.Shutdown(SocketShutdown.Send);
        Assert.Equal("a long answer"u8.ToArray(), await ReadAllAsync(_browser));
        Assert.Equal(RelayEnd.BrowserLeft, await relay);
    }

    [Fact]
    public async Task A_browser_may_go_on_after_the_target_has_said_its_last_word()
    {
        var relay = RunAsync();
        _target.Far.Shutdown(SocketShutdown.Send);
        Assert.Empty(await ReadAllAsync(_browser));
        await _browser.Stream.WriteAsync("late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await ReadAsync(_target, 4));
        _browser.Far.Shutdown(SocketShutdown.Send);
        Assert.Equal(RelayEnd.TargetLeft, await relay);
    }

    [Fact]
    public async Task What_drains_after_one_side_left_drains_only_for_its_time()
    {
        var relay = RunAsync(Limits with { Drain = TimeSpan.FromSeconds(2) });
        _browser.Far.Shutdown(SocketShutdown.Send);
        Assert.Empty(await ReadAllAsync(_target));
        while (!relay.IsCompleted)
        {
            // The drain starts a moment after the end was passed on.
            _clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.Equal(RelayEnd.BrowserLeft, await relay);
    }

    [Fact]
    public async Task A_reset_is_blamed_on_whoever_sent_it()
    {
        var relay = RunAsync();
        _target.Reset();
        Assert.Equal(RelayEnd.TargetLost, await relay);

        using var browser = await Loopback.ConnectAsync();
        using var target = await Loopback.ConnectAsync();
        relay = new ByteRelay(RelaySide.Of(browser.Near), RelaySide.Of(target.Near), _counters, Limits, _clock).RunAsync(null, default);
        browser.Reset();
        Assert.Equal(RelayEnd.BrowserLost, await relay);
    }

    [Fact]
    public async Task A_reader_that_stalls_stops_the_sender_and_costs_no_memory()
    {
        var relay = RunAsync();
        _target.Far.Blocking = false;
        var chunk = new byte[64 * 1024];
        long sent = 0;
        // Until every buffer on the way is full: nothing more goes in while nothing comes out, and what was read waits in one buffer.
        for (var (moved, still) = (0L, Stopwatch.StartNew()); _counters.ToBrowser == 0 || still.ElapsedMilliseconds < 300;)
        {
            try
            {
                sent += _target.Far.Send(chunk);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                await Task.Yield();
            }

            if (moved != sent + _counters.ToBrowser)
                (moved, still) = (sent + _counters.ToBrowser, Stopwatch.StartNew());
        }

        Assert.InRange(sent, 1, 64 * 1024 * 1024);
        Assert.InRange(_counters.ToBrowser, 1, sent);

        _target.Far.Shutdown(SocketShutdown.Send);
        Assert.Equal(sent, (await ReadAllAsync(_browser)).LongLength);
        _browser.Far.Shutdown(SocketShutdown.Send);
        Assert.Equal(RelayEnd.TargetLeft, await relay);
    }

    [Fact]
    public async Task A_relay_without_bytes_ends_as_idle_and_one_with_bytes_goes_on()
    {
        var relay = RunAsync();
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(Limits.Idle - TimeSpan.FromMinutes(1));
            await _browser.Stream.WriteAsync(new byte[1]);
            await ReadAsync(_target, 1);
        }

        Assert.False(relay.IsCompleted);
        _clock.Advance(Limits.Idle * 1.25);
        Assert.Equal(RelayEnd.Idle, await relay);
    }

    [Fact]
    public async Task A_stopped_relay_says_goodbye_to_both_sides()
    {
        var relay = RunAsync();
        await _stop.CancelAsync();
        Assert.Equal(RelayEnd.Stopped, await relay);
        Assert.Empty(await ReadAllAsync(_browser));
        Assert.Empty(await ReadAllAsync(_target));
    }

    [Fact]
    public async Task A_stalled_browser_does_not_keep_a_stopped_relay_alive()
    {
        var relay = RunAsync();
        var flood = _target.Stream.WriteAsync(new byte[64 * 1024 * 1024], TestContext.Current.CancellationToken).AsTask();
        await _stop.CancelAsync();
        Assert.Equal(RelayEnd.Stopped, await relay);
        _target.Near.Dispose();
        await Assert.ThrowsAsync<IOException>(() => flood);
    }

    private Task<RelayEnd> RunAsync(RelayLimits? limits = null) =>
        new ByteRelay(RelaySide.Of(_browser.Near), RelaySide.Of(_target.Near), _counters, limits ?? Limits, _clock).RunAsync(null, _stop.Token);

    private static async Task<byte[]> ReadAsync(Loopback end, int length)
    {
        var bytes = new byte[length];
        await end.Stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        return bytes;
    }

    private static async Task<byte[]> ReadAllAsync(Loopback end)
    {
        using var all = new MemoryStream();
        await end.Stream.CopyToAsync(all, TestContext.Current.CancellationToken);
        return all.ToArray();
    }
}
