using System.Globalization;
using System.Net;
using Relais.Tests.Desktops;

namespace Relais.Tests.Traffic;

/// <summary>kill -9 of the server process while players send, and send again what was not answered.</summary>
public sealed class CollectorOfKilledServer
{
    private const int Senders = 16;
    private const int Each = 200;
    private const string Key = "0123456789abcdef01234567";

    private int _acknowledged;

    [Fact]
    public async Task Of_a_collector_that_is_killed_twice_in_a_surge_every_acknowledged_beacon_is_counted_exactly_once()
    {
        await using var server = await ServerProcess.CreateAsync();
        server.Settings["RELAIS__Traffic__SegmentBytes"] = "1048576";
        await server.StartAsync();
        await server.ScalarAsync($"""
            INSERT INTO traffic.site (name, normalized_name, key, secret, consent, hosts, enabled, created_at)
            VALUES ('Radio', 'RADIO', '{Key}', decode(repeat('ab', 32), 'hex'), 'Exempt', ARRAY[]::text[], true, now())
            """);
        var sending = Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(server.Address, sender))).ToList();
        foreach (var killedAt in new[] { Senders * Each / 4, Senders * Each / 2 })
        {
            await DesktopsApp.UntilAsync(() => Task.FromResult(Volatile.Read(ref _acknowledged) >= killedAt));
            server.Kill();
            await server.StartAsync();
        }

        await Task.WhenAll(sending);
        await DesktopsApp.UntilAsync(async () => await CountedAsync(server) >= Senders * Each);
        Assert.Equal(Senders * Each, await CountedAsync(server));
        Assert.Equal(0L, await server.ScalarAsync("SELECT sum(lost)::bigint FROM traffic.log_reader"));
    }

    private static async Task<long> CountedAsync(ServerProcess server) => (long)(await server.ScalarAsync("SELECT coalesce(sum(starts), 0)::bigint FROM traffic.live_cell WHERE dimension = 0"))!;

    // Each until it is acknowledged, with the same id.
    private async Task SendAsync(Uri address, int sender)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost" } }) { BaseAddress = address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", TrafficApp.Agent);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var i = 1; i <= Each; i++)
        {
            var number = (sender * 10_000) + i;
            var beacon = new Uri(string.Create(CultureInfo.InvariantCulture, $"/c?k={Key}&e=start&c=R&n={number:x}&i={number:x32}"), UriKind.Relative);
            while (!await TryAsync(client, beacon))
                await pause.WaitForNextTickAsync();
            Interlocked.Increment(ref _acknowledged);
        }
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
}
