using Relais.Telephony.Protocols.Sdp;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>What a call of ours asks for.</summary>
/// <param name="Uri">Whom to call, by the trunk's name for it.</param>
/// <param name="From">Who calls: a name and an address as <c>"Name" &lt;sip:number@host&gt;</c>, without a tag.</param>
/// <param name="User">The user part of our Contact; null for none.</param>
/// <param name="Description">Our offer.</param>
/// <param name="More">Further headers, such as P-Asserted-Identity.</param>
public sealed record CallWish(string Uri, string From, string? User, byte[] Description, IReadOnlyList<(string Name, string Value)> More);

/// <summary>
/// A call that we place (RFC 3261, 13.2): early dialogs of each fork, the first answer taken and all others ended, CANCEL once the peer is known to have the
/// INVITE, challenges answered. Provisional answers that are to be reliable are acknowledged by PRACK (RFC 3262), in the dialog that they begin. Redirections are
/// refusals: only we say which number is called.
/// </summary>
public sealed class OutgoingCall(SipIdentity identity, SipCredentials? credentials, CallWish wish) : SipCall(identity, credentials)
{
    private readonly Dictionary<string, SipRequest> _acks = new(StringComparer.Ordinal);
    private readonly EarlyDialogs _early = new();
    private string _callId = identity.Token();
    private SipRequest? _invite;
    private uint _sequence = 1;
    private uint _least;
    private bool _heard;
    private bool _cancelWanted;
    private bool _cancelled;

    // Whether the peer gave its description reliably.
    private bool _described;

    public override string CallId => _callId;

    /// <summary>Sends the INVITE.</summary>
    public IReadOnlyList<UserAction> Begin() => Do(() =>
    {
        Description = wish.Description;
        var invite = new SipRequest("INVITE", wish.Uri) { Body = wish.Description };
        invite.Headers.Add("Via", Identity.NewVia()).Add("Max-Forwards", "70").Add("From", $"{wish.From};tag={Identity.Token()}").Add("To", $"<{wish.Uri}>").Add("Call-ID", _callId)
            .Add("CSeq", new CSeq(_sequence, "INVITE").ToString()).Add("Contact", Identity.Contact(wish.User)).Add("Allow", SipIdentity.Allow).Add("Supported", "timer, 100rel")
            .Add("Session-Expires", new SessionTimer(SessionTimer.Usual, null).ToString()).Add("Content-Type", SessionDescription.MediaType);
        foreach (var (name, value) in wish.More)
            invite.Headers.Add(name, value);
        Send(invite);
    });

    /// <summary>The INVITE as it went out last: with <see cref="Success"/> all that is needed to end the call after this process has died.</summary>
    public SipRequest? Invite => _invite;

    /// <summary>The answer that made the call.</summary>
    public SipResponse? Success { get; private set; }

    /// <summary>
    /// Ends a call that a process before this one placed: hangs up where it was answered, cancels it where not, and hangs up where the answer comes all the same.
    /// </summary>
    /// <param name="invite">The INVITE as it went out last.</param>
    /// <param name="success">The answer, where there was one.</param>
    public IReadOnlyList<UserAction> EndResumed(SipRequest invite, SipResponse? success) => Do(() =>
    {
        (_invite, _callId, _sequence, _heard) = (invite, invite.CallId ?? "", invite.CSeq?.Number ?? 1, true);
        if (success is not null && SipDialog.OfResponse(invite, success) is { } dialog)
        {
            // Beyond whatever that process had counted to.
            dialog.Skip(1000);
            Dialog = dialog;
            EndHere(CallEndedBy.Here, 200, "OK");
            return;
        }

        _cancelWanted = true;
        TellEnd(new CallEnding(CallEndedBy.Cancel, 487, "Request Terminated", null));
        // The refusal that the CANCEL brings about is repeated until somebody acknowledges it.
        Want(new UserAction.Resume(invite));
        Cancel();
    });

    /// <summary>A success whose transaction is over already: of a fork, or one whose ACK was lost.</summary>
    public IReadOnlyList<UserAction> ReceiveLate(SipResponse response) => Do(() =>
    {
        if (response.IsSuccess && response.CSeq == new CSeq(_sequence, "INVITE"))
            OnSuccess(response);
    });

    protected override void OnEarlyHangUp()
    {
        if (_cancelWanted || _invite is null)
            return;
        _cancelWanted = true;
        TellEnd(new CallEnding(CallEndedBy.Cancel, 487, "Request Terminated", null));
        // 9.1: a CANCEL may not overtake its INVITE, so it waits for a first sign.
        if (_heard)
            Cancel();
    }

    protected override SipDialog? DialogOf(SipRequest request) => Dialog is null ? _early.DialogOf(request) : base.DialogOf(request);

    // RFC 3311, 5.1: before the answer, the offer of the INVITE waits for its own.
    protected override bool OfferWaits => base.OfferWaits || (Dialog is null && !_described);

    protected override void OnResponse(SipRequest sent, SipResponse response)
    {
        if (sent.Method == "CANCEL")
            return;
        if (sent.Method == "PRACK")
        {
            OnAcknowledged(sent, response);
            return;
        }

        // After the call is confirmed, a new INVITE of ours is a re-INVITE; the first one is told by its number.
        if (sent.Method == "INVITE" && sent == _invite)
            OnInvite(response);
        else if (sent.Method != "INVITE" || sent.CSeq?.Number > _sequence)
            base.OnResponse(sent, response);
    }

