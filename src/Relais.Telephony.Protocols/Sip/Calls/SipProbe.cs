using Relais.Telephony.Protocols.Sdp;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>Asks a peer by OPTIONS whether it is there, again and again (RFC 3261, 11).</summary>
/// <param name="uri">Whom to ask.</param>
/// <param name="from">Who asks, without a tag.</param>
/// <param name="every">From an answer to the next question.</param>
public sealed class SipProbe(SipIdentity identity, string uri, string from, TimeSpan every) : TransactionUser
{
    public IReadOnlyList<UserAction> Begin() => Do(Ask);

    public IReadOnlyList<UserAction> Leave() => Do(Finish);

    protected override void OnResponse(SipRequest sent, SipResponse response)
    {
        if (response.IsProvisional)
            return;
        // A peer that does not know OPTIONS, or us, is there all the same; 503 says that it takes no calls.
        Tell(response.Status is 408 or 503 ? new SipEvent.Unreachable(response.Status) : new SipEvent.Reachable(response.Status));
        Start(UserTimer.ProbeAgain, every);
    }

    protected override void OnFailure(SipRequest sent, SipFailure why)
    {
        Tell(new SipEvent.Unreachable(why is SipFailure.Transport ? 503 : 408));
        Start(UserTimer.ProbeAgain, every);
    }

    protected override void OnTimer(UserTimer timer)
    {
        if (timer is UserTimer.ProbeAgain)
            Ask();
    }

    private void Ask()
    {
        // Outside a dialog each request has a Call-ID of its own (8.1.1.4): a peer may take another one with the same for part of what is over.
        var request = new SipRequest("OPTIONS", uri);
        request.Headers.Add("Via", identity.NewVia()).Add("Max-Forwards", "70").Add("From", $"{from};tag={identity.Token()}").Add("To", $"<{uri}>").Add("Call-ID", identity.Token())
            .Add("CSeq", new CSeq(1, "OPTIONS").ToString()).Add("Contact", identity.Contact(null)).Add("Accept", SessionDescription.MediaType);
        Want(new UserAction.Send(request));
    }
}
