using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Portal.Kit;
using Relais.Traffic.Collector;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Demo;

/// <summary>
/// In the demo alone: a day's listening as it happens, hour by hour, by real beacons to this node's own <c>/c</c>. As many listen as the hour asks for; who leaves is followed by
/// others.
/// </summary>
internal sealed class PlayListeners(
    OwnAddress own, IServiceScopeFactory scopes, IOptions<DemoOptions> options, IOptions<PlaceOptions> place, TimeProvider clock, ILogger<PlayListeners> log) : BackgroundService
{
    // A page is opened so often, of those who listen, in a second.
    private const double ViewsOfListeners = 1.0 / 180;
    private const int MostBegin = 25;

    private readonly List<DemoListener> _here = [];
    private readonly Random _chance = new();
    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled || options.Value.Listeners == 0)
            return;
        using var client = Client();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        using var stopped = stoppingToken.Register(timer.Dispose);
        Site? site = null;
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                site ??= await SiteAsync(stoppingToken);
                if (site is null || own.Find() is not { } address)
                    continue;
                await SecondAsync(client, new Uri(address, $"{TakeBeacons.At}?k={site.Key}"), clock.GetUtcNow(), stoppingToken);
                _failing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is HttpRequestException or NpgsqlException or InvalidOperationException or TimeoutException)
            {
                if (!_failing)
                    TrafficLog.DemoUnsent(log, e);
                _failing = true;
            }
        }
    }

    private async Task SecondAsync(HttpClient client, Uri to, DateTimeOffset now, CancellationToken cancel)
    {
        var wanted = (int)(options.Value.Listeners * DemoAudience.FullnessAt(place.Value.Local(now).TimeOfDay.TotalHours));
        for (var begun = 0; _here.Count < wanted && begun < MostBegin; begun++)
            _here.Add(new DemoListener(_chance, now));
        foreach (var alike in _here.Where(l => l.Due <= now).GroupBy(l => l.Device).ToList())
        {
            foreach (var some in alike.Chunk(TakeBeacons.MostBeacons))
            {
                var body = new StringBuilder();
                foreach (var listener in some)
                    listener.Tell(body, now);
                await SendAsync(client, to, alike.Key, body.ToString(), cancel);
            }
        }

        _here.RemoveAll(l => l.IsOver);
        if (_chance.NextDouble() < _here.Count * ViewsOfListeners)
            await SendAsync(client, to, DemoAudience.AnyDevice(_chance), View(), cancel);
    }

    private string View() => string.Create(
        CultureInfo.InvariantCulture, $"e=view&p={SeedTraffic.Paths[_chance.Next(SeedTraffic.Paths.Count)]}&r={DemoAudience.AnyRegion(_chance)}&u={_chance.NextInt64():x16}&i={_chance.NextInt64():x16}{_chance.NextInt64() | 1:x16}");

    private static async Task SendAsync(HttpClient client, Uri to, DemoDevice device, string body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, to) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("text/plain")) };
        request.Headers.TryAddWithoutValidation("User-Agent", device.Agent);
        using var answer = await client.SendAsync(request, cancel);
    }

    private async Task<Site?> SiteAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await DemoAudience.FindSiteAsync(scope.ServiceProvider.GetRequiredService<EditSites>(), DemoAudience.Site, cancel);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "MA0039", Justification = "To this machine only: what is sent is made up, and the certificate may be of a local authority.")]
    private static HttpClient Client() => new(
        new HttpClientHandler { ServerCertificateCustomValidationCallback = static (request, _, _, _) => request.RequestUri?.IsLoopback is true }, disposeHandler: true);
}
