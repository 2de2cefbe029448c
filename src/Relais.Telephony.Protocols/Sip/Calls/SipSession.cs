using Relais.Telephony.Protocols.Sdp;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>A call from its first message to its last: whom it is with, how long it lives without a sign (RFC 4028), and its end (RFC 3261, 15).</summary>
public abstract class SipSession(SipIdentity identity, SipCredentials? credentials) : TransactionUser
{
    private bool _hungUp;
    private bool _byeAnswered;

    /// <summary>Null until a peer answers with a tag.</summary>
    public SipDialog? Dialog { get; protected set; }

    public abstract string CallId { get; }

    /// <summary>Answered, and not over.</summary>
    public bool Confirmed { get; private set; }

    protected SipIdentity Identity { get; } = identity;

    protected DigestClient Digest { get; } = new(credentials, identity.Token);

    /// <summary>Whether forks may still answer, so that the call must stay to end them.</summary>
    protected bool ForksOpen { get; set; }

    /// <summary>Whether the end was told; what remains are its last messages.</summary>
    protected bool Over { get; private set; }

    /// <summary>Ends an answered call. One that is not answered yet is cancelled or refused.</summary>
    public IReadOnlyList<UserAction> HangUp() => Do(() =>
    {
        if (Confirmed)
            EndHere(CallEndedBy.Here, 200, "OK");
        else if (!Over)
            OnEarlyHangUp();
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
        if (Over)
            return;
        Over = true;
        Tell(new SipEvent.Ended(ending));
    }

    protected void Respond(SipRequest request, int status, string reason, Action<SipHeaders>? more = null)
    {
        var response = request.Respond(status, reason, Dialog?.LocalTag);
        more?.Invoke(response.Headers);
        Want(new UserAction.Respond(request, response));
    }

    /// <summary>What every success of ours to an offer or a refresh says: where we are, what we can, and how long the session lasts.</summary>
    protected SipResponse Accepting(SipRequest request, byte[] description, bool timed)
    {
        var response = request.Respond(200, "OK", Dialog?.LocalTag);
        response.Body = description;
        foreach (var route in request.Headers.Of("Record-Route"))
            response.Headers.Add("Record-Route", route);
        response.Headers.Add("Contact", Identity.Contact(null)).Add("Allow", SipIdentity.Allow).Add("Supported", "timer");
        if (timed)
        {
            var timer = SessionTimer.Agree(request);
            response.Headers.Add("Session-Expires", timer.ToString());
            if (timer.ByCaller == true)
                response.Headers.Add("Require", "timer");
        }

        if (description.Length > 0)
            response.Headers.Add("Content-Type", SessionDescription.MediaType);
        return response;
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

    /// <summary>The peer said BYE, and was answered.</summary>
    protected void EndThere(SipRequest bye)
    {
        OnPeerLeft();
        StopSession();
        TellEnd(new CallEnding(CallEndedBy.There, 200, "OK", ReleaseCause.Of(bye) ?? ReleaseCause.NormalClearing));
        ByeDone();
    }

    protected void MayFinish()
    {
        if (_byeAnswered && !ForksOpen)
            Finish();
    }

    protected void OnByeAnswered(SipRequest sent, SipResponse response)
    {
        if (response.IsProvisional || Dialog is not { } dialog)
            return;
        if (response.Status is 401 or 407 && sent.CallId == dialog.CallId && sent.To?.Tag == dialog.RemoteTag && Digest.Take(sent, response))
            Want(new UserAction.Send(Digest.Sign(dialog.Again(sent, Identity))));
        else if (sent.To?.Tag == dialog.RemoteTag)
            ByeDone();
    }

    protected void ByeDone()
    {
        _byeAnswered = true;
        MayFinish();
    }

    /// <summary>Whose turn it is to refresh the session, and when, as a success says.</summary>
    protected void Settle(SipMessage success, bool asCaller)
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
