using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Relais.Gateway.Native;

/// <summary>
/// Bounds what strangers can hold and cause. Nobody is signed in at this door before a token is redeemed, so until then each connection
/// counts here, all together and by address, and so do bad tokens, each of which costs a line of the audit trail.
/// </summary>
internal sealed class Lobby(IOptions<GatewayOptions> options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Caller> _callers = new(StringComparer.Ordinal);
    private int _inside;
    private long _minute;

    /// <summary>Lets a stranger wait, until the visit is disposed.</summary>
    /// <returns>Null when there are too many.</returns>
    public Visit? TryEnter(string? address)
    {
        lock (_lock)
        {
            ForgetLastMinute();
            var group = GroupOf(address);
            var caller = CallerOf(group);
            if (_inside >= options.Value.NativeStrangers || caller.Inside >= options.Value.NativeStrangersPerAddress
                || caller.Refusals >= options.Value.NativeRefusalsPerMinute)
            {
                return null;
            }

            _inside++;
            caller.Inside++;
            return new Visit(this, group);
        }
    }

    /// <summary>Notes a bad token.</summary>
    public void Refuse(string? address)
    {
        lock (_lock)
        {
            ForgetLastMinute();
            CallerOf(GroupOf(address)).Refusals++;
        }
    }

    // Whoever has one IPv6 address has the 2^64 of its network.
    private static string GroupOf(string? address) =>
        IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(parsed.GetAddressBytes(), 0, 8)
            : address ?? "";

    private Caller CallerOf(string group)
    {
        if (!_callers.TryGetValue(group, out var caller))
            _callers[group] = caller = new Caller();
        return caller;
    }

    private void ForgetLastMinute()
    {
        var minute = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (minute == _minute)
            return;
        _minute = minute;
        foreach (var (group, caller) in _callers)
        {
            caller.Refusals = 0;
            if (caller.Inside == 0)
                _callers.Remove(group);
        }
    }

    private void Leave(string group)
    {
        lock (_lock)
        {
            _inside--;
            CallerOf(group).Inside--;
        }
    }

    private sealed class Caller
    {
        public int Inside { get; set; }

        public int Refusals { get; set; }
    }

    /// <summary>One stranger's place, given back once.</summary>
    internal sealed class Visit(Lobby lobby, string group) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                lobby.Leave(group);
        }
    }
}
