using System.Buffers;
using System.Globalization;
using System.Text;

namespace Relais.Telephony.Protocols.Sip;

/// <summary>A SIP or SIPS address (RFC 3261, 19.1).</summary>
/// <param name="Secure">Whether each hop must be TLS: <c>sips:</c>.</param>
/// <param name="User">As escapes stand for; null for none.</param>
/// <param name="Host">A name or an address, IPv6 in brackets.</param>
/// <param name="Parameters">What follows after semicolons, in its order: <c>transport=tcp;lr</c>; empty for none.</param>
public sealed record SipUri(bool Secure, string? User, string Host, int? Port, string Parameters = "")
{
    // RFC 3261, 25.1: what a user part may hold besides letters and digits without an escape.
    private const string UserMarks = "-_.!~*'()&=+$,;?/";

    private static readonly SearchValues<char> Foreign = SearchValues.Create(" \t\r\n<>\"");

    /// <summary>A parameter's value, "" for one without, null where it is not there.</summary>
    public string? Parameter(string name) =>
        SipText.Parameters(Parameters) is { } all && all.TryGetValue(name, out var value) ? value ?? "" : null;

    /// <summary>Null for what is no SIP address. A password and headers, which no caller may impose, are left out.</summary>
    public static SipUri? TryParse(string text)
    {
        var secure = text.StartsWith("sips:", StringComparison.OrdinalIgnoreCase);
        if (!secure && !text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase))
            return null;
        var rest = text[(secure ? 5 : 4)..];
        if (rest.AsSpan().ContainsAny(Foreign))
            return null;
        if (rest.IndexOf('?', rest.LastIndexOf('@') + 1) is var headers and >= 0)
            rest = rest[..headers];

        string? user = null;
        if (rest.IndexOf('@', StringComparison.Ordinal) is var at and >= 0)
        {
            var info = rest[..at];
            rest = rest[(at + 1)..];
            var name = info.Split(':')[0];
            if (rest.Contains('@', StringComparison.Ordinal) || name.Length == 0 || Unescape(name) is not { } plain)
                return null;
            user = plain;
        }

        var semicolon = rest.IndexOf(';', StringComparison.Ordinal);
        var parameters = semicolon < 0 ? "" : rest[(semicolon + 1)..];
        if (semicolon >= 0)
            rest = rest[..semicolon];
        return SipText.Parameters(parameters) is not null && TryHost(rest, out var host, out var port) ? new SipUri(secure, user, host, port, parameters) : null;
    }

    /// <summary>Reads <c>host[:port]</c>.</summary>
    internal static bool TryHost(string text, out string host, out int? port)
    {
        (host, port) = (text, null);
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        if (text.StartsWith('[') && end == 0)
            return false;
        if (end >= 0 && end < text.Length)
        {
            if (text[end] != ':' || !ushort.TryParse(text[(end + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;
            (host, port) = (text[..end].Trim(), number);
        }

        return host.Length > 0 && (host[0] == '[' || host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'));
    }

    public override string ToString()
    {
        var text = new StringBuilder(Secure ? "sips:" : "sip:");
        if (User is not null)
            text.Append(Escape(User)).Append('@');
        text.Append(Host);
        if (Port is { } port)
            text.Append(CultureInfo.InvariantCulture, $":{port}");
        if (Parameters.Length > 0)
            text.Append(';').Append(Parameters);
        return text.ToString();
    }

    private static string Escape(string user)
    {
        var text = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(user))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || UserMarks.Contains((char)b, StringComparison.Ordinal))
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return text.ToString();
    }

    private static string? Unescape(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
                continue;
            }

            if (i + 2 >= text.Length || !byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                return null;
            bytes.Add(code);
            i += 2;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
