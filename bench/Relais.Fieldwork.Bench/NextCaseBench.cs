using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel;
using Relais.Kernel.Database;

namespace Relais.Fieldwork.Bench;

/// <summary>Import, the next case at several paces, and the plain way, on an empty database.</summary>
internal static class NextCaseBench
{
    public static async Task RunAsync(string connection, int cases, int people, int seconds)
    {
        var length = TimeSpan.FromSeconds(seconds);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:Relais"] = connection + ";Maximum Pool Size=100" }).Build());
        services.AddLogging();
        services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        services.AddKernel();
        services.AddFieldwork();
        await using var provider = services.BuildServiceProvider();
        await provider.ApplyMigrationsAsync(CancellationToken.None);

        Machine.Say(string.Create(CultureInfo.InvariantCulture, $"{cases} cases, {people} interviewers"));
        var bench = new Institute(provider, cases, people);
        Console.WriteLine(await bench.ImportAsync());
        Console.WriteLine("| who asks | asks | of which with a case | p50 ms | p99 ms | max ms |");
        Console.WriteLine("|---|---|---|---|---|---|");
        using var stop = new CancellationTokenSource();
        var care = bench.CareAsync(stop.Token);
        Console.WriteLine(await bench.AskAsync("warm-up", TimeSpan.FromSeconds(10)));
        // A call lasts about fifty seconds from the ask to its record, interviews aside; and ten times that pace, an ask each five seconds.
        Console.WriteLine(await bench.ArriveAsync("open, the pace of people (an ask each 50 s)", people / 50.0, length));
        Console.WriteLine(await bench.ArriveAsync("open, ten times that (an ask each 5 s)", people / 5.0, length));
        Console.WriteLine(await new Floor(connection).MeasureAsync(people / 5.0, length));
        Console.WriteLine(await bench.AskAsync("closed (asks, calls 5 s, records, asks)", length));
        await stop.CancelAsync();
        await care;
        Console.WriteLine(await new PlainPeer(connection, cases).AskAsync(people, TimeSpan.FromSeconds(Math.Min(20, seconds))));
    }
}
