using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Replay;

/// <summary><c>relais traffic replay</c>: sends a surge to a collector and holds what was acknowledged against what was counted.</summary>
internal static class ReplayVerb
{
    private const int UsageError = 2;
    private const string SiteName = "Essai de charge";

    private const string Usage = """
        usage: relais traffic replay (--step FROM:TO | --curve FILE --peak N) [--seconds 20] [--to https://localhost:8443] [--connections 256] [--retry]
          --step FROM:TO  beacons a second, from one rate to the other within one second (300:30000)
          --curve FILE    a recorded curve around its highest point, a row played in a second: CSV, its last column counts; .gz too (samples/traffic)
          --peak N        beacons a second at the highest point
          --retry         send again, with the same id, what is refused or not answered
        prints accepted, refused, unanswered, lost (acknowledged and not counted), latencies from the moment each was due, and the lag of the live figure
        exit code: 0 nothing lost; 1 something is lost; 2 the call is wrong
        """;

    public static readonly Verb Verb = new("traffic replay", "send a surge to a collector and count what is lost: relais traffic replay --help", RunAsync) { Usage = Usage };

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (Read(call.Arguments, call.Services) is not { } asked)
        {
            var help = call.Arguments is ["--help"] or ["help"];
            await (help ? call.Out : call.Error).WriteLineAsync(Usage);
            return help ? 0 : UsageError;
        }

        await using var scope = call.Services.CreateAsyncScope();
        var site = await SiteAsync(scope.ServiceProvider, cancel);
        var load = new SendLoad(asked.To, site.Key, asked.Curve, asked.Connections, asked.Retries);
        await call.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"sending {asked.Curve.DueAt(asked.Curve.Seconds):N0} beacons in {asked.Curve.Seconds} s to {asked.To}"));
        // A collector knows a new site within five seconds.
        await UntilKnownAsync(asked.To, site.Key, cancel);
        var measured = new MeasuredLoad(call.Services.GetRequiredService<NpgsqlDataSource>(), site.Id, load, call.Services.GetRequiredService<TimeProvider>());
        return await PrintAsync(call.Out, await measured.RunAsync(cancel));
    }

    private static async Task<int> PrintAsync(TextWriter to, LoadOutcome outcome)
    {
        await to.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""
            accepted     {outcome.Accepted}
            refused      {outcome.Refused}
            unanswered   {outcome.Unanswered}
            counted      {outcome.Counted}
            lost         {outcome.Lost}
            latency_ms   p50 {LoadOutcome.At(outcome.LatenciesMs, 0.5):F1}  p99 {LoadOutcome.At(outcome.LatenciesMs, 0.99):F1}  max {LoadOutcome.At(outcome.LatenciesMs, 1):F1}
            lag_ms       p50 {LoadOutcome.At(outcome.LagsMs, 0.5):F0}  p99 {LoadOutcome.At(outcome.LagsMs, 0.99):F0}
            """));
        return outcome.Lost == 0 ? 0 : 1;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "MA0039", Justification = "To this machine only: what is sent is made up, and the certificate may be of a local authority.")]
    internal static async Task UntilKnownAsync(Uri to, string key, CancellationToken cancel)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => to.IsLoopback };
        using var client = new HttpClient(handler) { BaseAddress = to };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        // Malformed on purpose: 400 says that the key is known, and counts nothing.
        for (var tries = 0; tries < 40; tries++)
        {
            using var answer = await client.GetAsync(new Uri($"/c?k={key}", UriKind.Relative), cancel);
            if (answer.StatusCode is System.Net.HttpStatusCode.BadRequest)
                return;
            await timer.WaitForNextTickAsync(cancel);
        }
    }

    private static async Task<Site> SiteAsync(IServiceProvider services, CancellationToken cancel)
    {
        var db = services.GetRequiredService<TrafficDb>();
        if (await db.Sites.AsNoTracking().SingleOrDefaultAsync(s => s.Name == SiteName && s.Enabled, cancel) is { } there)
            return there;
        return await services.GetRequiredService<EditSites>().AddAsync(SiteName, "", consented: true, Actor.System, cancel) is SiteResult.Saved saved
            ? saved.Site
            : throw new InvalidOperationException($"the site {SiteName} is there and stopped: turn it on at /traffic/sites");
    }

    private static Asked? Read(IReadOnlyList<string> arguments, IServiceProvider services)
    {
        var port = services.GetService<IConfiguration>()?["Relais:HttpsPort"] ?? "8443";
        var asked = new Asked(new Uri($"https://localhost:{port}"), LoadCurve.Step(1, 1, 1), 256, false);
        var (seconds, peak, curve) = (20, 1000, (Func<int, int, LoadCurve?>?)null);
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--retry":
                    asked = asked with { Retries = true };
                    continue;
                case "--seconds" when TryWhole(value, out seconds) && seconds <= 86_400:
                    break;
                case "--connections" when TryWhole(value, out var connections):
                    asked = asked with { Connections = connections };
                    break;
                case "--to" when Uri.TryCreate(value, UriKind.Absolute, out var to):
                    asked = asked with { To = to };
                    break;
                case "--step" when value.Split(':') is [var first, var second] && TryWhole(first, out var from) && TryWhole(second, out var until):
                    curve = (s, _) => LoadCurve.Step(from, until, s);
                    break;
                case "--peak" when TryWhole(value, out peak):
                    break;
                case "--curve" when File.Exists(value):
                    curve = (s, p) => LoadCurve.OfFile(value, p, s);
                    break;
                default:
                    return null;
            }

            i++;
        }

        return curve?.Invoke(seconds, peak) is { } found ? asked with { Curve = found } : null;
    }

    private static bool TryWhole(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    private sealed record Asked(Uri To, LoadCurve Curve, int Connections, bool Retries);
}
