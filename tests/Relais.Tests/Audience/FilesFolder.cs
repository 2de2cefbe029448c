using System.Diagnostics;
using System.Globalization;
using System.Text;
using Relais.Tests.Structure;

namespace Relais.Tests.Audience;

/// <summary>A folder of plain files, and the real program at work in it: with no server, and settings that would end any verb that read them.</summary>
internal sealed class FilesFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly string _folder = Directory.CreateTempSubdirectory("relais-files-").FullName;

    /// <summary>How a call ended.</summary>
    public sealed record Ended(int Code, string Output, string Error);

    public string this[string name] => Path.Combine(_folder, name);

    public bool Has(string name) => File.Exists(this[name]);

    public string Read(string name) => File.ReadAllText(this[name]);

    public IEnumerable<string> Names => Directory.EnumerateFiles(_folder).Select(f => Path.GetFileName(f) ?? f);

    public FilesFolder Write(string name, string text, Encoding? encoding = null)
    {
        File.WriteAllText(this[name], text, encoding ?? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return this;
    }

    /// <summary>A file of the reference data of the numerics' tests.</summary>
    public FilesFolder Copy(string reference)
    {
        File.Copy(PathOf(reference), this[Path.GetFileName(reference)]);
        return this;
    }

    /// <summary>Columns of a table of the reference data, which is small and without quotation marks.</summary>
    public static Dictionary<string, string[]> Table(string reference)
    {
        var lines = File.ReadAllLines(PathOf(reference));
        return lines[0].Split(',').Select((name, at) => (name, values: lines.Skip(1).Select(l => l.Split(',')[at]).ToArray()))
            .ToDictionary(c => c.name, c => c.values, StringComparer.Ordinal);
    }

    public Task<Ended> RelaisAsync(string arguments) => RelaisAsync(arguments, environment: []);

    public async Task<Ended> RelaisAsync(string arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "relais"), arguments.Split(' '))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = _folder,
        };
        start.Environment["RELAIS_CONFIG"] = "/nowhere/settings.json";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("relais did not start");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(late.Token);
        return new Ended(process.ExitCode, await output, await error);
    }

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string PathOf(string reference) => Path.Combine(Sources.Root, "tests", "Relais.Audience.Numerics.Tests", "Reference", reference);
}
