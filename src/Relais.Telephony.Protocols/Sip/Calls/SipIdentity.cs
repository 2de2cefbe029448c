using System.Globalization;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>Who we are towards a peer.</summary>
/// <param name="Host">The address at which the peer reaches us, IPv6 in brackets.</param>
/// <param name="Transport">UDP, TCP or TLS.</param>
/// <param name="Token">Gives a word of 16 characters or more that nobody can guess, another one each time.</param>
/// <param name="Chance">Gives a number from 0 to below 1.</param>
public sealed record SipIdentity(string Host, int Port, string Transport, Func<string> Token, Func<double> Chance)
{
    /// <summary>The methods that we understand.</summary>
    public const string Allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE";

    public bool Reliable => Transport != "UDP";

    /// <summary>A Via with a branch of its own; "rport" asks for the answer at the port that the request came from (RFC 3581).</summary>
    public string NewVia() => string.Create(CultureInfo.InvariantCulture, $"SIP/2.0/{Transport} {Host}:{Port};branch={Via.Cookie}{Token()};rport");

    public string Contact(string? user) =>
        string.Create(CultureInfo.InvariantCulture, $"<sip:{(user is null ? "" : user + "@")}{Host}:{Port}{(Transport == "UDP" ? "" : ";transport=" + Transport.ToLowerInvariant())}>");

    /// <summary>The same request in a new transaction: after a challenge, or with other headers.</summary>
    public SipRequest Again(SipRequest sent, uint sequence)
    {
        var request = new SipRequest(sent.Method, sent.Uri) { Body = sent.Body };
        request.Headers.Add("Via", NewVia());
        foreach (var (name, value) in sent.Headers.All)
        {
            if (name.ToUpperInvariant() is not ("VIA" or "CSEQ" or "AUTHORIZATION" or "PROXY-AUTHORIZATION" or "CONTENT-LENGTH"))
                request.Headers.Add(name, value);
        }

        request.Headers.Add("CSeq", new CSeq(sequence, sent.Method).ToString());
        return request;
    }
}

/// <summary>How a peer knows us.</summary>
public sealed record SipCredentials(string User, string Password);

/// <summary>Answers a peer's challenges: 401 of whoever is called, 407 of what lies between, each with its own nonce.</summary>
public sealed class DigestClient(SipCredentials? credentials, Func<string> token)
{
    // A peer that calls each nonce stale would be asked for ever.
    private const int MostStale = 3;

    private readonly Dictionary<string, (DigestChallenge Challenge, uint Count)> _known = new(StringComparer.OrdinalIgnoreCase);
    private int _stale;

    /// <summary>Takes the challenge of a 401 or 407.</summary>
    /// <returns>Whether the request may be tried again, signed: false where we have no password, or the one that we have is refused.</returns>
    public bool Take(SipRequest sent, SipResponse response)
    {
        var header = response.Status == 407 ? "Proxy-Authorization" : "Authorization";
        if (credentials is null || DigestChallenge.Best(response) is not { } challenge)
            return false;
        // A fresh nonce that was answered and is asked for again: the password is wrong. One that was in use may only be too old, whatever the peer calls it.
        var fresh = sent.Headers[header] is null || (_known.TryGetValue(header, out var known) && known.Count > 1);
        if (!fresh && (!challenge.Stale || ++_stale > MostStale))
            return false;
        _known[header] = (challenge, 0);
        return true;
    }

    /// <summary>Signs a request for all that challenged us so far.</summary>
    public SipRequest Sign(SipRequest request)
    {
        if (credentials is null)
            return request;
        foreach (var header in _known.Keys.ToList())
        {
            var (challenge, count) = _known[header];
            _known[header] = (challenge, count + 1);
            request.Headers.Set(header, Digest.Answer(challenge, credentials.User, credentials.Password, request.Method, request.Uri, count + 1, token()));
        }

        return request;
    }

    /// <summary>A signed request went through.</summary>
    public void Accepted() => _stale = 0;
}
