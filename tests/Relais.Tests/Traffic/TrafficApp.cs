using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Traffic;
using Relais.Traffic.Collector;
using Relais.Traffic.Live;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Sites;

namespace Relais.Tests.Traffic;

/// <summary>A server with a collector and a site; each test sends under a path or channel of its own.</summary>
public class TrafficApp : RelaisApp
{
    public const string Agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private HttpClient? _sender;
    private long _ids;

    public TrafficApp()
    {
        Settings["Traffic:SegmentBytes"] = (1 << 20).ToString(CultureInfo.InvariantCulture);
        Settings["Traffic:PerNetworkPerSecond"] = "50";
        Settings["Traffic:Proxies:0"] = "127.0.0.9";
    }

    internal Site Site { get; private set; } = null!;

    internal BeaconCounts Counts => Services.GetRequiredService<BeaconCounts>();

    internal FollowLog Follow => Services.GetRequiredService<FollowLog>();

    /// <summary>A page's or player's HTTP, as a browser's: no cookies.</summary>
    internal HttpClient Sender => _sender ??= Plain(null);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Site = await AddSiteAsync("Radio Relais", "", consented: false);
    }

    internal async Task<Site> AddSiteAsync(string name, string hosts, bool consented)
    {
        await using var scope = Services.CreateAsyncScope();
        return Assert.IsType<SiteResult.Saved>(await scope.ServiceProvider.GetRequiredService<EditSites>().AddAsync(name, hosts, consented, Actor.System, CancellationToken.None)).Site;
    }

    internal string Id() => Interlocked.Increment(ref _ids).ToString("x32", CultureInfo.InvariantCulture);

    internal HttpClient Plain(string? from)
    {
        var client = OpenBrowser(from).Client;
        client.DefaultRequestHeaders.Remove("User-Agent");
        client.DefaultRequestHeaders.Add("User-Agent", Agent);
        return client;
    }

    internal Task<HttpResponseMessage> GetAsync(string query) => Sender.GetAsync(new Uri($"/c?k={Site.Key}&{query}", UriKind.Relative));

    internal Task<HttpResponseMessage> PostAsync(string body, string? key = null) =>
        Sender.PostAsync(new Uri($"/c?k={key ?? Site.Key}", UriKind.Relative), new StringContent(body, Encoding.UTF8, "text/plain"));

    internal async Task<HttpStatusCode> StatusAsync(string query)
    {
        using var answer = await GetAsync(query);
        return answer.StatusCode;
    }

    /// <summary>A column's sum over the cells of a value.</summary>
    internal async Task<long> StoredAsync(string column, Dimension dimension, string value)
    {
        await using var command = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand($"SELECT coalesce(sum({column}), 0)::bigint FROM traffic.live_cell WHERE dimension = $1 AND value = $2");
        command.Parameters.AddWithValue((short)dimension);
        command.Parameters.AddWithValue(value);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    internal Task LookAsync() => Follow.LookAsync(CancellationToken.None);

    /// <summary>Off: no new connections to the database, and the old ones are ended.</summary>
    internal async Task AllowDatabaseAsync(bool allowed)
    {
        var to = new NpgsqlConnectionStringBuilder(ConnectionString);
        var (name, server) = (to.Database, new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false });
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS {allowed}; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'", connection);
        await command.ExecuteNonQueryAsync();
    }

    internal async Task<Browser> AdministratorAsync() => await this.SignInAsync(await this.AddPersonAsync(Roles.Administrator));

    internal async Task<T> InTrafficAsync<T>(Func<TrafficDb, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TrafficDb>());
    }
}
