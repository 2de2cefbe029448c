using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Relais.Telephony.Lines;
using Relais.Telephony.Numbers;
using Relais.Telephony.Protocols.Sip.Calls;
using Relais.Telephony.Trunks;

namespace Relais.Telephony.Bench;

/// <summary>The server's own line to an operator, without its database.</summary>
internal sealed class OperatorLine : IAsyncDisposable
{
    private readonly Channel<LineNews> _news = Channel.CreateUnbounded<LineNews>();
    private readonly SipSocket _socket = SipSocket.Open(IPAddress.Loopback, 0, NullLogger.Instance);
    private readonly TrunkLine _line;

    /// <param name="sip">The operator's port.</param>
    public OperatorLine(int sip)
    {
        Trunk = new Trunk { Id = Guid.NewGuid(), Name = "bench", NormalizedName = "BENCH", Host = "127.0.0.1", Port = sip, Caller = "+33199000000" };
        _line = new TrunkLine(
            Trunk, null, new IPEndPoint(IPAddress.Loopback, sip), _socket.Local, _socket.TrySend, null, _news.Writer, new TelephonyOptions(), TimeProvider.System);
        _socket.Listen((message, fault, from) =>
        {
            _line.Receive(message, fault, from);
            return true;
        });
    }

    public Trunk Trunk { get; }

    /// <summary>Places so many calls, 50 a second, and gives each as it is answered.</summary>
    public async IAsyncEnumerable<(Guid Call, RtpLeg Voice)> CallAsync(int calls)
    {
        var number = DialledNumber.TryParse("+33123456700") ?? throw new InvalidOperationException("no number");
        var caller = DialledNumber.TryParse(Trunk.Caller) ?? throw new InvalidOperationException("no number");
        var placed = new HashSet<Guid>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var i = 0; i < calls; i++)
        {
            var call = Guid.NewGuid();
            placed.Add(call);
            _line.Place(call, number, caller);
            await pace.WaitForNextTickAsync();
        }

        while (placed.Count > 0)
        {
            var told = await _news.Reader.ReadAsync();
            if (told.Call is not { } call || !placed.Contains(call))
                continue;
            if (told.Event is SipEvent.Ended)
                throw new InvalidOperationException("A call ended before it was answered.");
            if (told.Event is not SipEvent.Answered || _line.VoiceOf(call) is not { } voice)
                continue;
            placed.Remove(call);
            yield return (call, voice);
        }
    }

    public void EndAll() => _line.EndAll();

    public async ValueTask DisposeAsync()
    {
        await _line.DisposeAsync();
        await _socket.DisposeAsync();
    }
}
