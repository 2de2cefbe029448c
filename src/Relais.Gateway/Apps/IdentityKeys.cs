using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Relais.Gateway.Apps;

/// <summary>A P-256 key that signs identities.</summary>
internal sealed record IdentityKey(string Id, ECParameters Parameters, DateTimeOffset CreatedAt);

/// <summary>
/// The keys that sign identities. A new one is published some time before it signs, so that apps that keep the list know it, and an old
/// one stays published after its last signature.
/// </summary>
internal sealed class IdentityKeys(
    IServiceScopeFactory scopes, IDataProtectionProvider protection, IOptions<AppOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>How long a key is published before it signs, and how long apps may keep the list.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Relais.Gateway.AppKey");
    private readonly SemaphoreSlim _one = new(1, 1);
    private (DateTimeOffset At, IReadOnlyList<IdentityKey> Keys) _known = (DateTimeOffset.MinValue, []);

    /// <summary>Every key that a signature may be checked with, newest first.</summary>
    public async Task<IReadOnlyList<IdentityKey>> PublishedAsync(CancellationToken cancel)
    {
        var known = _known;
        if (IsFresh(known.At))
            return known.Keys;
        await _one.WaitAsync(cancel);
        try
        {
            if (!IsFresh(_known.At))
                _known = (clock.GetUtcNow(), await LoadAsync(cancel));
            return _known.Keys;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The key that signs now.</summary>
    public async Task<IdentityKey> SigningAsync(CancellationToken cancel)
    {
        var keys = await PublishedAsync(cancel);
        var settled = clock.GetUtcNow() - Settling;
        return keys.FirstOrDefault(key => key.CreatedAt <= settled) ?? keys[^1];
    }

    private bool IsFresh(DateTimeOffset at) => clock.GetUtcNow() - at is { } age && age >= TimeSpan.Zero && age < Fresh;

    private async Task<IReadOnlyList<IdentityKey>> LoadAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var (now, life) = (clock.GetUtcNow(), options.Value.KeyLife);
        await db.AppKeys.Where(k => k.CreatedAt < now - 2 * life).ExecuteDeleteAsync(cancel);
        if (!await db.AppKeys.AnyAsync(k => k.CreatedAt > now - life, cancel))
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            db.AppKeys.Add(new AppKey
            {
                Id = Guid.CreateVersion7(now),
                Secret = _protector.Protect(Convert.ToBase64String(made.ExportPkcs8PrivateKey())),
                CreatedAt = now,
            });
            await db.SaveChangesAsync(cancel);
        }

        var rows = await db.AppKeys.AsNoTracking().OrderByDescending(k => k.CreatedAt).ToListAsync(cancel);
        return rows.ConvertAll(Open);
    }

    private IdentityKey Open(AppKey row)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(_protector.Unprotect(row.Secret)), out _);
        return new IdentityKey(Base64Url.EncodeToString(row.Id.ToByteArray()), key.ExportParameters(includePrivateParameters: true), row.CreatedAt);
    }

    public void Dispose() => _one.Dispose();
}
