using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Bundles;

/// <summary>
/// Builds the images that were asked for, one at a time, on the node with the engine, and writes into the row how far it is. A build whose server died is
/// begun again: the script finds what is finished, and clears what is not.
/// </summary>
internal sealed partial class BuildImages(
    IServiceScopeFactory scopes, NpgsqlDataSource source, DesktopsEngine engine, TimeProvider clock, ILogger<BuildImages> log) : BackgroundService
{
    private const int WordsLength = 2000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (engine.Network is not null && engine.Missing is null)
                    await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                DesktopsLog.BuildFailed(log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DesktopsDb>();
        // Not followed: the row is written past this context while the build goes on.
        var asked = await db.Bundles.AsNoTracking().Where(b => b.Build == BuildState.Asked || b.Build == BuildState.Building).OrderBy(b => b.BuildSince).FirstOrDefaultAsync(cancel);
        if (asked is null)
            return;
        // Held by the connection: whoever dies gives it up.
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using (var take = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtext('relais.desktops.build'))", connection))
        {
            if (await take.ExecuteScalarAsync(cancel) is not true)
                return;
        }

        await BuildAsync(scope.ServiceProvider, db, asked.Name, cancel);
    }

    private static async Task BuildAsync(IServiceProvider services, DesktopsDb db, string bundle, CancellationToken cancel)
    {
        await NoteAsync(db, bundle, BuildState.Building, 0, null, cancel);
        try
        {
            var folder = await RunAsync(services.GetRequiredService<BundleCatalog>(), db, bundle, cancel);
            await services.GetRequiredService<BundleImages>().AddAsync(bundle, folder, asTarget: false, cancel);
            await NoteAsync(db, bundle, BuildState.None, 0, null, cancel);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or System.ComponentModel.Win32Exception)
        {
            await NoteAsync(db, bundle, BuildState.Failed, 0, e.Message, cancel);
        }
    }

    private static async Task<string> RunAsync(BundleCatalog catalog, DesktopsDb db, string bundle, CancellationToken cancel)
    {
        var recipe = catalog.RecipeOf(catalog.Get(bundle));
        var work = Directory.CreateTempSubdirectory("relais-bundle-");
        try
        {
            recipe.Write(work.FullName);
            // The image's name is made over sorted lists: in one order, whatever the machine's language.
            var start = new ProcessStartInfo("bash", [catalog.BuildScript, work.FullName])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, Environment = { ["LC_ALL"] = "C" },
            };
            using var process = Process.Start(start) ?? throw new IOException("bash did not start");
            var errors = process.StandardError.ReadToEndAsync(cancel);
            var last = "";
            while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
            {
                last = line;
                if (Step().Match(line) is { Success: true } step)
                    await NoteAsync(db, bundle, BuildState.Building, int.Parse(step.Groups["step"].Value, CultureInfo.InvariantCulture), step.Groups["words"].Value, cancel);
            }

            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 && Directory.Exists(last) ? last : throw new InvalidDataException(Tail($"{await errors}\n{last}"));
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static Task NoteAsync(DesktopsDb db, string bundle, BuildState state, int step, string? words, CancellationToken cancel) =>
        db.Bundles.Where(b => b.Name == bundle).ExecuteUpdateAsync(
            set => set.SetProperty(b => b.Build, state).SetProperty(b => b.BuildStep, step).SetProperty(b => b.BuildWords, words), cancel);

    private static string Tail(string text) => text.Trim() is var trimmed && trimmed.Length > WordsLength ? trimmed[^WordsLength..] : trimmed;

    // "[ 12 s] 2/6 packages (31)"
    [GeneratedRegex(@"^\[ *\d+ s\] (?<step>\d)/6 (?<words>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Step();
}
