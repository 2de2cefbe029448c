using Relais.Telephony.Protocols.Sdp;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>A call once it is answered, whoever began it: offers of either side and their collisions, refreshing, and its end (RFC 3261, 14 and 15; RFC 4028).</summary>
public abstract class SipCall(SipIdentity identity, SipCredentials? credentials) : TransactionUser
{
    private bool _told;
    private bool _hungUp;
    private bool _byeAnswered;

    // Our re-INVITE that is under way, and what it asks for.
    private SipRequest? _offer;
    private byte[] _wish = [];
    private bool _refreshing;
    private SipRequest? _ack;

    // The peer's INVITE that waits for our answer, or for the ACK of it.
    private SipRequest? _theirs;
    private SipResponse? _answer;
    private bool _answerIsOffer;
    private TimeSpan _pause;

    /// <summary>Null until a peer answers with a tag.</summary>
    public SipDialog? Dialog { get; protected set; }

    public abstract string CallId { get; }

    /// <summary>Answered, and not over.</summary>
    public bool Confirmed { get; private set; }

    /// <summary>Our session description that holds.</summary>
    public byte[] Description { get; protected set; } = [];

    protected SipIdentity Identity { get; } = identity;

    protected DigestClient Digest { get; } = new(credentials, identity.Token);

    /// <summary>Whether forks may still answer, so that the call must stay to end them.</summary>
    protected bool ForksOpen { get; set; }

    /// <summary>Whether a request of the peer's belongs here.</summary>
    public bool Owns(SipRequest request) => Dialog?.Owns(request) == true;

    /// <summary>A request of the peer's in the dialog, an ACK included.</summary>
    public IReadOnlyList<UserAction> Receive(SipRequest request) => Do(() =>
    {
        if (request.Method == "ACK")
            OnAck(request);
        else if (Dialog is not { } dialog || !dialog.Takes(request))
            Respond(request, 500, "Out Of Order");
        else
            OnRequest(request);
    });

    /// <summary>Ends an answered call. One that is not answered yet is cancelled or refused.</summary>
    public IReadOnlyList<UserAction> HangUp() => Do(() =>
    {
        if (Confirmed)
            EndHere(CallEndedBy.Here, 200, "OK");
        else if (!_told)
            OnEarlyHangUp();
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
        if (!Confirmed || _theirs is not { } theirs || _answer is not null)
            return;
        Description = description;
        Succeed(theirs, description);
    });

    /// <summary>The peer's offer cannot be taken; the call goes on as it was.</summary>
    public IReadOnlyList<UserAction> RefuseOffer() => Do(() =>
    {
        if (_theirs is not { } theirs || _answer is not null || !Confirmed)
            return;
        _theirs = null;
        Respond(theirs, 488, "Not Acceptable Here");
    });

    protected abstract void OnEarlyHangUp();

    /// <summary>The peer hung up.</summary>
    protected virtual void OnPeerLeft()
    {
    }

    /// <summary>The call is answered: from here on it is as any other.</summary>
    protected void Confirm(SipMessage success, bool asCaller)
    {
        Confirmed = true;
        Settle(success, asCaller);
    }

    /// <summary>Says the end, once.</summary>
    protected void TellEnd(CallEnding ending)
    {
        Confirmed = false;
        if (_told)
            return;
        _told = true;
        Tell(new SipEvent.Ended(ending));
    }

    protected void Respond(SipRequest request, int status, string reason, Action<SipHeaders>? more = null)
    {
        var response = request.Respond(status, reason, Dialog?.LocalTag);
        more?.Invoke(response.Headers);
        Want(new UserAction.Respond(request, response));
    }

