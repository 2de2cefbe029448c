using System.Globalization;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>Where a request really came from (RFC 3261, 18.2.1; RFC 3581).</summary>
internal static class RequestOrigin
{
    /// <summary>Writes it into the topmost Via, so that the answer finds its way.</summary>
    public static void Mark(SipRequest request, string host, int port)
    {
        if (request.Via is not { } via)
            return;
        var parameters = new Dictionary<string, string?>(via.Parameters, StringComparer.OrdinalIgnoreCase);
        if (!via.Host.Trim('[', ']').Equals(host, StringComparison.OrdinalIgnoreCase) || parameters.ContainsKey("rport"))
            parameters["received"] = host;
        if (parameters.ContainsKey("rport"))
            parameters["rport"] = port.ToString(CultureInfo.InvariantCulture);
        var rest = request.Headers.Each("Via").Skip(1).ToList();
        request.Headers.Remove("Via");
        foreach (var other in rest.AsEnumerable().Reverse())
            request.Headers.AddFirst("Via", other);
        request.Headers.AddFirst("Via", (via with { Parameters = parameters }).ToString());
    }
}
