using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Relais.Traffic.Links;

/// <summary>
/// The links that stand, read at most once in five seconds whoever asks how often: a crowd behind a link costs the database nothing, and a link that was ended is gone everywhere
/// after these five seconds.
/// </summary>
internal sealed class KnownLinks(IServiceScopeFactory scopes, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1);
    private volatile Known _known = new(DateTimeOffset.MinValue, FrozenDictionary<string, PublicLink>.Empty);

    /// <summary>Reads again at the next question.</summary>
    public void Forget() => _known = new Known(DateTimeOffset.MinValue, FrozenDictionary<string, PublicLink>.Empty);

    /// <summary>The link of a token, if it stands now. Wrong, ended and revoked ones cannot be told apart.</summary>
    public async Task<PublicLink?> FindAsync(string token, CancellationToken cancel)
    {
        if (!PublicLink.Looks(token))
            return null;
        var now = clock.GetUtcNow();
        var links = now - _known.Read < Fresh ? _known.ByHash : await ReadAsync(cancel);
        return links.GetValueOrDefault(Convert.ToHexString(PublicLink.HashOf(token))) is { } link && link.IsLive(now) ? link : null;
    }

    private async Task<FrozenDictionary<string, PublicLink>> ReadAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var now = clock.GetUtcNow();
            if (now - _known.Read < Fresh)
                return _known.ByHash;
            await using var scope = scopes.CreateAsyncScope();
            var links = await scope.ServiceProvider.GetRequiredService<TrafficDb>().Links.AsNoTracking().Where(l => l.RevokedAt == null && l.ExpiresAt > now).ToListAsync(cancel);
            _known = new Known(now, links.ToFrozenDictionary(l => Convert.ToHexString(l.Hash), StringComparer.Ordinal));
            return _known.ByHash;
        }
        catch (NpgsqlException)
        {
            // Nobody can end a link meanwhile: those that stood go on.
            _known = _known with { Read = clock.GetUtcNow() };
            return _known.ByHash;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private sealed record Known(DateTimeOffset Read, FrozenDictionary<string, PublicLink> ByHash);
}
