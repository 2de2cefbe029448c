using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Relais.Gateway.Protocols.Feeds;

/// <summary>A name and a password as HTTP Basic carries them (RFC 7617).</summary>
/// <param name="Name">Up to the first colon.</param>
/// <param name="Password">The rest, which may hold colons.</param>
public sealed record BasicCredentials(string Name, string Password)
{
    private const string Scheme = "Basic ";
    private const int LongestHeader = 1024;

    /// <summary>Reads the value of an Authorization header.</summary>
    /// <returns>False for another scheme, what is no base64, without a colon, or longer than anybody's.</returns>
    public static bool TryRead(string? header, [NotNullWhen(true)] out BasicCredentials? credentials)
    {
        credentials = null;
        if (header is not { Length: < LongestHeader } || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        Span<byte> bytes = stackalloc byte[LongestHeader];
        if (!Convert.TryFromBase64Chars(header.AsSpan(Scheme.Length).Trim(), bytes, out var length))
            return false;
        var text = Encoding.UTF8.GetString(bytes[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return false;
        credentials = new BasicCredentials(text[..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>The name only: the password is in no log.</summary>
    public override string ToString() => Name;
}
