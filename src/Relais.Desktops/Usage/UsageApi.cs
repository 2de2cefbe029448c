using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;

namespace Relais.Desktops.Usage;

/// <summary>What desktops took and what will be needed, for programs, and the report as a file.</summary>
internal static class UsageApi
{
    /// <param name="WithCache">Whether cached files are in its memory.</param>
    /// <param name="Kills">Programs killed for lack of memory at this size.</param>
    /// <param name="Verdict">fits, unused, tooLarge, tooSmall, tooLittleSeen, archived or gone.</param>
    public sealed record LineAnswer(
        Guid Desktop, string? Person, string Bundle, IReadOnlyList<string> Tags, double RunningHours, double FrozenHours, double SessionHours, double IdleShare, double CpuShare,
        long MemoryP95MiB, bool WithCache, long LimitMiB, int Kills, DateTimeOffset? LastUsed, string Verdict, long? SuggestedMiB, double? Cost, double? Saved);

    /// <param name="Name">Null for those of none.</param>
    public sealed record SumAnswer(
        string? Name, int Desktops, double RunningHours, double SessionHours, double IdleHours, int Unused, int TooLarge, int TooSmall, double? Cost, double? Saved);

    /// <param name="Currency">In which costs are; null without prices.</param>
    /// <param name="Teams">Who is in two groups counts in both; so do tags.</param>
    public sealed record UsageAnswer(
        DateTimeOffset From, DateTimeOffset To, string? Currency, SumAnswer Total, IReadOnlyList<SumAnswer> Teams, IReadOnlyList<SumAnswer> Tags,
        IReadOnlyList<LineAnswer> Desktops);

    /// <param name="Error">Median miss on days that are over, as a share.</param>
    public sealed record PeakAnswer(int Hour, double Value, double Low, double High, double Error, int DaysTried);

