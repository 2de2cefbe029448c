using System.Diagnostics;
using System.Globalization;
using Relais.Audience.Bench;
using Relais.Audience.Numerics.Calibration;

// relais-audience-bench RELAIS [ROUNDS]: the built program; R's survey beside it in the same run, and the standard table of radio indicators.
// relais-audience-bench table RELAIS [ROUNDS]: the table alone.
// relais-audience-bench wave RELAIS DATABASE: a season through a server, with an empty database of its own.
if (args is ["table", var program, .. var many])
{
    await TableAsync(program, many is [var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 5);
    return 0;
}

if (args is ["wave", var served, var database])
{
    var files = Directory.CreateTempSubdirectory("relais-wave-").FullName;
    try
    {
        Console.WriteLine(Machine(await CommitAsync()));
        Console.WriteLine();
        await ServerWave.RunAsync(Console.Out, served, database, files);
    }
    finally
    {
        Directory.Delete(files, recursive: true);
    }

    return 0;
}

if (args is not [var relais, .. var more])
{
    await Console.Error.WriteLineAsync("usage: relais-audience-bench RELAIS [ROUNDS]");
    return 2;
}

var rounds = more is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 5;
var folder = Directory.CreateTempSubdirectory("relais-bench-").FullName;
try
{
    var sample = new BenchSample();
    sample.Write(folder);
    var problem = sample.Problem();
    var lines = new List<string>();
    foreach (var (name, method) in new[]
    {
        ("rake", CalibrationMethod.Rake), ("linear", CalibrationMethod.Linear), ("raking", CalibrationMethod.Raking),
        ("logit", CalibrationMethod.Logit), ("truncated", CalibrationMethod.Truncated),
    })
    {
        var bounded = method is CalibrationMethod.Logit or CalibrationMethod.Truncated;
        var settings = new CalibrationSettings(method) { Bounds = bounded ? new Bounds(0.4, 3) : null };
        var first = Weigh(problem, settings);
        var (ours, survey, whole, theirs) = (new List<double>(), new List<double>(), new List<Ran>(), new List<Ran>());
        for (var round = 0; round < rounds; round++)
        {
            await Console.Error.WriteLineAsync($"{name}, round {round + 1} of {rounds}");
            ours.Add(Enumerable.Range(0, 5).Select(_ => Weigh(problem, settings)).Order().ElementAt(2));
            string[] arguments =
            [
                "weigh", "--sample", $"{folder}/s.csv", "--id", "id", "--weight", "weight", "--margins", $"{folder}/m.csv", "--method", name,
                "--out", $"{folder}/w.csv", .. bounded ? ["--bounds", "0.4,3"] : Array.Empty<string>(),
            ];
            whole.Add(await Processes.RunAsync(relais, arguments));
            var r = await Processes.RunAsync("Rscript", "--vanilla", Path.Combine(AppContext.BaseDirectory, "survey.R"), folder, name);
            var said = r.Output.Trim().Split('\n')[^1].Split(' ');
            survey.Add(double.Parse(said[0], CultureInfo.InvariantCulture));
            // What R says of itself: Rscript is only its starter.
            theirs.Add(r with { PeakMiB = double.Parse(said[1], CultureInfo.InvariantCulture) / 1024 });
        }

        var (a, b) = (Median(ours), Median(survey));
        var (c, d) = (Median(whole.Select(w => w.Seconds)), Median(theirs.Select(t => t.Seconds)));
        var (e, f) = (Median(whole.Select(w => w.PeakMiB)), Median(theirs.Select(t => t.PeakMiB)));
        lines.Add(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {a * 1000:0} | {first * 1000:0} | {b * 1000:0} | {b / a:0.0} | {c:0.00} | {d:0.00} | {d / c:0.0} | {e:0} | {f:0} | {f / e:0.0} | {Difference(folder):0.0e+0} |"));
    }

    var commit = await CommitAsync();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{Machine(commit)}, {rounds} rounds, medians; {BenchSample.Respondents} respondents, 6 margins, 32 model columns"));
    Console.WriteLine();
    Console.WriteLine("| method | calibration ms | the first in its process | R survey ms | ratio | whole process s | R | ratio | peak MiB | R | ratio | weights differ by at most |");
    Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
    lines.ForEach(Console.WriteLine);
    Console.WriteLine();
    await TableAsync(relais, rounds);
    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static async Task TableAsync(string relais, int rounds)
{
    var files = Directory.CreateTempSubdirectory("relais-table-").FullName;
    try
    {
        var commit = await CommitAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Machine(commit)}, {rounds} rounds, medians"));
        Console.WriteLine();
        await StandardTable.RunAsync(Console.Out, rounds, relais, files);
    }
    finally
    {
        Directory.Delete(files, recursive: true);
    }
}

static string Machine(string commit) => string.Create(CultureInfo.InvariantCulture,
    $"{CpuModel()}, {Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, .NET {Environment.Version}, commit {commit}");

static double Weigh(CalibrationProblem problem, CalibrationSettings settings)
{
    var begun = Stopwatch.GetTimestamp();
    if (Calibrate.Run(problem, settings) is not CalibrationOutcome.Met)
        throw new InvalidOperationException($"{settings.Method} did not meet the totals");
    return Stopwatch.GetElapsedTime(begun).TotalSeconds;
}

// Both reached their tolerance, of which R's default is the looser.
static double Difference(string folder) => File.ReadLines(Path.Combine(folder, "w.csv")).Skip(1)
    .Zip(File.ReadLines(Path.Combine(folder, "w-r.csv")).Skip(1), (ours, theirs) => Math.Abs(Weight(ours) / Weight(theirs) - 1)).Max();

static double Weight(string line) => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture);

static double Median(IEnumerable<double> figures)
{
    var sorted = figures.Order().ToList();
    return sorted[sorted.Count / 2];
}

static async Task<string> CommitAsync() => (await Processes.RunAsync("git", "rev-parse", "--short", "HEAD")).Output.Trim();

static string CpuModel() =>
    File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown CPU";
