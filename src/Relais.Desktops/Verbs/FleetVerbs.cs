using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Verbs;

/// <summary>
/// <c>relais desktops ...</c>: what the pages do, from the machine itself. Answers are JSON. Exit code 1 when something failed, 2 when it was called wrongly.
/// What takes time is done by the server; the verb waits for it and may be cut off without harm.
/// </summary>
internal static class FleetVerbs
{
    private const int UsageError = 2;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static readonly IReadOnlyList<Verb> All =
    [
        new("desktops list", "desktops as JSON [--q TEXT] [--state STATE] [--bundle NAME] [--pool ID|personal] [--tagged TAG]", ListAsync),
        new("desktops do", "ACTION for USER... or --all [--q --state --bundle --tagged] [--to BUNDLE] [--memory MIB] [--cpu N] [--tag TAG]", DoAsync),
        new("desktops bundles", "bundles, versions and faults of definitions as JSON", BundlesAsync),
        new("desktops build", "build the image of a bundle: NAME", BuildAsync),
        new("desktops roll-out", "decide on a version: NAME HASH now|atopening|inwindow [FROM TO]", RollOutAsync),
    ];

    private static readonly Actor Here = Actor.System;

    private static async Task<int> ListAsync(VerbCall call, CancellationToken cancel)
    {
        if (VerbOptions.Read(call.Arguments, ["--q", "--state", "--bundle", "--pool", "--tagged"]) is not { Words.Count: 0 } options)
            return await UsageAsync(call, "desktops list [--q TEXT] [--state STATE] [--bundle NAME] [--pool ID|personal] [--tagged TAG]");
        await using var scope = call.Services.CreateAsyncScope();
        await WriteAsync(call, await FindAsync(scope.ServiceProvider, options, cancel));
        return 0;
    }

    private static async Task<int> DoAsync(VerbCall call, CancellationToken cancel)
    {
        const string Usage = "desktops do ACTION USER... | ACTION --all yes [--q TEXT] [--state STATE] [--bundle NAME] [--tagged TAG] [--to BUNDLE] [--memory MIB] [--cpu N] [--tag TAG]";
        var options = VerbOptions.Read(call.Arguments, ["--q", "--state", "--bundle", "--to", "--memory", "--cpu", "--all", "--tag", "--tagged"]);
        if (options is not { Words.Count: > 0 } || !Enum.TryParse<FleetAction>(options.Words[0], ignoreCase: true, out var action) || !Enum.IsDefined(action)
            || (options.Words.Count == 1) != (options["--all"] == "yes") || options.Number("--memory") is < 0 || options.Number("--cpu") is < 0)
        {
            return await UsageAsync(call, $"{Usage}\nactions: {string.Join(", ", Enum.GetNames<FleetAction>().Select(n => n.ToLowerInvariant()))}");
        }

        await using var scope = call.Services.CreateAsyncScope();
        var found = await FindAsync(scope.ServiceProvider, options, cancel);
        var users = options.Words.Skip(1).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (users.FirstOrDefault(u => !found.Any(d => string.Equals(d.UserName, u, StringComparison.OrdinalIgnoreCase))) is { } missing)
            return await FailAsync(call, $"{missing} has no desktop");
        var chosen = found.Where(d => users.Count == 0 || users.Contains(d.UserName)).Select(d => d.Id).ToList();
        var arguments = new FleetArguments { Bundle = options["--to"], MemoryMiB = options.Number("--memory"), Cpu = options.Number("--cpu"), Tag = options["--tag"] };
        var (job, reason) = await scope.ServiceProvider.GetRequiredService<AskFleet>().HandleAsync(action, arguments, chosen, Here, cancel);
        if (job is not { } id)
            return await FailAsync(call, $"refused: {reason}");

        var clock = scope.ServiceProvider.GetRequiredService<TimeProvider>();
        while (true)
        {
            await using var look = call.Services.CreateAsyncScope();
            var view = await look.ServiceProvider.GetRequiredService<ListJobs>().FindAsync(id, cancel);
            if (view is null || view.Job.FinishedAt is not null)
            {
                await WriteAsync(call, view is null ? null : FleetApi.Answer(view));
                return view is null || view.Counts.GetValueOrDefault(FleetRowState.Failed) > 0 ? 1 : 0;
            }

            await call.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{view.Over}/{view.Total}"));
            await Task.Delay(Every, clock, cancel);
        }
    }

