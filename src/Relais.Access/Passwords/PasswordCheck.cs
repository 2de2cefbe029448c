using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Relais.Access.Accounts;

namespace Relais.Access.Passwords;

/// <summary>
/// Hashes and checks passwords: Identity's PBKDF2 with HMAC-SHA512, 210,000 iterations (OWASP's advice for it), as much work for
/// a person who does not exist as for one who does. No more hashes run at once than there are cores: six hundred people who
/// arrive together wait a little, and the server goes on answering everybody else.
/// </summary>
internal sealed class PasswordCheck : IDisposable
{
    public const int Iterations = 210_000;

    private static readonly Person Nobody = new();
    private readonly PasswordHasher<Person> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly Lazy<string> _nobodysHash;

    public PasswordCheck() => _nobodysHash = new(() => _hasher.HashPassword(Nobody, Guid.NewGuid().ToString()));

    public async Task<string> HashAsync(string password, CancellationToken cancel) =>
        await RunAsync(() => _hasher.HashPassword(Nobody, password), cancel);

    /// <summary>Whether it is the person's password. Null, and a person without a password, cost the same and are never right.</summary>
    public async Task<bool> IsRightAsync(Person? person, string password, CancellationToken cancel)
    {
        var hash = person?.PasswordHash;
        var right = await RunAsync(
            () => _hasher.VerifyHashedPassword(Nobody, hash ?? _nobodysHash.Value, password) is not PasswordVerificationResult.Failed, cancel);
        return right && hash is not null;
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await _cores.WaitAsync(cancel);
        try
        {
            return await Task.Run(work, cancel);
        }
        finally
        {
            _cores.Release();
        }
    }

    public void Dispose() => _cores.Dispose();
}
