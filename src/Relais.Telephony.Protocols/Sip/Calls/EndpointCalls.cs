namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>The calls of an endpoint by their Call-ID, which several may share: an INVITE that came back to its sender is one of ours and one to us.</summary>
internal sealed class EndpointCalls
{
    private readonly Dictionary<string, List<SipCall>> _all = new(StringComparer.Ordinal);

    /// <summary>Calls that are not forgotten yet.</summary>
    public int Count => _all.Values.Sum(calls => calls.Count);

    public bool Knows(SipMessage message) => _all.ContainsKey(message.CallId ?? "");

    /// <summary>Those of a message's Call-ID, as they are now.</summary>
    public IReadOnlyList<SipCall> Of(SipMessage message) => _all.TryGetValue(message.CallId ?? "", out var calls) ? [.. calls] : [];

    /// <summary>The call in whose dialog a request is; null for none.</summary>
    public SipCall? Owner(SipRequest request) => _all.TryGetValue(request.CallId ?? "", out var calls) ? calls.Find(call => call.Owns(request)) : null;

    public void Add(SipCall call)
    {
        if (!_all.TryGetValue(call.CallId, out var calls))
            _all[call.CallId] = calls = [];
        if (!calls.Contains(call))
            calls.Add(call);
    }

    public void Remove(SipCall call)
    {
        if (_all.TryGetValue(call.CallId, out var calls) && calls.Remove(call) && calls.Count == 0)
            _all.Remove(call.CallId);
    }
}