    private static async Task<int> BundlesAsync(VerbCall call, CancellationToken cancel)
    {
        await using var scope = call.Services.CreateAsyncScope();
        var found = BundlesApi.Answer(await scope.ServiceProvider.GetRequiredService<ListBundles>().HandleAsync(cancel));
        await WriteAsync(call, found);
        return found.Faults.Count > 0 ? 1 : 0;
    }

    private static async Task<int> BuildAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var name])
            return await UsageAsync(call, "desktops build NAME");
        await using var scope = call.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<ChangeBundles>().BuildAsync(name, Here, cancel) is { } reason)
            return await FailAsync(call, $"refused: {reason}. Definitions and their faults: relais desktops bundles");
        var clock = scope.ServiceProvider.GetRequiredService<TimeProvider>();
        var said = "";
        while (true)
        {
            await using var look = call.Services.CreateAsyncScope();
            var (bundles, _) = await look.ServiceProvider.GetRequiredService<ListBundles>().HandleAsync(cancel);
            var view = bundles.Single(b => b.Bundle.Name == name);
            switch (view.Row.Build)
            {
                case BuildState.None:
                    await WriteAsync(call, BundlesApi.Answer(([view], [])).Bundles[0]);
                    return 0;
                case BuildState.Failed:
                    return await FailAsync(call, view.Row.BuildWords ?? "the build failed");
            }

            var says = string.Create(CultureInfo.InvariantCulture, $"{view.Row.BuildStep}/{BundleRow.StepCount} {view.Row.BuildWords ?? "waits for the server"}");
            if (says != said)
                await call.Error.WriteLineAsync(said = says);
            await Task.Delay(Every, clock, cancel);
        }
    }

    private static async Task<int> RollOutAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var name, var version, var word, ..] || !Enum.TryParse<RollOut>(word, ignoreCase: true, out var when) || !Enum.IsDefined(when)
            || !TryWindow(call.Arguments.Skip(3).ToList(), out var from, out var to))
        {
            return await UsageAsync(call, "desktops roll-out NAME HASH now|atopening|inwindow [FROM TO], such as 22:00 05:00");
        }

        await using var scope = call.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ChangeBundles>().RollOutAsync(name, version, when, from, to, Here, cancel) is { } reason
            ? await FailAsync(call, $"refused: {reason}")
            : 0;
    }

    private static bool TryWindow(List<string> given, out int from, out int to)
    {
        (from, to) = (0, 0);
        if (given.Count == 0)
            return true;
        if (given.Count != 2 || !TimeOnly.TryParse(given[0], CultureInfo.InvariantCulture, out var first) || !TimeOnly.TryParse(given[1], CultureInfo.InvariantCulture, out var last))
            return false;
        (from, to) = (BundlesApi.Minutes(first), BundlesApi.Minutes(last));
        return true;
    }

    private static Task<IReadOnlyList<ListDesktops.Line>> FindAsync(IServiceProvider services, VerbOptions options, CancellationToken cancel) =>
        ListDesktops.HandleAsync(
            new DesktopQuery(options["--q"], options["--state"], options["--bundle"], Pool: options["--pool"], Tag: options["--tagged"]), services.GetRequiredService<DesktopsDb>(),
            services.GetRequiredService<People>(), services.GetRequiredService<Groups>(), cancel);

    private static Task WriteAsync<T>(VerbCall call, T answer) => call.Out.WriteLineAsync(JsonSerializer.Serialize(answer, Json));

    private static async Task<int> FailAsync(VerbCall call, string what)
    {
        await call.Error.WriteLineAsync($"relais: {what}");
        return 1;
    }

    private static async Task<int> UsageAsync(VerbCall call, string usage)
    {
        await call.Error.WriteLineAsync($"usage: relais {usage}");
        return UsageError;
    }
}
