using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Portal.Kit;

namespace Relais.Traffic.Sites;

/// <summary>A site as the collector needs it.</summary>
internal sealed record KnownSite(int Id, string Name, byte[] Secret, ConsentMode Consent, FrozenSet<string> Hosts, DateTimeOffset? GoodUntil);

/// <summary>
/// Sites by their keys and the salts of these days, in memory and read again every few seconds. Without PostgreSQL what was last read goes on: the salt of the
/// next day is made a day ahead.
/// </summary>
internal sealed class KnownSites(
    IServiceScopeFactory scopes, IOptions<PlaceOptions> place, TimeProvider clock, ILogger<KnownSites> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    // Swapped whole.
    private volatile Known _known = new(FrozenDictionary<string, KnownSite>.Empty, FrozenDictionary<DateOnly, byte[]>.Empty);
    private volatile SaltOfQuarter? _last;

    /// <summary>The site of a key that is good now, or null.</summary>
    public KnownSite? Find(ReadOnlySpan<char> key) =>
        _known.ByKey.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var site) && (site.GoodUntil is not { } until || clock.GetUtcNow() < until) ? site : null;

    /// <summary>The salt of the day that it is at the institute; null when there is none: nobody is told from anybody then.</summary>
    public byte[]? SaltOf(DateTimeOffset now)
    {
        // No zone begins a day within a quarter of an hour: the calendar is asked once in it, and not for each beacon.
        var (quarter, last) = (now.ToUnixTimeSeconds() / 900, _last);
        if (last is not null && last.Quarter == quarter)
            return last.Salt;
        var salt = _known.Salts.GetValueOrDefault(Day(now));
        _last = salt is null ? null : new SaltOfQuarter(quarter, salt);
        return salt;
    }

    /// <summary>The name of the site whose number a text is; the text itself where there is none.</summary>
    public string Called(string site) => int.TryParse(site, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && NameOf(id) is { } name ? name : site;

    public string? NameOf(int id) => _known.ByKey.Values.FirstOrDefault(s => s.Id == id)?.Name;

    /// <summary>Reads again now: somebody changed a site on this node.</summary>
    public async Task ReadAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TrafficDb>();
        var today = Day(clock.GetUtcNow());
        foreach (var day in new[] { today, today.AddDays(1) })
        {
            if (!_known.Salts.ContainsKey(day))
                await db.Database.MakeSaltAsync(day, cancel);
        }

        await db.Salts.Where(s => s.Day < today.AddDays(-1)).ExecuteDeleteAsync(cancel);
        var salts = await db.Salts.AsNoTracking().ToDictionaryAsync(s => s.Day, s => s.Secret, cancel);
        var sites = await db.Sites.AsNoTracking().Where(s => s.Enabled).ToListAsync(cancel);
        var byKey = new Dictionary<string, KnownSite>(StringComparer.Ordinal);
        foreach (var it in sites)
        {
            var known = new KnownSite(it.Id, it.Name, it.Secret, it.Consent, it.Hosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase), null);
            byKey[it.Key] = known;
            if (it.FormerKey is { } former)
                byKey[former] = known with { GoodUntil = it.FormerKeyUntil };
        }

        _known = new Known(byKey.ToFrozenDictionary(StringComparer.Ordinal), salts.ToFrozenDictionary());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        using var stopped = stoppingToken.Register(timer.Dispose);
        do
        {
            try
            {
                await ReadAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                TrafficLog.SitesUnread(log, e);
            }
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None));
    }

    private DateOnly Day(DateTimeOffset now) => DateOnly.FromDateTime(place.Value.Local(now).DateTime);

    private sealed record Known(FrozenDictionary<string, KnownSite> ByKey, FrozenDictionary<DateOnly, byte[]> Salts);

    private sealed record SaltOfQuarter(long Quarter, byte[] Salt);
}

internal static class Salts
{
    // Whichever node comes first makes it.
    public static Task<int> MakeSaltAsync(this Microsoft.EntityFrameworkCore.Infrastructure.DatabaseFacade database, DateOnly day, CancellationToken cancel)
    {
        var secret = RandomNumberGenerator.GetBytes(Measures.Records.VisitorKeys.SecretLength);
        return database.ExecuteSqlAsync($"INSERT INTO traffic.daily_salt (day, secret) VALUES ({day}, {secret}) ON CONFLICT DO NOTHING", cancel);
    }
}
