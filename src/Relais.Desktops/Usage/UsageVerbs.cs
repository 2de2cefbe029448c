using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Usage;

/// <summary><c>relais desktops usage</c> and <c>forecast</c>: what the page shows, from the machine itself.</summary>
internal static class UsageVerbs
{
    private const string UsageWords = "[--from DAY] [--to DAY] [--q TEXT] [--team NAME] [--bundle NAME] [--tag TAG] [--verdict WORD] [--csv]";

    public static readonly Verb Usage = new(
        "desktops usage", $"what each desktop took in a period, which are too large, too small or not used, and sums by team and tag: {UsageWords}", RunUsageAsync);

    public static readonly Verb Forecasts = new("desktops forecast", "the peaks of tonight and tomorrow from what was before, as JSON", RunForecastAsync);

    private const int UsageError = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static async Task<int> RunUsageAsync(VerbCall call, CancellationToken cancel)
    {
        var csv = call.Arguments.Contains("--csv", StringComparer.Ordinal);
        var given = VerbOptions.Read([.. call.Arguments.Where(a => a != "--csv")], ["--from", "--to", "--q", "--team", "--bundle", "--tag", "--verdict"]);
        if (given is not { Words.Count: 0 } || !UsageApi.TryDay(given["--from"], out var from) || !UsageApi.TryDay(given["--to"], out var to))
            return await FailAsync(call, $"usage: relais desktops usage {UsageWords}, days such as 2026-11-01");

        await using var scope = call.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var teams = await services.GetRequiredService<Groups>().AllAsync(cancel);
        var team = given["--team"] is { } name ? teams.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase)) : null;
        if (team is null && given["--team"] is not null)
            return await FailAsync(call, $"relais: there is no group {given["--team"]}");
        if (UsageApi.QueryOf(from, to, given["--q"], team?.Id, given["--bundle"], given["--tag"], given["--verdict"], services.GetRequiredService<TimeProvider>()) is not { } query)
            return await FailAsync(call, $"relais: give a day with --from that is not after --to, at most {UsageQuery.MostDays} days before it, and as verdict one of: {UsageApi.Words}");

        var report = await services.GetRequiredService<ReadUsage>().HandleAsync(query, cancel);
        var options = services.GetRequiredService<IOptions<UsageOptions>>().Value;
        if (csv)
            await UsageCsv.WriteAsync(call.Out, report.Lines, teams, options.PricedIn, CultureInfo.InvariantCulture);
        else
            await call.Out.WriteLineAsync(JsonSerializer.Serialize(UsageApi.Answer(report, query, options), Json));
        return 0;
    }

    private static async Task<int> RunForecastAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments.Count > 0)
            return await FailAsync(call, "usage: relais desktops forecast");
        await using var scope = call.Services.CreateAsyncScope();
        await call.Out.WriteLineAsync(JsonSerializer.Serialize(UsageApi.Answer(await scope.ServiceProvider.GetRequiredService<ReadForecast>().HandleAsync(cancel)), Json));
        return 0;
    }

    private static async Task<int> FailAsync(VerbCall call, string what)
    {
        await call.Error.WriteLineAsync(what);
        return UsageError;
    }
}
