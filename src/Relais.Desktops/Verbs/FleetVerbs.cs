using System.Globalization;
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
    private const string Filter = "[--q TEXT] [--state STATE] [--bundle NAME] [--group GROUP] [--pool ID|personal] [--tagged TAG]";
    private const string DoUsage = $"desktops do ACTION USER... | ACTION --all {Filter}, with [--to BUNDLE] [--memory MIB] [--cpu N] [--snapshot ID] [--tag TAG]";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly string[] Filters = ["--q", "--state", "--bundle", "--group", "--pool", "--tagged"];
    private static readonly string[] Actions = [.. Enum.GetNames<FleetAction>().Select(n => n.ToLowerInvariant())];

    public static readonly IReadOnlyList<Verb> All =
    [
        new("desktops list", $"desktops as JSON {Filter}", ListAsync),
        new("desktops do", "do something with one desktop or many, follow it, and answer with the job as JSON", DoAsync)
        {
            Usage = $"relais {DoUsage}\nactions: {string.Join(", ", Actions)}", Words = Actions,
        },
        new("desktops bundles", "bundles, versions and faults of definitions as JSON", BundlesAsync),
        new("desktops build", "build the image of a bundle: NAME", BuildAsync),
        new("desktops roll-out", "decide on a version: NAME HASH now|atopening|inwindow [FROM TO]", RollOutAsync),
    ];

    private static readonly Actor Here = Actor.System;

    private static async Task<int> ListAsync(VerbCall call, CancellationToken cancel)
    {
        if (VerbOptions.Read(call.Arguments, Filters) is not { Words.Count: 0 } options)
            return await call.UsageAsync($"desktops list {Filter}");
        await using var scope = call.Services.CreateAsyncScope();
        return await FindAsync(scope.ServiceProvider, options, cancel) is { } found ? await call.AnswerAsync(found) : await NoGroupAsync(call, options);
    }

    private static async Task<int> DoAsync(VerbCall call, CancellationToken cancel)
    {
        // "--all yes" is how it was asked for before it was a flag.
        var said = call.Arguments.Where((a, at) => a != "yes" || at == 0 || call.Arguments[at - 1] != "--all").ToList();
        var options = VerbOptions.Read(said, [.. Filters, "--to", "--memory", "--cpu", "--snapshot", "--tag"], ["--all"]);
        Guid? snapshot = Guid.TryParse(options?["--snapshot"], out var chosenSnapshot) ? chosenSnapshot : null;
        if (options is not { Words.Count: > 0 } || !Enum.TryParse<FleetAction>(options.Words[0], ignoreCase: true, out var action) || !Enum.IsDefined(action)
            || (options.Words.Count == 1) != options.Has("--all") || options.Number("--memory") is < 0 || options.Number("--cpu") is < 0
            || (options.Has("--snapshot") && (snapshot is null || action != FleetAction.Restore || options.Words.Count != 2)))
        {
            return await call.UsageAsync($"{DoUsage}\nactions: {string.Join(", ", Actions)}");
        }

        await using var scope = call.Services.CreateAsyncScope();
        if (await FindAsync(scope.ServiceProvider, options, cancel) is not { } found)
            return await NoGroupAsync(call, options);
        var users = options.Words.Skip(1).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (users.FirstOrDefault(u => !found.Any(d => string.Equals(d.UserName, u, StringComparison.OrdinalIgnoreCase))) is { } missing)
            return await call.FailAsync($"{missing} has no desktop");
        var chosen = found.Where(d => users.Count == 0 || users.Contains(d.UserName)).Select(d => d.Id).ToList();
        var arguments = new FleetArguments { Bundle = options["--to"], MemoryMiB = options.Number("--memory"), Cpu = options.Number("--cpu"), Snapshot = snapshot, Tag = options["--tag"] };
        var (job, reason) = await scope.ServiceProvider.GetRequiredService<AskFleet>().HandleAsync(action, arguments, chosen, Here, cancel);
        if (job is not { } id)
            return await call.FailAsync($"refused: {reason}");

        var clock = scope.ServiceProvider.GetRequiredService<TimeProvider>();
        while (true)
        {
            await using var look = call.Services.CreateAsyncScope();
            var view = await look.ServiceProvider.GetRequiredService<ListJobs>().FindAsync(id, cancel);
            if (view is null || view.Job.FinishedAt is not null)
            {
                await call.AnswerAsync(view is null ? null : FleetApi.Answer(view));
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
        await call.AnswerAsync(found);
        return found.Faults.Count > 0 ? 1 : 0;
    }

    private static async Task<int> BuildAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var name])
            return await call.UsageAsync("desktops build NAME");
        await using var scope = call.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<ChangeBundles>().BuildAsync(name, Here, cancel) is { } reason)
            return await call.FailAsync($"refused: {reason}. Definitions and their faults: relais desktops bundles");
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
                    return await call.AnswerAsync(BundlesApi.Answer(([view], [])).Bundles[0]);
                case BuildState.Failed:
                    return await call.FailAsync(view.Row.BuildWords ?? "the build failed");
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
            return await call.UsageAsync("desktops roll-out NAME HASH now|atopening|inwindow [FROM TO], such as 22:00 05:00");
        }

        await using var scope = call.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<ChangeBundles>().RollOutAsync(name, version, when, from, to, Here, cancel) is { } reason)
            return await call.FailAsync($"refused: {reason}");
        var (bundles, _) = await scope.ServiceProvider.GetRequiredService<ListBundles>().HandleAsync(cancel);
        return await call.AnswerAsync(BundlesApi.Answer((bundles.Where(b => b.Bundle.Name == name).ToList(), [])).Bundles[0]);
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

    // Null when there is no such group.
    private static async Task<IReadOnlyList<ListDesktops.Line>?> FindAsync(IServiceProvider services, VerbOptions options, CancellationToken cancel)
    {
        var groups = services.GetRequiredService<Groups>();
        Guid? group = null;
        if (options["--group"] is { } name)
        {
            if ((await groups.AllAsync(cancel)).FirstOrDefault(g => string.Equals(g.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } found)
                return null;
            group = found.Id;
        }

        return await ListDesktops.HandleAsync(
            new DesktopQuery(options["--q"], options["--state"], options["--bundle"], group, options["--pool"], Tag: options["--tagged"]), services.GetRequiredService<DesktopsDb>(),
            services.GetRequiredService<People>(), groups, cancel);
    }

    private static Task<int> NoGroupAsync(VerbCall call, VerbOptions options) => call.FailAsync($"there is no group {options["--group"]}. Those that there are: relais groups list");
}
