using System.Globalization;
using System.Text;
using Relais.Telephony.Protocols.Sdp;

namespace Relais.Telephony.Protocols.Sip;

/// <summary>A SIP message (RFC 3261, 7): a request or a response, its headers and its body.</summary>
public abstract class SipMessage
{
    public SipHeaders Headers { get; } = new();

    public byte[] Body { get; set; } = [];

    public string? CallId => Headers["Call-ID"];

    public NameAddress? From => NameAddress.TryParse(Headers["From"]);

    public NameAddress? To => NameAddress.TryParse(Headers["To"]);

    public CSeq? CSeq => CSeq.TryParse(Headers["CSeq"]);

    /// <summary>The topmost: who sent it here.</summary>
    public Via? Via => Via.TryParse(Headers.Each("Via").FirstOrDefault());

    /// <summary>Whether its body is a session description.</summary>
    public bool Describes => Body.Length > 0 && SessionDescription.MediaType.Equals(Headers["Content-Type"]?.Split(';')[0].Trim(), StringComparison.OrdinalIgnoreCase);

    protected abstract string StartLine { get; }

    /// <summary>As it goes on the wire; its Content-Length is that of the body, whatever the headers say.</summary>
    public byte[] ToBytes()
    {
        var head = new StringBuilder(StartLine).Append("\r\n");
        foreach (var (name, value) in Headers.All)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n\r\n");
        return [.. Encoding.UTF8.GetBytes(head.ToString()), .. Body];
    }
}

/// <summary>A request.</summary>
/// <param name="method">In upper case where it is a known one; methods are told apart by case.</param>
/// <param name="uri">Where it goes, as it stands.</param>
public sealed class SipRequest(string method, string uri) : SipMessage
{
    public string Method { get; } = method;

    public string Uri { get; } = uri;

    protected override string StartLine => $"{Method} {Uri} SIP/2.0";

    /// <summary>The response to it (RFC 3261, 8.2.6): Vias, From, To, Call-ID and CSeq are the request's own.</summary>
    /// <param name="tag">Ours in the dialog; null for a 100, or where To has one.</param>
    public SipResponse Respond(int status, string reason, string? tag)
    {
        var response = new SipResponse(status, reason);
        foreach (var via in Headers.Of("Via"))
            response.Headers.Add("Via", via);
        foreach (var name in (string[])["From", "To", "Call-ID", "CSeq"])
        {
            if (Headers[name] is { } value)
                response.Headers.Add(name, name == "To" && tag is not null && To?.Tag is null ? $"{value};tag={tag}" : value);
        }

        return response;
    }
}

/// <summary>A response.</summary>
public sealed class SipResponse(int status, string reason) : SipMessage
{
    /// <summary>100 to 699.</summary>
    public int Status { get; } = status;

    public string Reason { get; } = reason;

    public bool IsProvisional => Status < 200;

    public bool IsSuccess => Status is >= 200 and < 300;

    protected override string StartLine => string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {Status} {Reason}");
}