    protected override void OnFailure(SipRequest sent, SipFailure why)
    {
        if (sent.Method == "CANCEL")
            return;
        if (sent != _invite)
        {
            base.OnFailure(sent, why);
            return;
        }

        TellEnd(why is SipFailure.Transport
            ? new CallEnding(CallEndedBy.Transport, 503, "Service Unavailable", ReleaseCause.OfStatus(503))
            : new CallEnding(CallEndedBy.Silence, 408, "Request Timeout", ReleaseCause.OfStatus(408)));
        Finish();
    }

    protected override void OnTimer(UserTimer timer)
    {
        // 9.1: a peer that answered neither the CANCEL nor the INVITE has forgotten both.
        if (timer is UserTimer.Cancelled && Dialog is null)
            Finish();
        else
            base.OnTimer(timer);
    }

    private void OnInvite(SipResponse response)
    {
        if (response.IsSuccess)
        {
            OnSuccess(response);
            return;
        }

        // The call is answered, or ended: what other forks say means nothing any more.
        if (Dialog is not null)
            return;
        _heard = true;
        if (response.IsProvisional)
        {
            OnProvisional(response);
            return;
        }

        if (!_cancelWanted && _invite is { } sent)
        {
            if (response.Status is 401 or 407 && Digest.Take(sent, response))
            {
                Send(Digest.Sign(Identity.Again(sent, ++_sequence)));
                return;
            }

            if (response.Status == 422 && response.Headers.Number("Min-SE") is { } least && least > Math.Max(_least, SessionTimer.Shortest))
            {
                _least = least;
                var again = Identity.Again(sent, ++_sequence);
                again.Headers.Set("Session-Expires", new SessionTimer(Math.Max(least, SessionTimer.Usual), null).ToString()).Set("Min-SE", new SessionTimer(least, null).ToString());
                Send(Digest.Sign(again));
                return;
            }
        }

        TellEnd(new CallEnding(CallEndedBy.Refusal, response.Status, response.Reason, ReleaseCause.Of(response) ?? ReleaseCause.OfStatus(response.Status)));
        Finish();
    }

    private void OnProvisional(SipResponse response)
    {
        if (_invite is { } invite && response.Status > 100)
        {
            if (!_early.Take(invite, response, out var dialog))
                return;
            if (dialog is not null)
            {
                var acknowledgement = dialog.Request("PRACK", Identity);
                acknowledgement.Headers.Add("RAck", $"{response.Headers["RSeq"]} {invite.Headers["CSeq"]}");
                Want(new UserAction.Send(Digest.Sign(acknowledgement)));
                _described |= response.Describes;
            }
        }

        if (_cancelWanted)
        {
            Cancel();
            return;
        }

        if (response.Status == 100)
            Tell(new SipEvent.Trying());
        else if (response.Describes)
            Tell(new SipEvent.EarlyMedia(response.Body));
        else if (response.Status is >= 180 and < 190)
            Tell(new SipEvent.Ringing(response.Status));
    }

    private void OnAcknowledged(SipRequest sent, SipResponse response)
    {
        // Of what else may come, nothing ends the call: the peer gives up by itself where it missed the PRACK.
        if (response.Status is 401 or 407 && Dialog is null && _early.DialogOfOurs(sent) is { } dialog && Digest.Take(sent, response))
            Want(new UserAction.Send(Digest.Sign(dialog.Again(sent, Identity))));
    }

    private void OnSuccess(SipResponse response)
    {
        if (_invite is not { } invite || SipDialog.OfResponse(invite, response) is not { } dialog)
            return;
        _early.Confirm(dialog);
        if (_acks.TryGetValue(dialog.RemoteTag, out var again))
        {
            Want(new UserAction.Acknowledge(again));
            return;
        }

        // 22.1: it carries the credentials of its INVITE.
        var ack = Digest.Sign(dialog.Ack(invite.CSeq?.Number ?? _sequence, Identity));
        _acks[dialog.RemoteTag] = ack;
        Want(new UserAction.Acknowledge(ack));
        if (Dialog is not null)
        {
            // Another fork answered too (13.2.2.4).
            Want(new UserAction.Send(Digest.Sign(dialog.Request("BYE", Identity))));
            return;
        }

        Digest.Accepted();
        Dialog = dialog;
        ForksOpen = true;
        Stop(UserTimer.Cancelled);
        Start(UserTimer.Forks, SipTimes.Whole);
        if (_cancelWanted)
        {
            // The answer crossed our CANCEL.
            EndHere(CallEndedBy.Cancel, 487, "Request Terminated");
            return;
        }

        Success = response;
        Confirm(response, asCaller: true);
        // RFC 3262, 5: an answer that was given reliably before need not be given again.
        Tell(new SipEvent.Answered(response.Describes ? response.Body : _early.DescriptionOf(dialog.RemoteTag)));
    }

    private void Cancel()
    {
        if (_cancelled || _invite is not { } invite)
            return;
        _cancelled = true;
        // 9.1: all as in the INVITE, its Via with its branch above all.
        var cancel = new SipRequest("CANCEL", invite.Uri);
        cancel.Headers.Add("Via", invite.Headers["Via"] ?? "").Add("Max-Forwards", "70").Add("From", invite.Headers["From"] ?? "").Add("To", invite.Headers["To"] ?? "")
            .Add("Call-ID", _callId).Add("CSeq", new CSeq(_sequence, "CANCEL").ToString());
        Want(new UserAction.Send(cancel));
        Start(UserTimer.Cancelled, SipTimes.Whole);
    }

    private void Send(SipRequest invite)
    {
        (_invite, _heard, _described) = (invite, false, false);
        _early.Forget();
        Want(new UserAction.Send(invite));
    }
}
