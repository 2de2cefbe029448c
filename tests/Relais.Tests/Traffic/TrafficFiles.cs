using System.Globalization;
using Relais.Kernel.Verbs;
using Relais.Traffic;

namespace Relais.Tests.Traffic;

/// <summary>Verbs of traffic over files, each test in a history of its own.</summary>
internal sealed class TrafficFiles : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("relais-history-").FullName;

    public string History => Path.Combine(Folder, "history");

    public static string Reference(string file) => Path.Combine(RelaisApp.Repository(), "tests", "Relais.Traffic.Measures.Tests", "Reference", file);

    public static async Task<(int Code, string Said, string Error)> SayAsync(string verb, IEnumerable<string> arguments, CancellationToken cancel)
    {
        await using var said = new StringWriter(CultureInfo.InvariantCulture);
        await using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = await TrafficModule.FileVerbs.Single(v => v.Name == $"traffic {verb}").Run(new VerbCall(NoServices.Instance, [.. arguments], said, error), cancel);
        return (code, said.ToString(), error.ToString());
    }

    public async Task<(int Code, string Said, string Error)> ImportAsync(string file, params string[] arguments) =>
        await SayAsync("import", [file, "--history", History, .. arguments], TestContext.Current.CancellationToken);

    /// <summary>The values of a report of one row, by measure.</summary>
    public async Task<Dictionary<string, double?>> FiguresAsync(params string[] arguments) =>
        (await ReportAsync(arguments)).ToDictionary(r => r[^2], r => r[^1].Length == 0 ? (double?)null : double.Parse(r[^1], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>The rows of a report.</summary>
    public async Task<IReadOnlyList<string[]>> ReportAsync(params string[] arguments)
    {
        var (code, said, error) = await SayAsync("report", ["--history", History, .. arguments], TestContext.Current.CancellationToken);
        Assert.True(code == 0, error);
        return [.. said.TrimEnd('\n').Split('\n').Skip(1).Select(l => l.Split(','))];
    }

    public async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
