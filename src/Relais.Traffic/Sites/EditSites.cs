using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Kernel.Audit;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Sites;

/// <summary>How a change of a site ended.</summary>
internal abstract record SiteResult
{
    private SiteResult()
    {
    }

    public sealed record Saved(Site Site) : SiteResult;

    /// <param name="Field">"Name" or "Hosts".</param>
    /// <param name="Code">A key of the texts, after "Fault.".</param>
    public sealed record Refused(string Field, string Code) : SiteResult;

    public sealed record Missing : SiteResult;
}

/// <summary>Adds and changes sites; this node's collector follows at once, others within seconds.</summary>
internal sealed class EditSites(TrafficDb db, KnownSites known, TimeProvider clock)
{
    public const int LongestName = 80;

    /// <summary>How long pages with the key before are still heard.</summary>
    public static readonly TimeSpan FormerKeyGood = TimeSpan.FromDays(7);

    private const int MostHosts = 50;
    private const string NameIndex = "IX_site_normalized_name";

    public Task<List<Site>> AllAsync(CancellationToken cancel) => db.Sites.AsNoTracking().OrderBy(s => s.NormalizedName).ToListAsync(cancel);

    public Task<Site?> FindAsync(int id, CancellationToken cancel) => db.Sites.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancel);

    public async Task<SiteResult> AddAsync(string? name, string? hosts, bool consented, Actor actor, CancellationToken cancel)
    {
        var site = new Site
        {
            Name = "", NormalizedName = "", Key = NewKey(), Secret = RandomNumberGenerator.GetBytes(VisitorKeys.SecretLength), CreatedAt = clock.GetUtcNow(),
        };
        db.Sites.Add(site);
        return await SaveAsync(site, name, hosts, consented, enabled: true, "traffic-site.added", actor, cancel);
    }

    public async Task<SiteResult> ChangeAsync(int id, string? name, string? hosts, bool consented, bool enabled, Actor actor, CancellationToken cancel) =>
        await db.Sites.SingleOrDefaultAsync(s => s.Id == id, cancel) is { } site
            ? await SaveAsync(site, name, hosts, consented, enabled, "traffic-site.changed", actor, cancel)
            : new SiteResult.Missing();

    /// <summary>A new key; the one before is heard for a week, and one before that no more.</summary>
    public async Task<SiteResult> RotateAsync(int id, Actor actor, CancellationToken cancel)
    {
        if (await db.Sites.SingleOrDefaultAsync(s => s.Id == id, cancel) is not { } site)
            return new SiteResult.Missing();
        (site.FormerKey, site.FormerKeyUntil, site.Key) = (site.Key, clock.GetUtcNow() + FormerKeyGood, NewKey());
        db.Audit(clock, actor, "traffic-site.key-changed", $"traffic-site:{site.Id}", site.Name);
        await db.SaveChangesAsync(cancel);
        await known.ReadAsync(cancel);
        return new SiteResult.Saved(site);
    }

    private async Task<SiteResult> SaveAsync(Site site, string? name, string? hosts, bool consented, bool enabled, string action, Actor actor, CancellationToken cancel)
    {
        var named = name?.Trim() ?? "";
        if (named.Length is 0 or > LongestName || named.Any(char.IsControl))
            return new SiteResult.Refused(nameof(Site.Name), named.Length == 0 ? "empty" : "name");
        var from = (hosts ?? "").Split([' ', ',', ';', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (from.Length > MostHosts || from.Any(h => h.Length > 253 || Uri.CheckHostName(h) is UriHostNameType.Unknown))
            return new SiteResult.Refused(nameof(Site.Hosts), "hosts");

        (site.Name, site.NormalizedName, site.Hosts, site.Enabled) = (named, named.ToUpperInvariant(), from, enabled);
        site.Consent = consented ? ConsentMode.Consented : ConsentMode.Exempt;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        try
        {
            // Twice, because the line names the number that the first gives.
            await db.SaveChangesAsync(cancel);
            db.Audit(clock, actor, action, $"traffic-site:{site.Id}", site.Name, new { hosts = string.Join(' ', from), consented, enabled });
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: NameIndex })
        {
            db.ChangeTracker.Clear();
            return new SiteResult.Refused(nameof(Site.Name), "taken");
        }

        await known.ReadAsync(cancel);
        return new SiteResult.Saved(site);
    }

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Site.KeyLengthBytes));
}
