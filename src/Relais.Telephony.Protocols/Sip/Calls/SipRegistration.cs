using System.Globalization;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>Tells a registrar where we are, and again before it forgets (RFC 3261, 10.2).</summary>
/// <param name="registrar">The registrar's address, such as <c>sip:trunk.example</c>.</param>
/// <param name="account">Our address there, such as <c>sip:line@trunk.example</c>.</param>
/// <param name="wanted">For how many seconds we ask.</param>
public sealed class SipRegistration(SipIdentity identity, SipCredentials? credentials, string registrar, string account, uint wanted = 600) : TransactionUser
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly DigestClient _digest = new(credentials, identity.Token);
    private readonly string _callId = identity.Token();
    private readonly string _tag = identity.Token();
    private readonly string _contact = identity.Contact(SipUri.TryParse(account)?.User);
    private uint _sequence;
    private uint _seconds = wanted;
    private TimeSpan _pause = FirstPause;
    private bool _leaving;

    public IReadOnlyList<UserAction> Begin() => Do(Register);

    /// <summary>Takes our address back; ended by the answer.</summary>
    public IReadOnlyList<UserAction> Leave() => Do(() =>
    {
        if (_leaving)
            return;
        (_leaving, _seconds) = (true, 0);
        Stop(UserTimer.Refresh);
        Register();
    });

    protected override void OnResponse(SipRequest sent, SipResponse response)
    {
        if (response.IsProvisional)
            return;
        if (response.Status is 401 or 407 && _digest.Take(sent, response))
        {
            Want(new UserAction.Send(_digest.Sign(identity.Again(sent, ++_sequence))));
        }
        else if (response.Status == 423 && !_leaving && response.Headers.Number("Min-Expires") is { } least && least > _seconds && least <= 86_400)
        {
            _seconds = least;
            Register();
        }
        else if (_leaving)
        {
            Finish();
        }
        else if (response.IsSuccess)
        {
            _digest.Accepted();
            _pause = FirstPause;
            var time = TimeSpan.FromSeconds(Granted(response));
            // Well before the end, and with time left for a second try.
            Start(UserTimer.Refresh, time * 0.8);
            Tell(new SipEvent.Registered(time));
        }
        else
        {
            Retry(response.Status, response.Reason);
        }
    }

    protected override void OnFailure(SipRequest sent, SipFailure why)
    {
        if (_leaving)
            Finish();
        else
            Retry(why is SipFailure.Transport ? 503 : 408, why is SipFailure.Transport ? "Service Unavailable" : "Request Timeout");
    }

    protected override void OnTimer(UserTimer timer)
    {
        if (timer is UserTimer.Refresh && !_leaving)
            Register();
    }

    // A registrar that is gone is asked at growing pauses; so is one that refuses, because passwords are changed on its side too.
    private void Retry(int status, string reason)
    {
        Start(UserTimer.Refresh, _pause);
        Tell(new SipEvent.NotRegistered(status, reason, _pause));
        _pause = _pause + _pause < LongestPause ? _pause + _pause : LongestPause;
    }

    private void Register()
    {
        var request = new SipRequest("REGISTER", registrar);
        request.Headers.Add("Via", identity.NewVia()).Add("Max-Forwards", "70").Add("From", $"<{account}>;tag={_tag}").Add("To", $"<{account}>").Add("Call-ID", _callId)
            .Add("CSeq", new CSeq(++_sequence, "REGISTER").ToString()).Add("Contact", _contact).Add("Expires", _seconds.ToString(CultureInfo.InvariantCulture))
            .Add("Allow", SipIdentity.Allow);
        Want(new UserAction.Send(_digest.Sign(request)));
    }

    // That of our own Contact, among those of others (10.2.4); 30 s at least, so that a registrar can't make us ask without a pause.
    private double Granted(SipResponse response)
    {
        var own = NameAddress.TryParse(_contact)?.Uri;
        var mine = response.Headers.Each("Contact").Select(NameAddress.TryParse).FirstOrDefault(c => c?.Uri == own);
        var seconds = uint.TryParse(mine?.Parameters.GetValueOrDefault("expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var granted)
            ? granted
            : response.Headers.Number("Expires") ?? _seconds;
        return Math.Clamp(seconds, 30, 86_400);
    }
}
