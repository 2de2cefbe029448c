namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>What two sides have agreed on by an INVITE (RFC 3261, 12): who they are to one another, the way between them, and where each stands in counting.</summary>
public sealed class SipDialog
{
    private readonly string _local;
    private readonly string _remote;
    private readonly IReadOnlyList<string> _routes;
    private uint? _remoteSequence;

    private SipDialog(string callId, string local, string remote, string target, IReadOnlyList<string> routes)
    {
        (CallId, _local, _remote, Target, _routes) = (callId, local, remote, target, routes);
        (LocalTag, RemoteTag) = (NameAddress.TryParse(local)?.Tag ?? "", NameAddress.TryParse(remote)?.Tag ?? "");
    }

    public string CallId { get; }

    public string LocalTag { get; }

    public string RemoteTag { get; }

    /// <summary>Where the peer wants its requests: its Contact, which a re-INVITE may change.</summary>
    public string Target { get; private set; }

    /// <summary>The number of our last request.</summary>
    public uint Sequence { get; private set; }

    /// <summary>Whether the call was ours at first, which decides who waits longer when two offers meet.</summary>
    public bool Ours { get; private init; }

    /// <summary>The dialog that a response to our INVITE makes (12.1.2); null where it names no tag.</summary>
    public static SipDialog? OfResponse(SipRequest invite, SipResponse response)
    {
        if (response.To?.Tag is not { Length: > 0 } || invite.CSeq is not { } sequence)
            return null;
        var target = NameAddress.TryParse(response.Headers.Each("Contact").FirstOrDefault())?.Uri ?? invite.Uri;
        return new SipDialog(invite.CallId ?? "", invite.Headers["From"] ?? "", response.Headers["To"] ?? "", target, [.. response.Headers.Each("Record-Route").Reverse()])
        {
            Sequence = sequence.Number, Ours = true,
        };
    }

    /// <summary>The dialog that an INVITE to us makes with our tag (12.1.1).</summary>
    public static SipDialog OfRequest(SipRequest invite, string tag) =>
        new(
            invite.CallId ?? "", $"{invite.Headers["To"]};tag={tag}", invite.Headers["From"] ?? "",
            NameAddress.TryParse(invite.Headers.Each("Contact").FirstOrDefault())?.Uri ?? invite.From?.Uri ?? "", [.. invite.Headers.Each("Record-Route")])
        {
            _remoteSequence = invite.CSeq?.Number,
        };

    /// <summary>Whether a request of the peer's is of this dialog.</summary>
    public bool Owns(SipRequest request) => request.CallId == CallId && request.To?.Tag == LocalTag && (request.From?.Tag ?? "") == RemoteTag;

    /// <summary>Whether a request comes after all those before it (12.2.2); it counts from then on.</summary>
    public bool Takes(SipRequest request)
    {
        if (request.CSeq is not { } sequence || sequence.Number < _remoteSequence)
            return false;
        _remoteSequence = sequence.Number;
        return true;
    }

    /// <summary>A re-INVITE or its answer may say another address.</summary>
    public void Refresh(SipMessage message)
    {
        if (NameAddress.TryParse(message.Headers.Each("Contact").FirstOrDefault()) is { } contact)
            Target = contact.Uri;
    }

    /// <summary>The dialog is the one that began before the answer: both sides go on counting where they stood (13.2.2.4).</summary>
    public void Continue(SipDialog early) => (Sequence, _remoteSequence) = (Math.Max(Sequence, early.Sequence), early._remoteSequence);

    /// <summary>Leaves numbers out, which somebody else may have used.</summary>
    public void Skip(uint numbers) => Sequence += numbers;

    /// <summary>A request of ours in this dialog, with the next number.</summary>
    public SipRequest Request(string method, SipIdentity identity) => Make(method, ++Sequence, identity);

    /// <summary>The ACK of a success, with the number of its INVITE (13.2.2.4).</summary>
    public SipRequest Ack(uint sequence, SipIdentity identity) => Make("ACK", sequence, identity);

    /// <summary>The same request of ours again, with the next number.</summary>
    public SipRequest Again(SipRequest sent, SipIdentity identity) => identity.Again(sent, ++Sequence);

    private SipRequest Make(string method, uint sequence, SipIdentity identity)
    {
        // 12.2.1.1: a first route without "lr" is a router of before 2002, which wants to be the address itself.
        var strict = _routes.Count > 0 && NameAddress.TryParse(_routes[0])?.Sip?.Parameter("lr") is null;
        var request = new SipRequest(method, strict ? NameAddress.TryParse(_routes[0])?.Uri ?? Target : Target);
        request.Headers.Add("Via", identity.NewVia()).Add("Max-Forwards", "70");
        foreach (var route in strict ? [.. _routes.Skip(1), $"<{Target}>"] : _routes)
            request.Headers.Add("Route", route);
        request.Headers.Add("From", _local).Add("To", _remote).Add("Call-ID", CallId).Add("CSeq", new CSeq(sequence, method).ToString());
        return request;
    }
}
