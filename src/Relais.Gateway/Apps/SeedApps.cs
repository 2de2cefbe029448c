using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Gateway.Apps;

/// <summary><c>relais demo apps</c>: publishes the sample internal systems that the launcher started. Adds what is missing, changes nothing.</summary>
internal static class SeedApps
{
    public static readonly Verb Verb = new("demo apps", "publish the sample institute's internal web apps", Run);

    private sealed record Sample(string Name, string Label, string Upstream, IReadOnlyList<string> Groups);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        var data = call.Services.GetRequiredService<IConfiguration>()["Relais:Data"] ?? "var";
        var file = Path.Combine(data, "standins", "apps.json");
        if (!File.Exists(file))
            return 0;
        var samples = JsonSerializer.Deserialize<List<Sample>>(await File.ReadAllTextAsync(file, cancel), JsonSerializerOptions.Web) ?? [];
        await call.Services.ApplyMigrationsAsync(cancel);
        foreach (var sample in samples)
        {
            await using var scope = call.Services.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<GatewayDb>().WebApps.AnyAsync(a => a.Label == sample.Label, cancel))
                continue;
            var fields = AppFields.New with { Name = sample.Name, Label = sample.Label, Upstream = sample.Upstream, Groups = sample.Groups };
            var saved = await scope.ServiceProvider.GetRequiredService<EditApps>().PublishAsync(fields, Actor.System, cancel);
            if (saved is not AppSave.Saved)
            {
                var why = saved is AppSave.Refused refused ? string.Join(", ", refused.Faults.Select(fault => $"{fault.Field}: {fault.Code}")) : saved.ToString();
                await call.Error.WriteLineAsync($"relais: {sample.Name}: {why}");
                return 1;
            }

            await call.Out.WriteLineAsync($"{sample.Name}: {string.Join(", ", sample.Groups)}");
        }

        return 0;
    }
}
