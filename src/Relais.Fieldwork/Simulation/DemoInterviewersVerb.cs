using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Verbs;

namespace Relais.Fieldwork.Simulation;

/// <summary>
/// <c>relais demo interviewers URL [--ca FILE] [--speed N]</c>: the sample interviewers at work on the sample study until they are stopped, all but the one who
/// is left to whoever tries the console. When a wave is nearly done the next one begins, so that there is always something to see.
/// </summary>
internal static class DemoInterviewersVerb
{
    public static readonly Verb Verb = new("demo interviewers", "the sample interviewers at work, until they are stopped", RunAsync);

    private const int AtWork = 4;
    private const double StandardSpeed = 3;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments.Count % 2 == 0 || !Uri.TryCreate(call.Arguments[0], UriKind.Absolute, out var server))
        {
            await call.Error.WriteLineAsync("usage: relais demo interviewers URL [--ca FILE] [--speed N]");
            return 2;
        }

        var named = call.Arguments.Skip(1).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var speed = double.TryParse(named.GetValueOrDefault("--speed"), NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted) ? Math.Clamp(wanted, 0.1, 100) : StandardSpeed;
        var people = await PeopleAsync(call.Services.GetRequiredService<IConfiguration>(), cancel);
        var (clock, tally) = (call.Services.GetRequiredService<TimeProvider>(), new SimulationTally(null));
        var work = people.Select((person, i) => WorkAsync(server, named.GetValueOrDefault("--ca"), person, new SimulationPlan(speed, Breaks: 2, Abandons: 1, Seed: i), tally, clock, call.Error, cancel));
        try
        {
            await Task.WhenAll([.. work, KeepGoingAsync(call, clock, cancel)]);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // They are sent home.
        }

        return 0;
    }

    private static async Task<List<(string Name, string Password)>> PeopleAsync(IConfiguration configuration, CancellationToken cancel)
    {
        var file = Path.Combine(configuration["Relais:Data"] ?? "var", "demo-passwords.json");
        var passwords = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(file, cancel)) ?? [];
        return [.. SeedFieldwork.UserNames.Where(n => n != SeedFieldwork.Free && passwords.ContainsKey(n)).Take(AtWork).Select(n => (n, passwords[n]))];
    }

    private static async Task WorkAsync(
        Uri server, string? authority, (string Name, string Password) person, SimulationPlan plan, SimulationTally tally, TimeProvider clock, TextWriter error, CancellationToken cancel)
    {
        using var client = new InterviewerClient(server, InterviewersVerb.Handler(authority), person.Name, person.Password, clock);
        try
        {
            await new SimulatedInterviewer(client, plan, tally, clock).WorkAsync(cancel);
        }
        catch (InvalidOperationException e)
        {
            // Somebody changed that password: the others go on.
            await error.WriteLineAsync($"relais: {e.Message}");
        }
    }

    private static async Task KeepGoingAsync(VerbCall call, TimeProvider clock, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        do
        {
            try
            {
                await using var scope = call.Services.CreateAsyncScope();
                if (await NextSampleWave.LookAsync(scope.ServiceProvider, cancel) is { } wave)
                    await call.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"wave {wave} begins"));
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                // The database may be away for a moment: the next look catches up.
                await call.Error.WriteLineAsync($"relais: {e.Message}");
            }
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }
}
