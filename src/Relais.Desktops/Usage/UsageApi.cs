using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Desktops.Verbs;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Usage;

/// <summary>What desktops took and what will be needed, for programs and at the command line.</summary>
internal static class UsageApi
{
    /// <param name="Verdict">fits, unused, tooLarge, tooSmall or tooLittleSeen.</param>
    public sealed record LineAnswer(
        Guid Desktop, string? Person, string Bundle, double RunningHours, double FrozenHours, double SessionHours, double IdleShare, double CpuShare,
        long MemoryP95MiB, long LimitMiB, DateTimeOffset? LastUsed, string Verdict, long? SuggestedMiB, double? Cost, double? Saved);

    /// <param name="Currency">In which costs are; null without prices.</param>
    public sealed record UsageAnswer(DateTimeOffset From, DateTimeOffset To, string? Currency, IReadOnlyList<LineAnswer> Desktops);

    /// <param name="Error">Median miss on days that are over, as a share.</param>
    public sealed record PeakAnswer(int Hour, double Value, double Low, double High, double Error, int DaysTried);

    /// <param name="Missing">What there is too little of; null when all could be said.</param>
    public sealed record ForecastAnswer(
        PeakAnswer? TonightDesktops, PeakAnswer? TonightMiB, PeakAnswer? TomorrowDesktops, PeakAnswer? TomorrowMiB, long BudgetMiB, int DaysKept, string? Missing);

    public static readonly Verb UsageVerb = new(
        "desktops usage", "what each desktop took in a period, and which are too large, too small or not used: [--from DAY] [--to DAY] [--csv]", RunUsageAsync);

    public static readonly Verb ForecastVerb = new("desktops forecast", "the peaks of tonight and tomorrow from what was before, as JSON", RunForecastAsync);

