using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Desktops.Workstations;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Pools;

/// <summary><c>relais desktops pools ...</c>: pools from the machine itself, as JSON. Exit code 1 when something was refused, 2 when it was called wrongly.</summary>
internal static class PoolVerbs
{
    private const int UsageError = 2;
    private const string SetUsage = "desktops pools set NAME --bundle BUNDLE --groups GROUP,GROUP --most N [--home none|kept] [--ready N] [--hours \"mon-fri 08:00-12:00 20; sat 09:00-12:00 5\"]";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly IReadOnlyList<Verb> All =
    [
        new("desktops pools", "pools with their desktops as they are now, as JSON", ListAsync),
        new("desktops pools set", "make or change a pool, answered as JSON", SetAsync) { Usage = $"relais {SetUsage}" },
        new("desktops pools remove", "remove a pool with its desktops and homes: NAME", RemoveAsync),
    ];

    private static async Task<int> ListAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not ([] or ["list"]))
            return await UsageAsync(call, $"desktops pools | desktops pools remove NAME | {SetUsage}");
        await using var scope = call.Services.CreateAsyncScope();
        var pools = await scope.ServiceProvider.GetRequiredService<ListPools>().AllAsync(cancel);
        await call.Out.WriteLineAsync(JsonSerializer.Serialize(pools.Select(PoolsApi.Answer), Json));
        return 0;
    }

    private static async Task<int> SetAsync(VerbCall call, CancellationToken cancel)
    {
        var options = VerbOptions.Read(call.Arguments, ["--bundle", "--groups", "--most", "--home", "--ready", "--hours"]);
        if (options is not { Words: [var name] } || options["--home"] is not (null or "none" or "kept") || !PoolHoursText.TryRead(options["--hours"], out var hours))
            return await UsageAsync(call, SetUsage);
        var fields = new PoolFields(
            name, options["--bundle"], options["--groups"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            options["--home"] == "kept", options["--most"], options["--ready"] ?? "0", hours);
        await using var scope = call.Services.CreateAsyncScope();
        var edit = scope.ServiceProvider.GetRequiredService<EditPools>();
        var saved = await FindAsync(scope.ServiceProvider, name, cancel) is { } id
            ? await edit.ChangeAsync(id, fields, Actor.System, cancel)
            : await edit.AddAsync(fields, Actor.System, cancel);
        if (saved.Id is { } kept)
        {
            await call.Out.WriteLineAsync(JsonSerializer.Serialize(new { id = kept, name }, Json));
            return 0;
        }

        var text = scope.ServiceProvider.GetRequiredService<IStringLocalizer<PoolsTexts>>();
        foreach (var fault in saved.Faults)
            await call.Error.WriteLineAsync($"relais: {fault.Field.ToLowerInvariant()}: {new[] { fault }.Of(fault.Field, text)}");
        return 1;
    }

    private static async Task<int> RemoveAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var name])
            return await UsageAsync(call, "desktops pools remove NAME");
        await using var scope = call.Services.CreateAsyncScope();
        if (await FindAsync(scope.ServiceProvider, name, cancel) is { } id
            && await scope.ServiceProvider.GetRequiredService<EditPools>().RemoveAsync(id, Actor.System, cancel))
        {
            await call.Out.WriteLineAsync(JsonSerializer.Serialize(new { id, name, removed = true }, Json));
            return 0;
        }

        await call.Error.WriteLineAsync($"relais: there is no pool {name}. Those that there are: relais desktops pools");
        return 1;
    }

    private static async Task<Guid?> FindAsync(IServiceProvider services, string name, CancellationToken cancel)
    {
        var normalized = Pool.Normalize(name);
        return await services.GetRequiredService<DesktopsDb>().Pools.Where(p => p.NormalizedName == normalized).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel);
    }

    private static async Task<int> UsageAsync(VerbCall call, string usage)
    {
        await call.Error.WriteLineAsync($"usage: relais {usage}");
        return UsageError;
    }
}

/// <summary>Hours as a command line has them: <c>mon-fri 08:00-12:00 20; sat 09:00-12:00 5</c>.</summary>
internal static class PoolHoursText
{
    private static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <returns>False when it is not written like this; what the times and numbers are is read later.</returns>
    public static bool TryRead(string? typed, out IReadOnlyList<TypedHours> hours)
    {
        List<TypedHours> read = [];
        hours = read;
        foreach (var part in (typed ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var days, var times, var started]
                || times.Split('-') is not [var from, var to] || DaysOf(days) is not { } names)
            {
                return false;
            }

            read.Add(new TypedHours(names, from, to, started));
        }

        return true;
    }

    private static List<string>? DaysOf(string typed)
    {
        var ends = typed.Split('-').Select(d => Array.IndexOf(Days, d.ToLower(CultureInfo.InvariantCulture))).ToList();
        if (ends.Count > 2 || ends.Contains(-1) || ends[^1] < ends[0])
            return null;
        return [.. Enumerable.Range(ends[0], ends[^1] - ends[0] + 1).Select(n => ((DayOfWeek)((n + 1) % PoolHours.DayCount)).ToString())];
    }
}
