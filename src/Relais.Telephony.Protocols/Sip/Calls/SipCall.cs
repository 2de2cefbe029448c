using Relais.Telephony.Protocols.Sdp;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>What the two sides of a call ask of one another while it lasts, whoever began it: offers and their collisions, by INVITE or UPDATE (RFC 3261, 14; RFC 3311).</summary>
public abstract class SipCall(SipIdentity identity, SipCredentials? credentials) : SipSession(identity, credentials)
{
    // Our re-INVITE that is under way, and what it asks for.
    private SipRequest? _offer;
    private byte[] _wish = [];
    private bool _refreshing;
    private SipRequest? _ack;

    // The peer's INVITE or UPDATE that waits for our answer, or for the ACK of it.
    private SipRequest? _theirs;
    private SipResponse? _answer;
    private bool _answerIsOffer;
    private TimeSpan _pause;

    /// <summary>Our session description that holds.</summary>
    public byte[] Description { get; protected set; } = [];

    /// <summary>Whether a request of the peer's belongs here.</summary>
    public bool Owns(SipRequest request) => DialogOf(request) is not null;

    /// <summary>A request of the peer's in the dialog, an ACK included.</summary>
    public IReadOnlyList<UserAction> Receive(SipRequest request) => Do(() =>
    {
        if (request.Method == "ACK")
            OnAck(request);
        else if (DialogOf(request) is not { } dialog || !dialog.Takes(request))
            Respond(request, 500, "Out Of Order");
        else
            OnRequest(request, dialog);
    });

    /// <summary>Asks the peer for other media by a re-INVITE: hold, or another address.</summary>
    public IReadOnlyList<UserAction> Offer(byte[] description) => Do(() =>
    {
        if (!Confirmed)
            return;
        (_wish, _refreshing) = (description, false);
        SendOffer();
    });

    /// <summary>Answers the peer's offer, or makes ours where it asked for one.</summary>
    public IReadOnlyList<UserAction> Answer(byte[] description) => Do(() =>
    {
        if (Over || _theirs is not { } theirs || _answer is not null)
            return;
        Description = description;
        if (theirs.Method == "UPDATE")
        {
            _theirs = null;
            Refreshed(theirs, description);
        }
        else
        {
            Succeed(theirs, description);
        }
    });

    /// <summary>The peer's offer cannot be taken; the call goes on as it was.</summary>
    public IReadOnlyList<UserAction> RefuseOffer() => Do(() =>
    {
        if (_theirs is not { } theirs || _answer is not null || Over)
            return;
        _theirs = null;
        Respond(theirs, 488, "Not Acceptable Here");
    });

    /// <summary>The dialog that a request of the peer's is of; null for none of this call.</summary>
    protected virtual SipDialog? DialogOf(SipRequest request) => Dialog?.Owns(request) == true ? Dialog : null;

    /// <summary>Whether an offer of ours waits for its answer.</summary>
    protected virtual bool OfferWaits => _offer is not null;

    /// <summary>The peer has our answer.</summary>
    protected virtual void OnAcknowledged()
    {
    }

    /// <summary>Whether an offer of the peer's waits for ours, or its ACK.</summary>
    protected virtual bool TheirOfferWaits => _theirs is not null;

    /// <summary>A success of ours to an INVITE: it is sent again until its ACK comes, over any transport, because a hop beyond may lose it (13.3.1.4).</summary>
    protected void Succeed(SipRequest invite, byte[] description)
    {
        (_theirs, _pause, _answerIsOffer) = (invite, SipTimes.T1, invite.Body.Length == 0);
        _answer = Accepting(invite, description, timed: true);
        Want(new UserAction.Respond(invite, _answer));
        Start(UserTimer.AnswerAgain, _pause);
        Start(UserTimer.NoAck, SipTimes.Whole);
        if (Confirmed)
            Settle(_answer, asCaller: false);
        else
            Confirm(_answer, asCaller: false);
    }

    protected override void OnResponse(SipRequest sent, SipResponse response)
    {
        if (sent.Method == "BYE")
            OnByeAnswered(sent, response);
        else if (sent.Method == "INVITE" && Dialog is { } dialog)
            OnOfferAnswered(dialog, sent, response);
    }

    protected override void OnFailure(SipRequest sent, SipFailure why)
    {
        if (sent.Method == "BYE")
            ByeDone();
        else if (sent.Method == "INVITE" && Confirmed)
            EndHere(why is SipFailure.Transport ? CallEndedBy.Transport : CallEndedBy.Silence, 408, "Request Timeout");
    }

    protected override void OnTimer(UserTimer timer)
    {
        switch (timer)
        {
            case UserTimer.AnswerAgain when _theirs is not null && _answer is not null:
                _pause = _pause + _pause < SipTimes.T2 ? _pause + _pause : SipTimes.T2;
                Want(new UserAction.Respond(_theirs, _answer));
                Start(UserTimer.AnswerAgain, _pause);
                break;
            case UserTimer.NoAck when _answer is not null:
                (_theirs, _answer) = (null, null);
                Stop(UserTimer.AnswerAgain);
                EndHere(CallEndedBy.Silence, 408, "No ACK");
                break;
            case UserTimer.Refresh when Confirmed:
                (_wish, _refreshing) = (Description, true);
                SendOffer();
                break;
            case UserTimer.OfferAgain when Confirmed:
                SendOffer();
                break;
            case UserTimer.Expire when Confirmed:
                EndHere(CallEndedBy.Expiry, 408, "Session Expired");
                break;
            case UserTimer.Forks:
                ForksOpen = false;
                MayFinish();
                break;
            default:
                break;
        }
    }

