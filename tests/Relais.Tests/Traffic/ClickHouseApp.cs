using Microsoft.Extensions.DependencyInjection;
using Relais.Traffic.History;

namespace Relais.Tests.Traffic;

/// <summary>A server with a collector whose history is in ClickHouse.</summary>
public sealed class ClickHouseApp : TrafficApp
{
    internal ClickHouseServer ClickHouse { get; } = new();

    internal ClickHouseHistory History => Services.GetRequiredService<KeptHistory>().ClickHouse!;

    internal KeepHistory Keep => Services.GetRequiredService<KeepHistory>();

    public override async ValueTask InitializeAsync()
    {
        await ClickHouse.StartAsync();
        Settings["Traffic:ClickHouse"] = ClickHouse.Connection();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await ClickHouse.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal async Task<long> NumberAsync(string sql)
    {
        var number = -1L;
        await History.EachAsync(sql, row => number = row.GetInt64(0), CancellationToken.None);
        return number;
    }
}
