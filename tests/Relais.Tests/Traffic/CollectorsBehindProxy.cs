using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Relais.Tests.Desktops;

namespace Relais.Tests.Traffic;

/// <summary>Three collectors of one database behind Debian's HAProxy with the file of deploy/haproxy; one is killed in a surge and comes back. Alone, because seconds are counted.</summary>
[Collection(Alone)]
public sealed class CollectorsBehindProxy
{
    public const string Alone = "three collectors";

    private const int Addresses = 24;
    private const int PlayersEach = 2;
    private const int Players = Addresses * PlayersEach;
    private const int FewestViews = 40;
    private const int Doubtful = 30;
    private const string Key = "0123456789abcdef01234567";

    private readonly ConcurrentQueue<Told> _told = new();
    private volatile bool _enough;
    private int _started;
    private int _acknowledged;
    private int _ids;

    [Fact]
    public async Task Of_three_collectors_one_is_killed_in_a_surge_and_every_beacon_counts_once_while_the_wall_recovers_in_five_seconds()
    {
        await using var a = await ServerProcess.CreateAsync();
        await using var b = a.Beside();
        await using var c = a.Beside();
        ServerProcess[] all = [a, b, c];
        foreach (var server in all)
        {
            server.Settings["RELAIS__Relais__HttpPort"] = server.HttpPort.ToString(CultureInfo.InvariantCulture);
            server.Settings["RELAIS__Traffic__Proxies__0"] = "127.0.0.1";
            server.Settings["RELAIS__Traffic__SegmentBytes"] = "4194304";
        }

        var password = a.SeedAsync("lecteur1");
        await Task.WhenAll(all.Select(s => s.StartAsync()));
        await a.ScalarAsync($"""
            INSERT INTO traffic.site (name, normalized_name, key, secret, consent, hosts, enabled, created_at)
            VALUES ('Radio', 'RADIO', '{Key}', decode(repeat('ab', 32), 'hex'), 'Consented', ARRAY[]::text[], true, now())
            """);
        await using var proxy = await ProxyOfFile.StartAsync(all);

        // The wall of a collector that stays, read by somebody who came in through the proxy.
        using var reader = await proxy.SignInAsync("lecteur1", await password);
        using var wall = reader.At(b.Address, b.Authority);
        using var stopWatching = new CancellationTokenSource();
        var watching = WatchAsync(wall, stopWatching.Token);

        var playing = Enumerable.Range(0, Players).Select(p => Task.Run(() => PlayAsync(proxy.Address, p))).ToList();
        await UntilToldAsync(t => t is { Listeners: Players, Collectors: 3 });

        // On its disk, acknowledged or not, and counted by nobody: that is what it dies with.
        var doubtful = Enumerable.Range(0, Doubtful).Select(_ => View(Interlocked.Increment(ref _ids), 7)).ToList();
        await using (await a.HoldWritesAsync("traffic.live_cell"))
        {
            using var direct = Client(new Uri($"http://127.0.0.1:{a.HttpPort}"), IPAddress.Loopback);
            foreach (var beacon in doubtful)
                Assert.True(await TryAsync(direct, beacon));
            a.Kill();
        }

        var killed = Stopwatch.GetTimestamp();
        // Their players never heard of it, and send them again: other collectors take them.
        using (var again = Client(proxy.Address, Address(7)))
        {
            foreach (var beacon in doubtful)
                await SendAsync(again, beacon);
        }

        var recovered = await UntilToldAsync(t => t is { Listeners: Players, Collectors: 2 });
        Assert.InRange(Stopwatch.GetElapsedTime(killed, recovered.At), TimeSpan.Zero, TimeSpan.FromSeconds(5));

        await a.StartAsync();
        await UntilToldAsync(t => t is { Listeners: Players, Collectors: 3 });
        await DesktopsApp.UntilAsync(() => Task.FromResult(Volatile.Read(ref _acknowledged) >= Players * FewestViews));
        _enough = true;
        await Task.WhenAll(playing);

        long expected = Volatile.Read(ref _acknowledged) + Doubtful;
        await DesktopsApp.UntilAsync(async () => await CountedAsync(a, "starts + views") >= expected + Players, TimeSpan.FromSeconds(20));
        // Until what lies in every log is counted, also what came back with the one that was killed.
        await DesktopsApp.UntilAsync(async () => (long)(await a.ScalarAsync("SELECT count(*) FROM traffic.live_picture WHERE at > clock_timestamp() - interval '2 seconds'"))! == 3);
        Assert.Equal((Players, expected), (await CountedAsync(a, "starts"), await CountedAsync(a, "views")));
        Assert.Equal(3L, await a.ScalarAsync("SELECT count(DISTINCT log) FROM traffic.live_cell WHERE dimension = 0 AND views > 0"));
        var last = await UntilToldAsync(t => t.Listeners == Players && t.VisitorsToday >= Players - 1);
        Assert.InRange(last.VisitorsToday, Players - 1, Players + 2);
        var lags = _told.Select(t => t.LagMs).Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"recovered after {Stopwatch.GetElapsedTime(killed, recovered.At).TotalSeconds:F1} s; lag of the wall: p50 {lags[lags.Count / 2]} ms, longest {lags[^1]} ms; {expected} views"));
        await stopWatching.CancelAsync();
        await watching;
    }

    // One start, then views and beats until it is enough; each until it is acknowledged, with the same id.
    private async Task PlayAsync(Uri proxy, int player)
    {
        using var client = Client(proxy, Address(player % Addresses));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        await SendAsync(client, Beacon($"e=start&c=R&n={player + 1:x}&u=p{player}", Interlocked.Increment(ref _ids)));
        Interlocked.Increment(ref _started);
        for (var i = 0; !_enough || i % 2 != 0; i++)
        {
            var id = Interlocked.Increment(ref _ids);
            if (i % 2 == 0)
            {
                await SendAsync(client, Beacon($"e=beat&c=R&n={player + 1:x}&u=p{player}", id));
            }
            else
            {
                await SendAsync(client, View(id, player));
                Interlocked.Increment(ref _acknowledged);
            }

            await pause.WaitForNextTickAsync();
        }
    }

    private static Uri View(int id, int player) => Beacon($"e=view&p=/direct&u=p{player}", id);

    private static Uri Beacon(string what, int id) => new(string.Create(CultureInfo.InvariantCulture, $"/c?k={Key}&{what}&i={id:x32}"), UriKind.Relative);

    private static async Task SendAsync(HttpClient client, Uri beacon)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await TryAsync(client, beacon))
            await pause.WaitForNextTickAsync();
    }

    private static async Task<bool> TryAsync(HttpClient client, Uri beacon)
    {
        try
        {
            using var answer = await client.GetAsync(beacon);
            return answer.StatusCode is HttpStatusCode.NoContent;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static IPAddress Address(int number) => new([127, 0, 1, (byte)(number + 1)]);

    // From an address of its own, by which the proxy chooses the collector.
    private static HttpClient Client(Uri to, IPAddress from)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost" },
            ConnectCallback = async (call, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(IPAddress.Loopback, call.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var client = new HttpClient(handler) { BaseAddress = to };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", TrafficApp.Agent);
        return client;
    }

    private static async Task<long> CountedAsync(ServerProcess server, string what) =>
        (long)(await server.ScalarAsync($"SELECT coalesce(sum({what}), 0)::bigint FROM traffic.live_cell WHERE dimension = 0"))!;

    private async Task WatchAsync(Browser wall, CancellationToken cancel)
    {
        try
        {
            using var stream = await wall.Client.GetAsync(new Uri("/traffic/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
            using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(cancel));
            while (await lines.ReadLineAsync(cancel) is { } line)
            {
                if (!line.StartsWith("data: {", StringComparison.Ordinal))
                    continue;
                var second = JsonDocument.Parse(line[6..]).RootElement;
                _told.Enqueue(new Told(
                    Stopwatch.GetTimestamp(), second.GetProperty("listeners").GetInt32(), second.GetProperty("collectors").GetInt32(),
                    second.GetProperty("visitorsToday").GetInt64(), second.GetProperty("lagMs").GetInt64()));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    // The first second from now on that is so.
    private async Task<Told> UntilToldAsync(Func<Told, bool> holds)
    {
        var from = _told.Count;
        Told? found = null;
        try
        {
            await DesktopsApp.UntilAsync(() => Task.FromResult((found = _told.Skip(from).FirstOrDefault(holds)) is not null), TimeSpan.FromSeconds(20));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"started {_started}, told: {string.Join("; ", _told.TakeLast(12))}");
        }

        return found!;
    }

    private sealed record Told(long At, int Listeners, int Collectors, long VisitorsToday, long LagMs);
}

[CollectionDefinition(CollectorsBehindProxy.Alone, DisableParallelization = true)]
public sealed class CollectorsAlone;
