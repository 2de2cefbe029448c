using System.Net;

namespace Relais.Access.SignIns;

/// <summary>Who tries to sign in: from where, to which account, and whether this browser has been let in to it before.</summary>
internal readonly record struct Attempt(string Address, string Account, bool KnownDevice)
{
    /// <summary>Where an attempt comes from: for IPv6 the network, because a machine has as many addresses there as it likes.</summary>
    public static string Origin(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}

/// <summary>
/// Slows guessing down and locks nobody out. Waits are per pair of origin and account, so that a stranger's failures never
/// become the right person's wait (README.md has the table). Kept in this node's memory: forgotten at restart, not shared.
/// </summary>
internal sealed class SignInThrottle(TimeProvider clock)
{
    internal const int FreeFailures = 5;
    internal const int AccountPressure = 20;
    internal const int OriginPressure = 100;
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    internal static readonly TimeSpan WaitUnderAttack = TimeSpan.FromSeconds(15);
    internal static readonly TimeSpan WaitAtBusyOrigin = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);
    private const int ManyKeys = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Failures> _failures = new(StringComparer.Ordinal);

    /// <summary>
    /// Zero lets the attempt through and counts it as a failure until <see cref="Succeeded"/> says otherwise, so that parallel
    /// attempts count each other. Else the time to wait; such an attempt counts for nothing.
    /// </summary>
    public TimeSpan Enter(Attempt attempt)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            var wait = Wait(attempt, now);
            if (wait > TimeSpan.Zero)
                return wait;

            CountAll(attempt, now);
            return TimeSpan.Zero;
        }
    }

    /// <summary>The time to wait, without counting anything: for what many requests show at once, each of which is checked.</summary>
    public TimeSpan WaitFor(Attempt attempt)
    {
        lock (_lock)
            return Wait(attempt, clock.GetUtcNow()) is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;
    }

    /// <summary>Counts a failure.</summary>
    public void Failed(Attempt attempt)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
            CountAll(attempt, now);
    }

    public void Succeeded(Attempt attempt)
    {
        lock (_lock)
        {
            _failures.Remove(Pair(attempt));
            if (!attempt.KnownDevice)
            {
                TakeBack(Account(attempt));
                TakeBack(Origin(attempt));
            }
        }
    }

    /// <summary>Nobody could say whether it was right: as if it had not been made.</summary>
    public void Undecided(Attempt attempt)
    {
        lock (_lock)
        {
            TakeBack(Pair(attempt));
            if (!attempt.KnownDevice)
            {
                TakeBack(Account(attempt));
                TakeBack(Origin(attempt));
            }
        }
    }

    private TimeSpan Wait(Attempt attempt, DateTimeOffset now)
    {
        var pair = Recent(Pair(attempt), now);
        var gap = pair.Count < FreeFailures
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, pair.Count - FreeFailures), LongestWait.TotalSeconds));
        if (!attempt.KnownDevice && pair.Count > 0 && Recent(Account(attempt), now).Count >= AccountPressure && gap < WaitUnderAttack)
            gap = WaitUnderAttack;
        var wait = pair.Last + gap - now;

        if (!attempt.KnownDevice && Recent(Origin(attempt), now) is { Count: >= OriginPressure } origin && origin.Last + WaitAtBusyOrigin - now > wait)
            wait = origin.Last + WaitAtBusyOrigin - now;
        return wait;
    }

    private Failures Recent(string key, DateTimeOffset now) =>
        _failures.TryGetValue(key, out var failures) && now - failures.Last < Memory ? failures : new Failures(0, DateTimeOffset.UnixEpoch);

    private void CountAll(Attempt attempt, DateTimeOffset now)
    {
        if (_failures.Count > ManyKeys)
            Forget(now);
        Count(Pair(attempt), now);
        if (!attempt.KnownDevice)
        {
            Count(Account(attempt), now);
            Count(Origin(attempt), now);
        }
    }

    private void Count(string key, DateTimeOffset now) => _failures[key] = new Failures(Recent(key, now).Count + 1, now);

    private void TakeBack(string key)
    {
        if (_failures.TryGetValue(key, out var failures))
            _failures[key] = failures with { Count = Math.Max(0, failures.Count - 1) };
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var key in _failures.Where(f => now - f.Value.Last >= Memory).Select(f => f.Key).ToList())
            _failures.Remove(key);
    }

    private static string Pair(Attempt attempt) => $"{(attempt.KnownDevice ? "known" : "new")} {attempt.Address} {attempt.Account}";

    private static string Account(Attempt attempt) => $"account {attempt.Account}";

    private static string Origin(Attempt attempt) => $"origin {attempt.Address}";

    private sealed record Failures(int Count, DateTimeOffset Last);
}