    /// <param name="LacksMiB">Memory that the larger of both peaks will want beyond what may be promised; 0 when it fits, null when that is not known.</param>
    /// <param name="Missing">What there is too little of; null when all could be said.</param>
    public sealed record ForecastAnswer(
        PeakAnswer? TonightDesktops, PeakAnswer? TonightMiB, PeakAnswer? TomorrowDesktops, PeakAnswer? TomorrowMiB, long BudgetMiB, long? LacksMiB, int DaysKept,
        string? Missing);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/desktops/usage", Handle).WithTags("Desktops").RequireAuthorization(AccessPolicies.Administer)
            .WithName("GetDesktopsUsage").WithSummary("What each desktop took in a period, and sums by team and tag");
        routes.MapGet("/api/desktops/forecast", HandleForecast).WithTags("Desktops").RequireAuthorization(AccessPolicies.Administer)
            .WithName("GetDesktopsForecast").WithSummary("The peaks of tonight and tomorrow");
        routes.MapGet("/desktops/usage/export.csv", ExportAsync).RequireAuthorization(AccessPolicies.Administer).ExcludeFromDescription();
    }

    internal static async Task<Results<Ok<UsageAnswer>, ProblemHttpResult>> Handle(
        DateOnly? from, DateOnly? to, string? q, Guid? team, string? bundle, string? tag, string? verdict, ReadUsage usage, IOptions<UsageOptions> options, TimeProvider clock,
        CancellationToken cancel) =>
        QueryOf(from, to, q, team, bundle, tag, verdict, clock) is { } query
            ? TypedResults.Ok(Answer(await usage.HandleAsync(query, cancel), query, options.Value))
            : TypedResults.Problem($"Give a day as from that is not after to, at most {UsageQuery.MostDays} days before it, and as verdict one of: {Words}.", statusCode: 400);

    internal static async Task<Ok<ForecastAnswer>> HandleForecast(ReadForecast forecast, CancellationToken cancel) =>
        TypedResults.Ok(Answer(await forecast.HandleAsync(cancel)));

    /// <returns>Null when the period or the verdict is none.</returns>
    internal static UsageQuery? QueryOf(DateOnly? from, DateOnly? to, string? q, Guid? team, string? bundle, string? tag, string? verdict, TimeProvider clock)
    {
        Verdict? wanted = null;
        if (Filled(verdict) is { } word)
        {
            if (!Enum.TryParse<Verdict>(word, ignoreCase: true, out var known) || !Enum.IsDefined(known))
                return null;
            wanted = known;
        }

        return UsageQuery.Of(from, to, SumDays.DayOf(clock.GetUtcNow())) is { } period
            ? period with { Search = Filled(q), Team = team, Bundle = Filled(bundle), Tag = Filled(tag), Verdict = wanted }
            : null;
    }

    internal static UsageAnswer Answer(UsageReport report, UsageQuery query, UsageOptions options) => new(
        query.Start, query.End, options.PricedIn, Answer(report.Total), [.. report.Teams.Select(Answer)], [.. report.Tags.Select(Answer)], [.. report.Lines.Select(Answer)]);

    internal static ForecastAnswer Answer(FleetForecast f) => new(
        Answer(f.TonightDesktops), Answer(f.TonightMiB), Answer(f.TomorrowDesktops), Answer(f.TomorrowMiB), f.BudgetMiB,
        f.BudgetMiB == 0 || (f.TonightMiB is null && f.TomorrowMiB is null) ? null
            : (long)Math.Max(0, Math.Max(f.TonightMiB?.Value ?? 0, f.TomorrowMiB?.Value ?? 0) - f.BudgetMiB),
        f.DaysKept,
        f.TonightDesktops is null || f.TomorrowDesktops is null
            ? $"{f.DaysKept} days were noted: {Forecast.LeastWeeks} of the same weekday and {Forecast.LeastTried} days to try the forecast on are needed, about four weeks."
            : null);

    /// <summary>A verdict as programs read it.</summary>
    internal static string Word(Verdict verdict) => JsonNamingPolicy.CamelCase.ConvertName(verdict.ToString());

    internal static string Words => string.Join(", ", Enum.GetValues<Verdict>().Select(Word));

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        string? from, string? to, string? q, string? team, string? bundle, string? tag, string? verdict, ReadUsage usage, Groups groups, IOptions<UsageOptions> options,
        TimeProvider clock, CancellationToken cancel)
    {
        if (!TryDay(from, out var first) || !TryDay(to, out var last)
            || QueryOf(first, last, q, Guid.TryParse(team, out var id) ? id : null, bundle, tag, verdict, clock) is not { } query)
        {
            return TypedResults.Problem($"Give days such as 2026-11-01, and as verdict one of: {Words}.", statusCode: 400);
        }

        var lines = (await usage.HandleAsync(query, cancel)).Lines;
        var teams = await groups.AllAsync(cancel);
        return TypedResults.Stream(
            async body =>
            {
                // Spreadsheets want the mark to read UTF-8.
                await using var csv = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
                await UsageCsv.WriteAsync(csv, lines, teams, options.Value.PricedIn, CultureInfo.CurrentCulture);
            },
            UsageCsv.MediaType, string.Create(CultureInfo.InvariantCulture, $"usage-{query.From:yyyy-MM-dd}-{query.To:yyyy-MM-dd}.csv"));
    }

    internal static bool TryDay(string? text, out DateOnly? day)
    {
        day = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : null;
        return string.IsNullOrWhiteSpace(text) || day is not null;
    }

    internal static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static LineAnswer Answer(UsageLine l) => new(
        l.Desktop, l.Person.Length > 0 ? l.Person : null, l.Bundle, l.Tags, Math.Round(l.RunningHours, 2), Math.Round(l.FrozenHours, 2), Math.Round(l.SessionHours, 2),
        Math.Round(l.IdleShare, 3), Math.Round(l.CpuShare, 4), l.MemoryP95MiB, l.WithCache, l.LimitMiB, l.Kills, l.LastUsed, Word(l.Verdict), l.SuggestedMiB,
        Money(l.Cost), Money(l.Saved));

    private static SumAnswer Answer(UsageSum s) => new(
        s.Name.Length > 0 ? s.Name : null, s.Desktops, Math.Round(s.RunningHours, 2), Math.Round(s.SessionHours, 2), Math.Round(s.IdleHours, 2), s.Unused, s.TooLarge,
        s.TooSmall, Money(s.Cost), Money(s.Saved));

    private static double? Money(double? amount) => amount is { } given ? Math.Round(given, 2) : null;

    private static PeakAnswer? Answer(Peak? p) => p is null ? null : new(p.Hour, Math.Round(p.Value), Math.Round(p.Low), Math.Round(p.High), Math.Round(p.Error, 3), p.Tried);
}
