using Relais.Telephony.Protocols.Sdp;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>What a request is answered for which no call needs to be asked (RFC 3261, 8.2 and 11.2).</summary>
internal sealed record UnaskedAnswer(int Status, string Reason, Action<SipHeaders>? More = null)
{
    /// <summary>Null for a request within a dialog, and for an INVITE that can be looked at.</summary>
    public static UnaskedAnswer? To(SipRequest request)
    {
        var unknown = request.Headers.Each("Require").Where(o => !o.Equals("timer", StringComparison.OrdinalIgnoreCase)).ToList();
        if (unknown.Count > 0)
            return new UnaskedAnswer(420, "Bad Extension", h => h.Add("Unsupported", string.Join(", ", unknown)));
        if (request.To?.Tag is not null)
            return null;
        if (SipUri.TryParse(request.Uri) is null)
            return new UnaskedAnswer(416, "Unsupported URI Scheme");
        return request.Method switch
        {
            "OPTIONS" => new UnaskedAnswer(200, "OK", h => h.Add("Allow", SipIdentity.Allow).Add("Accept", SessionDescription.MediaType).Add("Supported", "timer")),
            "INVITE" when request.Body.Length > 0 && !request.Describes => new UnaskedAnswer(415, "Unsupported Media Type", h => h.Add("Accept", SessionDescription.MediaType)),
            // RFC 4475, 3.3.15: whoever calls understands no description that we could give.
            "INVITE" when !Accepts(request) => new UnaskedAnswer(406, "Not Acceptable", h => h.Add("Accept", SessionDescription.MediaType)),
            "INVITE" => null,
            "BYE" or "PRACK" or "UPDATE" => new UnaskedAnswer(481, "Call Does Not Exist"),
            _ => new UnaskedAnswer(405, "Method Not Allowed", h => h.Add("Allow", SipIdentity.Allow)),
        };
    }

    private static bool Accepts(SipRequest request) =>
        request.Headers["Accept"] is null
        || request.Headers.Each("Accept").Any(range => range.Split(';')[0].Trim().ToLowerInvariant() is SessionDescription.MediaType or "application/*" or "*/*");
}
