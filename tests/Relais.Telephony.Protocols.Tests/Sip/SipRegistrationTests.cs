using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Protocols.Tests.Sip;

public sealed class SipRegistrationTests
{
    private readonly OneEnd _we = new("a");

    [Fact]
    public void A_line_registers_refreshes_before_its_time_and_takes_itself_back()
    {
        var line = Begin();
        _we.Answer("REGISTER", 401, "r", "", ("WWW-Authenticate", "Digest realm=\"t\", nonce=\"n1\", qop=\"auth\""));
        Assert.NotNull(_we.LastRequest("REGISTER").Headers["Authorization"]);
        _we.Answer("REGISTER", 200, "r", "", ("Contact", "<sip:line@192.0.2.1:5060>;expires=100"));
        Assert.Equal(TimeSpan.FromSeconds(100), Assert.IsType<SipEvent.Registered>(Assert.Single(_we.Told)).For);
        _we.Pass(79);
        Assert.Equal(2u, _we.LastRequest("REGISTER").CSeq!.Number);
        _we.Pass(2);
        // The nonce is used again at once; a peer that finds it too old is answered.
        Assert.Contains("nc=00000002", _we.LastRequest("REGISTER").Headers["Authorization"], StringComparison.Ordinal);
        _we.Answer("REGISTER", 401, "r", "", ("WWW-Authenticate", "Digest realm=\"t\", nonce=\"n2\", qop=\"auth\""));
        _we.Answer("REGISTER", 200, "r", "", ("Expires", "100"));
        Assert.Equal(2, _we.Told.OfType<SipEvent.Registered>().Count());

        _we.Run(line, line.Leave());
        Assert.Equal("0", _we.LastRequest("REGISTER").Headers["Expires"]);
        _we.Answer("REGISTER", 200, "r");
        _we.Pass(60);
        Assert.Equal(0, _we.Endpoint.Transactions);
    }

    [Fact]
    public void A_registrar_that_wants_a_longer_time_gets_it_and_one_that_fails_is_asked_at_growing_pauses()
    {
        Begin();
        _we.Answer("REGISTER", 423, "r", "", ("Min-Expires", "1800"));
        Assert.Equal("1800", _we.LastRequest("REGISTER").Headers["Expires"]);
        _we.Answer("REGISTER", 503, "r");
        _we.Pass(10.5);
        _we.Answer("REGISTER", 403, "r");
        Assert.Equal(
            [(503, 10.0), (403, 20.0)], _we.Told.OfType<SipEvent.NotRegistered>().Select(n => (n.Status, n.AgainAfter!.Value.TotalSeconds)));
        _we.Pass(30);
        Assert.Equal(4u, _we.LastRequest("REGISTER").CSeq!.Number);
        _we.Pass(40);
        Assert.Equal(408, _we.Told.OfType<SipEvent.NotRegistered>().Last().Status);
    }

    [Fact]
    public void A_probe_takes_any_answer_for_a_sign_of_life_but_503()
    {
        var probe = new SipProbe(_we.Identity, "sip:192.0.2.9", "<sip:relais@192.0.2.1>", TimeSpan.FromSeconds(30));
        _we.Run(probe, probe.Begin());
        _we.Answer("OPTIONS", 405, "p");
        var first = _we.LastRequest("OPTIONS");
        _we.Pass(31);
        Assert.NotEqual(first.CallId, _we.LastRequest("OPTIONS").CallId);
        _we.Answer("OPTIONS", 503, "p");
        _we.Pass(65);
        Assert.Equal(
            [typeof(SipEvent.Reachable), typeof(SipEvent.Unreachable), typeof(SipEvent.Unreachable)], _we.Told.Select(t => t.GetType()));
    }

    private SipRegistration Begin()
    {
        var line = new SipRegistration(_we.Identity, new SipCredentials("line", "secret"), "sip:trunk.example", "sip:line@trunk.example");
        _we.Run(line, line.Begin());
        return line;
    }
}