    private const int UsageError = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/desktops/usage", Handle).WithTags("Desktops").RequireAuthorization(AccessPolicies.Administer)
            .WithName("GetDesktopsUsage").WithSummary("What each desktop took in a period");
        routes.MapGet("/api/desktops/forecast", HandleForecast).WithTags("Desktops").RequireAuthorization(AccessPolicies.Administer)
            .WithName("GetDesktopsForecast").WithSummary("The peaks of tonight and tomorrow");
    }

    internal static async Task<Results<Ok<UsageAnswer>, ProblemHttpResult>> Handle(
        DateOnly? from, DateOnly? to, ReadUsage usage, IOptions<UsageOptions> options, TimeProvider clock, CancellationToken cancel)
    {
        var (start, end) = Period(from, to, clock);
        if (start >= end)
            return TypedResults.Problem("The period ends before it begins: give a later day as to.", statusCode: 400);
        return TypedResults.Ok(new UsageAnswer(start, end, options.Value.PricedIn, [.. (await usage.HandleAsync(start, end, cancel)).Select(Answer)]));
    }

    internal static async Task<Ok<ForecastAnswer>> HandleForecast(ReadUsage usage, CancellationToken cancel) =>
        TypedResults.Ok(Answer(await usage.ForecastAsync(cancel)));

    /// <summary>Commas and quotes as in RFC 4180; a text that a spreadsheet would run as a formula begins with an apostrophe.</summary>
    internal static string Csv(IEnumerable<LineAnswer> lines)
    {
        var text = new StringBuilder("desktop,person,bundle,running_hours,frozen_hours,session_hours,idle_share,cpu_share,memory_p95_mib,limit_mib,last_used,verdict,suggested_mib,cost,saved\n");
        foreach (var l in lines)
        {
            text.AppendJoin(',', new object?[]
            {
                l.Desktop, Cell(l.Person ?? ""), Cell(l.Bundle), l.RunningHours, l.FrozenHours, l.SessionHours, l.IdleShare, l.CpuShare, l.MemoryP95MiB,
                l.LimitMiB, l.LastUsed?.ToString("O", CultureInfo.InvariantCulture), l.Verdict, l.SuggestedMiB, l.Cost, l.Saved,
            }.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    private static string Cell(string cell)
    {
        if (cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            cell = "'" + cell;
        return cell.AsSpan().IndexOfAny("\",\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static async Task<int> RunUsageAsync(VerbCall call, CancellationToken cancel)
    {
        var csv = call.Arguments.Contains("--csv", StringComparer.Ordinal);
        var options = VerbOptions.Read([.. call.Arguments.Where(a => a != "--csv")], ["--from", "--to"]);
        if (options is null || options.Words.Count > 0 || !TryDay(options["--from"], out var from) || !TryDay(options["--to"], out var to))
        {
            await call.Error.WriteLineAsync("usage: relais desktops usage [--from 2026-11-01] [--to 2026-11-30] [--csv]");
            return UsageError;
        }

        await using var scope = call.Services.CreateAsyncScope();
        var (start, end) = Period(from, to, scope.ServiceProvider.GetRequiredService<TimeProvider>());
        if (start >= end)
        {
            await call.Error.WriteLineAsync("The period ends before it begins: give a later day with --to.");
            return UsageError;
        }

        var lines = (await scope.ServiceProvider.GetRequiredService<ReadUsage>().HandleAsync(start, end, cancel)).Select(Answer).ToList();
        await call.Out.WriteLineAsync(csv ? Csv(lines).TrimEnd('\n') : JsonSerializer.Serialize(new UsageAnswer(start, end, scope.ServiceProvider.GetRequiredService<IOptions<UsageOptions>>().Value.PricedIn, lines), Json));
        return 0;
    }

    private static async Task<int> RunForecastAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments.Count > 0)
        {
            await call.Error.WriteLineAsync("usage: relais desktops forecast");
            return UsageError;
        }

        await using var scope = call.Services.CreateAsyncScope();
        await call.Out.WriteLineAsync(JsonSerializer.Serialize(Answer(await scope.ServiceProvider.GetRequiredService<ReadUsage>().ForecastAsync(cancel)), Json));
        return 0;
    }

    // Whole days of UTC, the last one included; thirty days when nothing is said.
    private static (DateTimeOffset From, DateTimeOffset To) Period(DateOnly? from, DateOnly? to, TimeProvider clock)
    {
        var last = to ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var end = new DateTimeOffset(last.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddDays(1);
        return (from is { } first ? new DateTimeOffset(first.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : end.AddDays(-30), end);
    }

    private static bool TryDay(string? text, out DateOnly? day)
    {
        day = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : null;
        return text is null || day is not null;
    }

    private static LineAnswer Answer(UsageLine l) => new(
        l.Desktop, l.Person.Length > 0 ? l.Person : null, l.Bundle, Math.Round(l.RunningHours, 2), Math.Round(l.FrozenHours, 2), Math.Round(l.SessionHours, 2),
        Math.Round(l.IdleShare, 3), Math.Round(l.CpuShare, 4), l.MemoryP95MiB, l.LimitMiB, l.LastUsed, JsonNamingPolicy.CamelCase.ConvertName(l.Verdict.ToString()),
        l.SuggestedMiB, l.Cost is { } cost ? Math.Round(cost, 2) : null, l.Saved is { } saved ? Math.Round(saved, 2) : null);

    private static ForecastAnswer Answer(FleetForecast f) => new(
        Answer(f.TonightDesktops), Answer(f.TonightMiB), Answer(f.TomorrowDesktops), Answer(f.TomorrowMiB), f.BudgetMiB, f.DaysKept,
        f.TonightDesktops is null || f.TomorrowDesktops is null
            ? $"{f.DaysKept} days were noted: {Forecast.LeastWeeks} of the same weekday and {Forecast.LeastTried} days to try the forecast on are needed, about four weeks."
            : null);

    private static PeakAnswer? Answer(Peak? p) => p is null ? null : new(p.Hour, Math.Round(p.Value), Math.Round(p.Low), Math.Round(p.High), Math.Round(p.Error, 3), p.Tried);
}
