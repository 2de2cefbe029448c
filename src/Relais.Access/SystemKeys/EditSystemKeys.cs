using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Access.SystemKeys;

/// <summary>What an administrator says of a new key.</summary>
/// <param name="Resources">What it reaches; <see cref="SystemKeyClaims.Everything"/> alone for all.</param>
/// <param name="Days">How long it lasts.</param>
internal sealed record SystemKeyFields(string? Name, IReadOnlyList<string> Resources, bool MayWrite, int Days);

internal abstract record SystemKeyMade
{
    private SystemKeyMade() { }

    /// <param name="Secret">Shown in this answer and never again.</param>
    internal sealed record Made(Guid Id, string Name, string Secret) : SystemKeyMade;

    internal sealed record Refused(Fault Fault) : SystemKeyMade;
}

/// <summary>Makes keys for other systems, and ends them.</summary>
internal sealed class EditSystemKeys(AccessDb db, IEnumerable<IKeyResources> resources, TimeProvider clock)
{
    public async Task<IReadOnlyList<KeyResource>> ResourcesAsync(CancellationToken cancel)
    {
        var all = new List<KeyResource>();
        foreach (var some in resources)
            all.AddRange(await some.ListAsync(cancel));
        return all;
    }

    /// <summary>All of them, those that stand first.</summary>
    public Task<List<SystemKey>> ListAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return db.SystemKeys.AsNoTracking().OrderBy(k => k.RevokedAt != null || k.ExpiresAt <= now).ThenByDescending(k => k.CreatedAt).Take(500).ToListAsync(cancel);
    }

    public async Task<SystemKeyMade> MakeAsync(SystemKeyFields fields, Actor actor, CancellationToken cancel)
    {
        if (fields.Name?.Trim() is not { Length: > 0 } name)
            return new SystemKeyMade.Refused(new Fault("Name", "empty"));
        if (name.Length > SystemKey.NameLength)
            return new SystemKeyMade.Refused(new Fault("Name", "long", SystemKey.NameLength));
        if (fields.Days is < 1 or > SystemKey.LongestDays)
            return new SystemKeyMade.Refused(new Fault("Days", "key-days", SystemKey.LongestDays));
        var known = (await ResourcesAsync(cancel)).Select(r => r.Id).Append(SystemKeyClaims.Everything).ToHashSet(StringComparer.Ordinal);
        if (fields.Resources.Count == 0 || !fields.Resources.All(known.Contains))
            return new SystemKeyMade.Refused(new Fault("Resources", "key-resources"));

        var (now, secret) = (clock.GetUtcNow(), SystemKey.NewSecret());
        var key = new SystemKey
        {
            Id = Guid.CreateVersion7(now), Name = name, Hash = SystemKey.HashOf(secret), Hint = SystemKey.HintOf(secret), MayWrite = fields.MayWrite,
            Resources = fields.Resources.Contains(SystemKeyClaims.Everything, StringComparer.Ordinal) ? [SystemKeyClaims.Everything] : [.. fields.Resources.Distinct(StringComparer.Ordinal)],
            CreatedAt = now, CreatedByName = actor.Name, ExpiresAt = now.AddDays(fields.Days),
        };
        db.SystemKeys.Add(key);
        db.Audit(clock, actor, "system-key.made", Subject(key), name, new { key.Hint, key.Resources, key.MayWrite, key.ExpiresAt });
        await db.SaveChangesAsync(cancel);
        return new SystemKeyMade.Made(key.Id, name, secret);
    }

    /// <returns>Its name; null when there is no such key.</returns>
    public async Task<string?> RevokeAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.SystemKeys.SingleOrDefaultAsync(k => k.Id == id, cancel) is not { } key)
            return null;
        if (key.RevokedAt is null)
        {
            key.RevokedAt = clock.GetUtcNow();
            db.Audit(clock, actor, "system-key.revoked", Subject(key), key.Name, new { key.Hint });
            await db.SaveChangesAsync(cancel);
        }

        return key.Name;
    }

    internal static string Subject(SystemKey key) => $"system-key:{key.Id}";
}
