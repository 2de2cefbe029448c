using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Relais.Desktops.Bench;

/// <summary>
/// Many desktops of the interviewers' bundle, started together by a continuity plan as an administrator starts one: <c>relais plan start</c>. Either
/// undisturbed, made, stopped and frozen; or with the server and the engine killed in the midst of it.
/// </summary>
internal sealed class PlanBench(PlanRows rows, Installation installation, int desktops)
{
    private const string Plan = "Banc";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public async Task TwentyAsync()
    {
        await rows.PrepareAsync(Plan, desktops);
        var before = MemoryAvailable();
        List<(string Name, double Wall, IReadOnlyList<double> Seconds)> rounds = [];
        rounds.Add(("made from the image", await StartAsync(), await rows.StartsAsync()));
        var memory = await UsageAsync();
        var after = MemoryAvailable();
        foreach (var (action, name) in new[] { ("stop", "started again"), ("freeze", "woken") })
        {
            await installation.SayAsync($"desktops do {action} --all yes --bundle enqueteur");
            rounds.Add((name, await StartAsync(), await rows.StartsAsync()));
        }

        Console.WriteLine(Figures.Machine());
        Console.WriteLine();
        Console.WriteLine($"| {desktops} desktops by one plan, {desktops} at once | there | p50 s | p95 s | most s | until all are there |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, wall, seconds) in rounds)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {seconds.Count} | {At(seconds, 50):0.00} | {At(seconds, 95):0.00} | {seconds[^1]:0.00} | {wall:0.0} s |"));
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Memory a desktop by its control group, without a session: median {At(memory, 50):0} MiB, most {memory[^1]:0} MiB; of the machine {(before - after) / 1024.0:0.0} GiB together ({after / 1024.0:0.0} GiB still available)."));
    }

    public async Task<int> KillAsync()
    {
        await rows.PrepareAsync(Plan, desktops);
        var followed = installation.SayAsync($"plan start {Plan}");
        using (var timer = new PeriodicTimer(Look, TimeProvider.System))
        {
            while (await rows.RunningAsync() < desktops / 4)
                await timer.WaitForNextTickAsync();
        }

        var there = await rows.RunningAsync();
        await installation.KillAsync();
        var since = Stopwatch.GetTimestamp();
        await installation.UpAsync();
        await followed;
        var whole = Stopwatch.GetElapsedTime(since);
        var ids = (await rows.InstancesAsync()).ToHashSet(StringComparer.Ordinal);
        var instances = await InstancesAsync();
        var names = instances.Select(i => i.GetProperty("name").GetString() ?? "").ToList();
        var running = instances.Count(i => i.GetProperty("status").GetString() == "Running");
        Console.WriteLine(Figures.Machine());
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Server and engine ended by kill -9 when {there} of {desktops} desktops ran: started again, after {whole.TotalSeconds:0} s there were {ids.Count} rows and {names.Count} instances, {running} of them running; twice: {names.Count - names.Distinct(StringComparer.Ordinal).Count()}, without a row: {names.Count(n => !ids.Contains(n))}, missing: {ids.Count(i => !names.Contains(i, StringComparer.Ordinal))}."));
        return ids.Count == desktops && names.Count == desktops && running == desktops && ids.SetEquals(names) ? 0 : 1;
    }

    private async Task<double> StartAsync()
    {
        var since = Stopwatch.GetTimestamp();
        await installation.SayAsync($"plan start {Plan}");
        return Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private async Task<IReadOnlyList<double>> UsageAsync() =>
        [.. (await InstancesAsync()).Select(i => i.GetProperty("state").GetProperty("memory").GetProperty("usage").GetInt64() / 1048576.0).Order()];

    private async Task<List<JsonElement>> InstancesAsync()
    {
        using var engine = installation.Engine();
        var answer = await engine.GetFromJsonAsync<JsonElement>("/1.0/instances?recursion=2");
        return [.. answer.GetProperty("metadata").EnumerateArray()];
    }

    private static double At(IReadOnlyList<double> sorted, int percent) => sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];

    // In MiB.
    private static long MemoryAvailable() =>
        long.Parse(File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemAvailable", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