    /// <summary>A success of ours to an INVITE: it is sent again until its ACK comes, over any transport, because a hop beyond may lose it (13.3.1.4).</summary>
    protected void Succeed(SipRequest invite, byte[] description)
    {
        (_theirs, _pause, _answerIsOffer) = (invite, SipTimes.T1, invite.Body.Length == 0);
        _answer = invite.Respond(200, "OK", Dialog?.LocalTag);
        _answer.Body = description;
        var timer = SessionTimer.Agree(invite);
        foreach (var route in invite.Headers.Of("Record-Route"))
            _answer.Headers.Add("Record-Route", route);
        _answer.Headers.Add("Contact", Identity.Contact(null)).Add("Allow", SipIdentity.Allow).Add("Supported", "timer").Add("Session-Expires", timer.ToString())
            .Add("Content-Type", SessionDescription.MediaType);
        if (timer.ByCaller == true)
            _answer.Headers.Add("Require", "timer");
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

    /// <summary>Says the end and hangs up.</summary>
    protected void EndHere(CallEndedBy by, int status, string reason)
    {
        TellEnd(new CallEnding(by, status, reason, by is CallEndedBy.Here ? ReleaseCause.NormalClearing : ReleaseCause.OfStatus(status)));
        if (_hungUp || Dialog is not { } dialog)
            return;
        _hungUp = true;
        StopSession();
        var bye = dialog.Request("BYE", Identity);
        bye.Headers.Add("Reason", "Q.850;cause=16;text=\"Normal call clearing\"");
        Want(new UserAction.Send(Digest.Sign(bye)));
    }

    protected void MayFinish()
    {
        if (_byeAnswered && !ForksOpen)
            Finish();
    }

    private void OnRequest(SipRequest request)
    {
        switch (request.Method)
        {
            case "BYE":
                Respond(request, 200, "OK");
                // An offer of theirs that waits is over with the dialog (15.1.2).
                if (_theirs is { } waiting && _answer is null && Confirmed)
                    Respond(waiting, 487, "Request Terminated");
                OnPeerLeft();
                StopSession();
                TellEnd(new CallEnding(CallEndedBy.There, 200, "OK", ReleaseCause.Of(request) ?? ReleaseCause.NormalClearing));
                _byeAnswered = true;
                MayFinish();
                break;
            case "INVITE" when !Confirmed:
                Respond(request, 481, "Call Does Not Exist");
                break;
            case "INVITE":
                OnOffer(request);
                break;
            case "OPTIONS":
                Respond(request, 200, "OK", h => h.Add("Allow", SipIdentity.Allow).Add("Accept", SessionDescription.MediaType).Add("Supported", "timer"));
                break;
            default:
                Respond(request, 405, "Method Not Allowed", h => h.Add("Allow", SipIdentity.Allow));
                break;
        }
    }

    private void OnOffer(SipRequest request)
    {
        if (_offer is not null)
        {
            Respond(request, 491, "Request Pending");
        }
        else if (_theirs is not null)
        {
            // 14.2: the one before is not answered, or not acknowledged.
            Respond(request, 500, "Another Offer Waits", h => h.Add("Retry-After", "1"));
        }
        else if (SessionTimer.Of(request) is { Seconds: < SessionTimer.Shortest } && SessionTimer.Supported(request))
        {
            Respond(request, 422, "Session Interval Too Small", h => h.Add("Min-SE", "90"));
        }
        else
        {
            Dialog?.Refresh(request);
            (_theirs, _answer) = (request, null);
            Tell(new SipEvent.Offered(request.Body));
        }
    }

    private void OnAck(SipRequest ack)
    {
        if (_answer is null || ack.CSeq?.Number != _theirs?.CSeq?.Number)
            return;
        (_theirs, _answer) = (null, null);
        Stop(UserTimer.AnswerAgain);
        Stop(UserTimer.NoAck);
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

    private void OnByeAnswered(SipRequest sent, SipResponse response)
    {
        if (response.IsProvisional || Dialog is not { } dialog)
            return;
        if (response.Status is 401 or 407 && sent.CallId == dialog.CallId && sent.To?.Tag == dialog.RemoteTag && Digest.Take(sent, response))
            Want(new UserAction.Send(Digest.Sign(dialog.Again(sent, Identity))));
        else if (sent.To?.Tag == dialog.RemoteTag)
            ByeDone();
    }

    private void ByeDone()
    {
        _byeAnswered = true;
        MayFinish();
    }

    // 14.1: whoever began the call waits longer, so that the two don't meet again.
    private TimeSpan GlarePause() => TimeSpan.FromMilliseconds(Math.Round(((Dialog?.Ours == true ? 2100 : 0) + (Identity.Chance() * (Dialog?.Ours == true ? 1900 : 2000))) / 10) * 10);

    private void Settle(SipMessage success, bool asCaller)
    {
        Stop(UserTimer.Refresh);
        Stop(UserTimer.Expire);
        if (SessionTimer.Of(success) is not { } timer)
            return;
        if ((timer.ByCaller ?? true) == asCaller)
            Start(UserTimer.Refresh, timer.RefreshAfter);
        else
            Start(UserTimer.Expire, timer.ExpireAfter);
    }

    private void StopSession()
    {
        foreach (var timer in (UserTimer[])[UserTimer.Refresh, UserTimer.Expire, UserTimer.OfferAgain, UserTimer.AnswerAgain, UserTimer.NoAck])
            Stop(timer);
    }
}