    private void OnRequest(SipRequest request, SipDialog dialog)
    {
        switch (request.Method)
        {
            case "BYE" when Dialog is null:
            case "INVITE" when !Confirmed:
            case "UPDATE" when Over:
                Respond(request, 481, "Call Does Not Exist");
                break;
            // RFC 3262, 3: our provisional answers are none that anybody has to acknowledge.
            case "PRACK":
                Respond(request, 481, "No Such Response");
                break;
            case "BYE":
                Respond(request, 200, "OK");
                // An offer of theirs that waits is over with the dialog (15.1.2).
                if (_theirs is { } waiting && _answer is null && Confirmed)
                    Respond(waiting, 487, "Request Terminated");
                EndThere(request);
                break;
            case "INVITE" or "UPDATE":
                OnOffer(request, dialog);
                break;
            case "OPTIONS":
                Respond(request, 200, "OK", h => h.Add("Allow", SipIdentity.Allow).Add("Accept", SessionDescription.MediaType).Add("Supported", "timer"));
                break;
            default:
                Respond(request, 405, "Method Not Allowed", h => h.Add("Allow", SipIdentity.Allow));
                break;
        }
    }

    private void OnOffer(SipRequest request, SipDialog dialog)
    {
        var asks = request.Method == "INVITE" || request.Body.Length > 0;
        if (asks && OfferWaits)
        {
            Respond(request, 491, "Request Pending");
        }
        else if (asks && TheirOfferWaits)
        {
            // 14.2 and RFC 3311, 5.2: the one before is not answered, or not acknowledged.
            Respond(request, 500, "Another Offer Waits", h => h.Add("Retry-After", "1"));
        }
        else if (SessionTimer.Of(request) is { Seconds: < SessionTimer.Shortest } && SessionTimer.Supported(request))
        {
            Respond(request, 422, "Session Interval Too Small", h => h.Add("Min-SE", "90"));
        }
        else
        {
            dialog.Refresh(request);
            if (!asks)
            {
                Refreshed(request, []);
                return;
            }

            (_theirs, _answer) = (request, null);
            Tell(new SipEvent.Offered(request.Body));
        }
    }

    // An UPDATE has no ACK. Before the answer there is no session to time yet.
    private void Refreshed(SipRequest update, byte[] description)
    {
        var response = Accepting(update, description, timed: Confirmed);
        Want(new UserAction.Respond(update, response));
        if (Confirmed)
            Settle(response, asCaller: false);
    }

    private void OnAck(SipRequest ack)
    {
        if (_answer is null || ack.CSeq?.Number != _theirs?.CSeq?.Number)
            return;
        (_theirs, _answer) = (null, null);
        Stop(UserTimer.AnswerAgain);
        Stop(UserTimer.NoAck);
        OnAcknowledged();
        if (_answerIsOffer && ack.Body.Length > 0)
            Tell(new SipEvent.Agreed(ack.Body));
    }

    private void SendOffer()
    {
        if (Dialog is not { } dialog)
            return;
        if (_offer is not null || _theirs is not null)
        {
            Start(UserTimer.OfferAgain, GlarePause());
            return;
        }

        _offer = dialog.Request("INVITE", Identity);
        _offer.Headers.Add("Contact", Identity.Contact(null)).Add("Allow", SipIdentity.Allow).Add("Supported", "timer")
            .Add("Session-Expires", new SessionTimer(SessionTimer.Usual, null).ToString()).Add("Content-Type", SessionDescription.MediaType);
        _offer.Body = _wish;
        Want(new UserAction.Send(Digest.Sign(_offer)));
    }

    private void OnOfferAnswered(SipDialog dialog, SipRequest sent, SipResponse response)
    {
        if (response.IsSuccess && sent != _offer)
        {
            // The same success again: its ACK was lost.
            if (_ack is not null && _ack.CSeq?.Number == sent.CSeq?.Number)
                Want(new UserAction.Acknowledge(_ack));
            return;
        }

        if (sent != _offer || response.IsProvisional)
            return;
        _offer = null;
        switch (response.Status)
        {
            case < 300:
                dialog.Refresh(response);
                _ack = dialog.Ack(sent.CSeq?.Number ?? 0, Identity);
                Want(new UserAction.Acknowledge(_ack));
                Description = sent.Body;
                Settle(response, asCaller: true);
                if (!_refreshing)
                    Tell(new SipEvent.Agreed(response.Body));
                break;
            case 401 or 407 when Digest.Take(sent, response):
                _offer = Digest.Sign(dialog.Again(sent, Identity));
                Want(new UserAction.Send(_offer));
                break;
            case 491:
                Start(UserTimer.OfferAgain, GlarePause());
                break;
            case 422 when response.Headers.Number("Min-SE") is { } least and > SessionTimer.Shortest:
                _offer = dialog.Again(sent, Identity);
                _offer.Headers.Set("Session-Expires", new SessionTimer(least, null).ToString()).Set("Min-SE", new SessionTimer(least, null).ToString());
                Want(new UserAction.Send(Digest.Sign(_offer)));
                break;
            // 12.2.1.2: the peer knows nothing of this call any more.
            case 408 or 481:
                EndHere(CallEndedBy.Silence, response.Status, response.Reason);
                break;
            default:
                if (!_refreshing)
                    Tell(new SipEvent.OfferRefused(response.Status));
                break;
        }
    }

    // 14.1: whoever began the call waits longer, so that the two don't meet again.
    private TimeSpan GlarePause() => TimeSpan.FromMilliseconds(Math.Round(((Dialog?.Ours == true ? 2100 : 0) + (Identity.Chance() * (Dialog?.Ours == true ? 1900 : 2000))) / 10) * 10);
}
