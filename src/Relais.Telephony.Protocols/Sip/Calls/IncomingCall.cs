using Relais.Telephony.Protocols.Sdp;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>A call that somebody places to us (RFC 3261, 13.3).</summary>
public sealed class IncomingCall : SipCall
{
    private readonly SipRequest _invite;
    private bool _begun;

    public IncomingCall(SipIdentity identity, SipRequest invite)
        : base(identity, credentials: null)
    {
        _invite = invite;
        Dialog = SipDialog.OfRequest(invite, identity.Token());
    }

    public override string CallId => _invite.CallId ?? "";

    /// <summary>The peer's offer; empty where it wants ours.</summary>
    public byte[] Offered => _invite.Body;

    /// <summary>Whom the caller wants.</summary>
    public string Uri => _invite.Uri;

    /// <summary>Whether a request is the same INVITE by another way (RFC 3261, 8.2.2.2).</summary>
    public bool IsSame(SipRequest other) => other.CallId == CallId && other.From?.Tag == _invite.From?.Tag && other.CSeq == _invite.CSeq;

    /// <summary>Whether it was answered or refused.</summary>
    public bool Decided { get; private set; }

    /// <summary>Our telephone rings.</summary>
    public IReadOnlyList<UserAction> Ring() => Progress(180, "Ringing", []);

    /// <summary>Something can be heard before the answer.</summary>
    public IReadOnlyList<UserAction> Announce(byte[] description) => Progress(183, "Session Progress", description);

    public IReadOnlyList<UserAction> Accept(byte[] description) => Do(() =>
    {
        if (Decided)
            return;
        Decided = true;
        Description = description;
        Succeed(_invite, description);
    });

    /// <summary>Refuses the call with a code from 300 on.</summary>
    public IReadOnlyList<UserAction> Refuse(int status, string reason) => Do(() => End(new CallEnding(CallEndedBy.Here, status, reason, ReleaseCause.OfStatus(status))));

    /// <summary>The caller gave up: without effect once the call is decided.</summary>
    public IReadOnlyList<UserAction> Cancelled() => Do(() => End(new CallEnding(CallEndedBy.Cancel, 487, "Request Terminated", null)));

    protected override bool TheirOfferWaits => base.TheirOfferWaits || !Decided;

    // Only who got our answer can acknowledge it: it carries a word that nobody else knows.
    protected override void OnAcknowledged()
    {
        if (_begun)
            return;
        _begun = true;
        Tell(new SipEvent.Begun());
    }

    protected override void OnEarlyHangUp() => End(new CallEnding(CallEndedBy.Here, 480, "Temporarily Unavailable", 18));

    // A caller may hang up instead of cancelling (15.1.2).
    protected override void OnPeerLeft()
    {
        if (Decided)
            return;
        Decided = true;
        Respond(_invite, 487, "Request Terminated");
    }

    private IReadOnlyList<UserAction> Progress(int status, string reason, byte[] description) => Do(() =>
    {
        if (Decided)
            return;
        var response = _invite.Respond(status, reason, Dialog?.LocalTag);
        foreach (var route in _invite.Headers.Of("Record-Route"))
            response.Headers.Add("Record-Route", route);
        response.Headers.Add("Contact", Identity.Contact(null)).Add("Allow", SipIdentity.Allow);
        if (description.Length > 0)
            response.Headers.Add("Content-Type", SessionDescription.MediaType);
        response.Body = description;
        Want(new UserAction.Respond(_invite, response));
    });

    private void End(CallEnding ending)
    {
        if (Decided)
            return;
        Decided = true;
        Respond(_invite, ending.Status, ending.Reason);
        TellEnd(ending);
        Finish();
    }
}
