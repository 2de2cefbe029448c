using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Workstations;

/// <summary>
/// <c>relais demo workstations</c>: enrols the sample office machines that the launcher started, and keeps their account for the people
/// who work on them. Adds what is missing, changes nothing.
/// </summary>
internal static class SeedWorkstations
{
    public static readonly Verb Verb = new("demo workstations", "enrol the sample institute's office machines", Run);

    private sealed record Sample(
        string Name, string Protocol, string Host, int Port, IReadOnlyList<string> People, IReadOnlyList<string> Groups, string Account, string Password);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        var data = call.Services.GetRequiredService<IConfiguration>()["Relais:Data"] ?? "var";
        var file = Path.Combine(data, "standins", "standins.json");
        if (!File.Exists(file))
            return 0;
        var samples = JsonSerializer.Deserialize<List<Sample>>(await File.ReadAllTextAsync(file, cancel), JsonSerializerOptions.Web) ?? [];
        await call.Services.ApplyMigrationsAsync(cancel);
        foreach (var sample in samples)
        {
            await using var scope = call.Services.CreateAsyncScope();
            if (await AddAsync(scope.ServiceProvider, sample, cancel) is { } fault)
            {
                await call.Error.WriteLineAsync($"relais: {sample.Name}: {fault}");
                return 1;
            }

            await call.Out.WriteLineAsync($"{sample.Name}: {string.Join(", ", sample.People)}");
        }

        return 0;
    }

    private static async Task<string?> AddAsync(IServiceProvider services, Sample sample, CancellationToken cancel)
    {
        var db = services.GetRequiredService<DesktopsDb>();
        var name = Workstation.Normalize(sample.Name);
        if (await db.Workstations.AnyAsync(w => w.NormalizedName == name, cancel))
            return null;
        var fields = WorkstationFields.New with
        {
            Name = sample.Name, Protocol = sample.Protocol, Host = sample.Host, Port = $"{sample.Port}", Groups = sample.Groups, Owner = sample.People[0],
        };
        if (await services.GetRequiredService<EditWorkstations>().EnrolAsync(fields, Actor.System, cancel) is not SaveResult.Saved saved)
            return "not enrolled";
        var workstation = await db.Workstations.SingleAsync(w => w.Id == saved.Id, cancel);
        var people = await services.GetRequiredService<People>().FindByUserNamesAsync([.. sample.People], cancel);
        foreach (var person in people.Values)
        {
            await services.GetRequiredService<GiveAccount>().HandleAsync(
                workstation, person, default, new ClearAccount(sample.Account, sample.Password), keep: true, Actor.System, cancel);
        }

        return null;
    }
}
