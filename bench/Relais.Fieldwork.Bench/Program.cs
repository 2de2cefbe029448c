using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relais.Fieldwork;
using Relais.Fieldwork.Bench;
using Relais.Kernel;
using Relais.Kernel.Database;

// relais-fieldwork-bench CONNECTION [CASES] [INTERVIEWERS] [SECONDS]: import, next case and its plain peer, on an empty database.
if (args is not [var connection, .. var more])
{
    await Console.Error.WriteLineAsync("usage: relais-fieldwork-bench CONNECTION [CASES] [INTERVIEWERS] [SECONDS]");
    return 2;
}

var numbers = more.Select(m => int.Parse(m, CultureInfo.InvariantCulture)).ToList();
var (cases, people, seconds) = (numbers.ElementAtOrDefault(0) is > 0 and var c ? c : 1_000_000, numbers.ElementAtOrDefault(1) is > 0 and var p ? p : 500, numbers.ElementAtOrDefault(2) is > 0 and var s ? s : 60);
var services = new ServiceCollection();
services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
    new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:Relais"] = connection + ";Maximum Pool Size=100" }).Build());
services.AddLogging();
services.AddKernel();
services.AddFieldwork();
await using var provider = services.BuildServiceProvider();
await provider.ApplyMigrationsAsync(CancellationToken.None);

var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown CPU";
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{model}, {Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, .NET {Environment.Version}; {cases} cases, {people} interviewers"));
var bench = new Institute(provider, cases, people);
Console.WriteLine(await bench.ImportAsync());
Console.WriteLine("| who asks | asks | of which with a case | p50 ms | p99 ms | max ms |");
Console.WriteLine("|---|---|---|---|---|---|");
Console.WriteLine(await bench.AskAsync("Relais, warm-up", TimeSpan.FromSeconds(10)));
Console.WriteLine(await bench.AskAsync("Relais", TimeSpan.FromSeconds(seconds)));
Console.WriteLine(await new PlainPeer(connection, cases).AskAsync(people, TimeSpan.FromSeconds(seconds)));
return 0;
