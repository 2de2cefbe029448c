using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Relais.Audience.Bench;

/// <summary>A season of 126,000 diaries through a server, as a researcher sends it: files imported by the pages, a run, the standard table read.</summary>
internal static class ServerWave
{
    private const string Person = "chercheur1";

    public static async Task RunAsync(TextWriter output, string relais, string database, string folder)
    {
        var diary = new BenchDiary();
        diary.Write(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "universe.csv"), Universe(diary));
        var (port, data) = (FreePort(), Path.Combine(folder, "data"));
        using var server = Start(relais, "serve", database, data, port);
        try
        {
            using var portal = new Portal(new Uri($"https://localhost:{port.ToString(CultureInfo.InvariantCulture)}/"));
            using (var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200)))
            {
                while (!await portal.ReadyAsync())
                {
                    await look.WaitForNextTickAsync();
                    if (server.HasExited)
                        throw new InvalidOperationException($"The server ended with {server.ExitCode}");
                }
            }

            await SignInAsync(portal, relais, database, data, port);
            await output.WriteLineAsync("| what | seconds | peak MiB of the server so far |");
            await output.WriteLineAsync("|---|---|---|");
            Row(output, "signed in", 0, server);
            await portal.SubmitAsync("/audience/universes", "universe", [("Name", "Banc"), ("Source", "hasard"), ("Date", "2026-01-01")], ("File", $"{folder}/universe.csv"));
            await portal.SubmitAsync("/audience/studies/new", "study", Study());
            var wave = (await portal.SubmitAsync("/audience/waves/new", "wave", [.. await ChoicesAsync(portal), ("Name", "Saison"), ("From", "2026-01-01"), ("Until", "2026-06-30")])).Split('/')[^1];
            await MeasureAsync("respondents imported", () => portal.SubmitAsync($"/audience/waves/{wave}/import/Respondents", "import", [], ("File", $"{folder}/r.csv")));
            await MeasureAsync("listening imported", () => portal.SubmitAsync($"/audience/waves/{wave}/import/Listening", "import", [], ("File", $"{folder}/l.csv")));
            await portal.PostAsync($"/api/audience/waves/{wave}/close-fieldwork");
            await MeasureAsync("run: read, calibrated, standard table, curves, saved", () => ComputeAsync(portal, wave));
            await MeasureAsync("page of one target and band", () => portal.GetAsync($"/audience/waves/{wave}/results"));
            await MeasureAsync("standard table as CSV", () => portal.GetAsync($"/api/audience/waves/{wave}/figures.csv"));

            async Task MeasureAsync<T>(string what, Func<Task<T>> work)
            {
                var begun = Stopwatch.GetTimestamp();
                await work();
                Row(output, what, Stopwatch.GetElapsedTime(begun).TotalSeconds, server);
            }
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static async Task<bool> ComputeAsync(Portal portal, string wave)
    {
        var run = (await portal.PostAsync($"/api/audience/waves/{wave}/runs")).GetProperty("run").GetGuid();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await look.WaitForNextTickAsync())
        {
            using var said = JsonDocument.Parse(await portal.GetAsync($"/api/audience/runs/{run}"));
            var state = said.RootElement.GetProperty("state").GetString() ?? "";
            if (state.Equals("done", StringComparison.OrdinalIgnoreCase))
                return true;
            if (state.Equals("failed", StringComparison.OrdinalIgnoreCase))
                throw new InvalidOperationException($"The run failed: {said.RootElement}");
        }

        return false;
    }

    private static async Task SignInAsync(Portal portal, string relais, string database, string data, int port)
    {
        using var people = Start(relais, "demo people", database, data, port);
        var said = await people.StandardOutput.ReadToEndAsync();
        var password = said.Split('\n').First(l => l.StartsWith($"{Person} ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        await portal.SubmitAsync("/sign-in", null, [("UserName", Person), ("Password", password)]);
    }

    private static (string, string)[] Study() =>
    [
        ("Sent.Name", "Banc"), ("Sent.IdColumn", "id"), ("Sent.WeightColumn", "weight"), ("Sent.StrataColumn", "m4"), ("Sent.DayStart", "05:00"), ("Sent.DayQuarterHours", "76"),
        ("Sent.Stations", Lines(Enumerable.Range(0, BenchDiary.Stations).Select(s => $"S{Text(s)}; Station {Text(s)}"))),
        ("Sent.Groups", Lines(BenchDiary.Groups.Select(g => $"{g.Name}: {string.Join(", ", g.Stations.Select(s => $"S{Text(s)}"))}"))),
        ("Sent.Bands", Lines(BenchDiary.Bands().Select(b => b.Name))), ("Sent.Targets", Lines(BenchDiary.TargetTexts().Select(t => $"{t.Name}: {t.Expression}"))),
        ("Sent.Method", "Raking"), ("Sent.Tolerance", "1e-10"), ("Sent.MinInterviews", "100"), ("Sent.MinListeners", "15"),
    ];

    // The only study and the only universe.
    private static async Task<(string, string)[]> ChoicesAsync(Portal portal)
    {
        var page = await portal.GetAsync("/audience/waves/new");
        return [("StudyId", Choice("StudyId")), ("UniverseId", Choice("UniverseId"))];

        string Choice(string name) => page.Split($"name=\"{name}\"")[1].Split("<option value=\"")[1].Split('"')[0];
    }

    // Totals that weights meet: those of the design weights, moved by what a population differs in.
    private static string Universe(BenchDiary diary)
    {
        var totals = new SortedDictionary<(int Variable, int Level), double>();
        for (var i = 0; i < BenchDiary.Interviews; i++)
        {
            var moved = diary.Weights[i] * (1 + 0.1 * diary.Codes[0][i] - 0.05 * diary.Codes[1][i] + 0.02 * diary.Codes[3][i]);
            for (var variable = 0; variable < diary.Codes.Length; variable++)
                totals[(variable, diary.Codes[variable][i])] = totals.GetValueOrDefault((variable, diary.Codes[variable][i])) + moved;
        }

        return "variable,level,total\n" + string.Concat(totals.Select(t => string.Create(CultureInfo.InvariantCulture, $"m{t.Key.Variable},{t.Key.Level},{t.Value:R}\n")));
    }

    private static Process Start(string relais, string verb, string database, string data, int port)
    {
        var start = new ProcessStartInfo(relais, verb) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["RELAIS_DATA"] = data;
        start.Environment["RELAIS__Relais__HttpsPort"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["RELAIS__ConnectionStrings__Relais"] = database;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{relais} did not start");
        if (verb == "serve")
        {
            process.OutputDataReceived += static (_, line) =>
            {
                if (line.Data?.Contains("xception", StringComparison.Ordinal) == true)
                    Console.Error.WriteLine(line.Data);
            };
            process.BeginOutputReadLine();
        }

        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Row(TextWriter output, string what, double seconds, Process server) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {seconds:0.00} | {Processes.PeakOf(server.Id):0} |"));

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
