using System.Globalization;

namespace Relais.Telephony.Protocols.Sip;

/// <summary>Somebody's address with a name and parameters: From, To, Contact, Route (RFC 3261, 20.10).</summary>
/// <param name="Display">Without quotes; null for none.</param>
/// <param name="Uri">As it stands: not only SIP addresses are allowed here.</param>
/// <param name="Parameters">Those outside the angle brackets.</param>
public sealed record NameAddress(string? Display, string Uri, IReadOnlyDictionary<string, string?> Parameters)
{
    public string? Tag => Parameters.GetValueOrDefault("tag");

    public SipUri? Sip => SipUri.TryParse(Uri);

    public static NameAddress? TryParse(string? text)
    {
        if (text is null)
            return null;
        text = text.Trim();
        var open = Open(text);
        if (open < 0)
        {
            // Without brackets, what follows a semicolon belongs to the header.
            var end = text.IndexOf(';', StringComparison.Ordinal);
            var uri = (end < 0 ? text : text[..end]).Trim();
            return IsUri(uri) && SipText.Parameters(end < 0 ? "" : text[end..]) is { } loose ? new NameAddress(null, uri, loose) : null;
        }

        var close = text.IndexOf('>', open);
        if (close < 0 || !IsUri(text[(open + 1)..close]))
            return null;
        var display = text[..open].Trim();
        var rest = text[(close + 1)..].Trim();
        if ((rest.Length > 0 && rest[0] != ';') || !IsDisplay(display) || SipText.Parameters(rest) is not { } parameters)
            return null;
        return new NameAddress(display.Length == 0 ? null : SipText.Unquote(display), text[(open + 1)..close], parameters);
    }

    public override string ToString() =>
        (Display is null ? "" : SipText.Quote(Display) + " ") + $"<{Uri}>" + string.Concat(Parameters.Select(p => p.Value is null ? $";{p.Key}" : $";{p.Key}={p.Value}"));

    // The first bracket outside of the quoted name.
    private static int Open(string text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\')
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == '<' && !quoted)
                return i;
        }

        return -1;
    }

    private static bool IsUri(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) > 0 && text.AsSpan().IndexOfAny(" \t<>\"") < 0
        && (!text.StartsWith("sip", StringComparison.OrdinalIgnoreCase) || SipUri.TryParse(text) is not null);

    private static bool IsDisplay(string text) =>
        text.Length == 0 || (text[0] == '"' ? text.Length > 1 && text[^1] == '"' : text.Split(' ', '\t').All(word => word.Length == 0 || SipText.IsToken(word)));
}

/// <summary>One hop that a request took (RFC 3261, 20.42).</summary>
/// <param name="Transport">UDP, TCP, TLS, in upper case.</param>
/// <param name="Host">Of who sent it.</param>
public sealed record Via(string Transport, string Host, int? Port, IReadOnlyDictionary<string, string?> Parameters)
{
    /// <summary>How the branch of a transaction begins that is told apart by it alone (RFC 3261, 8.1.1.7).</summary>
    public const string Cookie = "z9hG4bK";

    public string? Branch => Parameters.GetValueOrDefault("branch");

    /// <summary>Where the host does not say it: 5061 for TLS, else 5060.</summary>
    public int EffectivePort => Port ?? (Transport == "TLS" ? 5061 : 5060);

    public static Via? TryParse(string? text)
    {
        if (text is null)
            return null;
        var end = text.IndexOf(';', StringComparison.Ordinal);
        var head = (end < 0 ? text : text[..end]).Trim();
        var space = head.IndexOfAny([' ', '\t']);
        // Spaces may stand around the slashes.
        var parts = head.Split('/', 3, StringSplitOptions.TrimEntries);
        if (space < 0 || parts.Length != 3 || !parts[0].Equals("SIP", StringComparison.OrdinalIgnoreCase) || parts[1] != "2.0")
            return null;
        var words = parts[2].Split((char[])[' ', '\t'], 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2 || !SipText.IsToken(words[0]) || !SipUri.TryHost(words[1], out var host, out var port) || SipText.Parameters(end < 0 ? "" : text[end..]) is not { } parameters)
            return null;
        return new Via(words[0].ToUpperInvariant(), host, port, parameters);
    }

    public override string ToString() =>
        $"SIP/2.0/{Transport} {Host}" + (Port is { } port ? string.Create(CultureInfo.InvariantCulture, $":{port}") : "")
        + string.Concat(Parameters.Select(p => p.Value is null ? $";{p.Key}" : $";{p.Key}={p.Value}"));
}

/// <summary>The number and method of a request within its dialog (RFC 3261, 20.16).</summary>
public sealed record CSeq(uint Number, string Method)
{
    /// <summary>RFC 3261, 8.1.1.5.</summary>
    public const uint Highest = int.MaxValue;

    public static CSeq? TryParse(string? text)
    {
        var words = (text ?? "").Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2 && uint.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Highest && SipText.IsToken(words[1])
            ? new CSeq(number, words[1])
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Method}");
}
