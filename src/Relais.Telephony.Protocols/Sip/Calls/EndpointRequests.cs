namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>A request of ours with its transaction, and who waits for its responses.</summary>
internal sealed record SentRequest(SipTransaction Transaction, SipRequest Sent, TransactionUser User)
{
    public SipTransactionKey Key => new(Sent.Via?.Branch ?? "", "", Sent.Method);

    public static SentRequest Of(SipRequest request, TransactionUser user, bool reliable) =>
        new(request.Method == "INVITE" ? new InviteClientTransaction(request, reliable) : new ClientTransaction(request, reliable), request, user);

    public IReadOnlyList<SipAction> Begin() => Transaction switch
    {
        InviteClientTransaction invite => invite.Begin(),
        ClientTransaction other => other.Begin(),
        _ => [],
    };

    public IReadOnlyList<SipAction> Resume() => Transaction is InviteClientTransaction invite ? invite.Resume() : [];

    public IReadOnlyList<SipAction> Abandon() => Transaction is InviteClientTransaction invite ? invite.Abandon() : [];

    public IReadOnlyList<SipAction> Receive(SipResponse response) => Transaction switch
    {
        InviteClientTransaction invite => invite.Receive(response),
        ClientTransaction other => other.Receive(response),
        _ => [],
    };
}

/// <summary>A request of the peer's with its transaction.</summary>
internal sealed record TakenRequest(SipTransaction Transaction, SipRequest Request)
{
    /// <summary>The call that an INVITE began.</summary>
    public IncomingCall? Call { get; set; }

    public static TakenRequest Of(SipRequest request, bool reliable) =>
        new(request.Method == "INVITE" ? new InviteServerTransaction(request, reliable) : new ServerTransaction(request, reliable), request);

    public IReadOnlyList<SipAction> Begin() => Transaction switch
    {
        InviteServerTransaction invite => invite.Begin(),
        ServerTransaction other => other.Begin(),
        _ => [],
    };

    /// <summary>The same again, or the ACK of a refusal.</summary>
    public IReadOnlyList<SipAction> Receive(SipRequest again) => Transaction switch
    {
        InviteServerTransaction invite => invite.Receive(again),
        ServerTransaction other => other.Receive(),
        _ => [],
    };

    public IReadOnlyList<SipAction> Respond(SipResponse response) => Transaction switch
    {
        InviteServerTransaction invite => invite.Respond(response),
        ServerTransaction other => other.Respond(response),
        _ => [],
    };
}
