using System.Globalization;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Protocols.Tests.Sip;

/// <summary>One end of SIP in a time of the test's: what it sent, was told, and its timers.</summary>
internal sealed class OneEnd
{
    private readonly Dictionary<long, TimeSpan> _due = [];
    private int _tokens;

    public OneEnd(string name, string transport = "UDP")
    {
        Identity = new SipIdentity("192.0.2." + (name == "a" ? "1" : "2"), 5060, transport, () => string.Create(CultureInfo.InvariantCulture, $"{name}{++_tokens:0000000000000000}"), () => 0.5);
        Endpoint = new SipEndpoint(Identity);
    }

    public SipIdentity Identity { get; }

    public SipEndpoint Endpoint { get; }

    public TimeSpan Now { get; private set; }

    public List<(double At, SipMessage Message)> Sent { get; } = [];

    public List<SipEvent> Told { get; } = [];

    public List<IncomingCall> Invited { get; } = [];

    public IEnumerable<string> Lines => Sent.Select(s => Line(s.Message));

    public SipRequest LastRequest(string method) => Sent.Select(s => s.Message).OfType<SipRequest>().Last(r => r.Method == method);

    public CallEnding Ending => Assert.Single(Told.OfType<SipEvent.Ended>()).Ending;

    public static string Line(SipMessage message) =>
        message is SipRequest request ? request.Method : string.Create(CultureInfo.InvariantCulture, $"{((SipResponse)message).Status} {message.CSeq?.Method}");

    public void Run(TransactionUser user, IReadOnlyList<UserAction> actions) => Take(Endpoint.Run(user, actions));

    public void Receive(SipMessage message)
    {
        // As over the wire: nothing is shared between the ends.
        var read = SipParser.Read(message.ToBytes(), out var fault);
        Assert.True(read is not null, fault?.Reason);
        Take(Endpoint.Receive(read, "192.0.2.9", 5060));
    }

    public void Take(IReadOnlyList<EndpointAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case EndpointAction.Transmit transmit:
                    Sent.Add((Now.TotalSeconds, transmit.Message));
                    break;
                case EndpointAction.Start start:
                    _due[start.Timer] = Now + start.After;
                    break;
                case EndpointAction.Stop stop:
                    _due.Remove(stop.Timer);
                    break;
                case EndpointAction.Tell tell:
                    Told.Add(tell.Event);
                    break;
                case EndpointAction.Invited invited:
                    Invited.Add(invited.Call);
                    break;
                default:
                    break;
            }
        }
    }

    public void Pass(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (_due.Count > 0 && _due.MinBy(d => (d.Value, d.Key)) is var next && next.Value <= end)
        {
            Now = next.Value;
            _due.Remove(next.Key);
            Take(Endpoint.Fire(next.Key));
        }

        Now = end;
    }

    /// <summary>The peer's response to our last request of this method.</summary>
    public void Answer(string method, int status, string? tag, string body = "", params (string Name, string Value)[] headers)
    {
        var response = LastRequest(method).Respond(status, "Reason", tag);
        response.Headers.Add("Contact", "<sip:callee@192.0.2.9:5060>");
        foreach (var (name, value) in headers)
            response.Headers.Add(name, value);
        if (body.Length > 0)
            response.Headers.Add("Content-Type", "application/sdp");
        response.Body = System.Text.Encoding.UTF8.GetBytes(body);
        Receive(response);
    }

    public OutgoingCall Call(SipCredentials? credentials = null)
    {
        var call = new OutgoingCall(Identity, credentials, new CallWish("sip:0123456789@192.0.2.9", "\"Institut\" <sip:0199999999@192.0.2.1>", "relais", "offer"u8.ToArray(), [("P-Asserted-Identity", "<sip:0199999999@192.0.2.1>")]));
        Run(call, call.Begin());
        return call;
    }
}
