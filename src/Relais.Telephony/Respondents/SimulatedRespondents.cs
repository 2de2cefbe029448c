using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Relais.Telephony.Lines;
using Relais.Telephony.Protocols.Sip;

namespace Relais.Telephony.Respondents;

/// <summary>A SIP peer whose every number is somebody made up: what becomes of a call depends on the seed, the number and how often it was called.</summary>
internal sealed class SimulatedRespondents : IAsyncDisposable
{
    private const int MostCallers = 1000;

    private readonly ConcurrentDictionary<IPEndPoint, RespondentLine> _lines = new();
    private readonly ConcurrentDictionary<string, int> _tries = new(StringComparer.Ordinal);
    private readonly RespondentSettings _settings;
    private readonly TimeProvider _clock;
    private readonly Action<string, RespondentFate>? _called;
    private readonly SipSocket _socket;

    private SimulatedRespondents(RespondentSettings settings, TimeProvider clock, Action<string, RespondentFate>? called, SipSocket socket) =>
        (_settings, _clock, _called, _socket) = (settings, clock, called, socket);

    public IPEndPoint Local => _socket.Local;

    /// <param name="called">Told of each call: the number and what becomes of it.</param>
    public static SimulatedRespondents Start(RespondentSettings settings, TimeProvider clock, Action<string, RespondentFate>? called = null)
    {
        var socket = SipSocket.Open(settings.Listen.Address, settings.Listen.Port, NullLogger.Instance);
        var respondents = new SimulatedRespondents(settings, clock, called, socket);
        socket.Listen(respondents.Receive);
        return respondents;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var line in _lines.Values)
            await line.DisposeAsync();
        await _socket.DisposeAsync();
    }

    private bool Receive(SipMessage? message, SipFault? fault, IPEndPoint from)
    {
        if (_lines.Count >= MostCallers && !_lines.ContainsKey(from))
            return false;
        _lines.GetOrAdd(from, caller => new RespondentLine(caller, Local, _socket.TrySend, Draw, _settings, _clock)).Receive(message, fault);
        return true;
    }

    private (RespondentFate Fate, Random Chance) Draw(string number)
    {
        var chance = new Random(Seed(number, _tries.AddOrUpdate(number, 1, (_, tries) => tries + 1)));
        var drawn = _settings.Fates.Draw(chance.NextDouble());
        var fate = _settings.FromNumber ? RespondentFates.OfEnd(number) : drawn;
        _called?.Invoke(number, fate);
        return (fate, chance);
    }

    // FNV-1a: the same on every machine and in every process, as string.GetHashCode is not.
    private int Seed(string number, int tries)
    {
        var hash = 2166136261u;
        foreach (var c in FormattableString.Invariant($"{_settings.Seed} {number} {tries}"))
            hash = (hash ^ c) * 16777619u;
        return (int)(hash & int.MaxValue);
    }
}
