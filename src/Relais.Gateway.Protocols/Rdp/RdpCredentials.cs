using System.Text;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>The account that the gateway signs in with on a target, in place of whatever the client sent.</summary>
public sealed class RdpCredentials
{
    // [MS-RDPBCGR] 2.2.1.11.1.1: at most 512 bytes with the terminator, for targets before RDP 5.0 and for xrdp.
    private const int MaxBytes = 510;

    /// <summary>Checks that each text fits its field and holds no NUL, which would cut it short.</summary>
    /// <exception cref="ArgumentException">A text does not fit.</exception>
    public RdpCredentials(string userName, string password, string domain = "")
    {
        UserName = Checked(userName, nameof(userName));
        Password = Checked(password, nameof(password));
        Domain = Checked(domain, nameof(domain));
    }

    /// <summary>The account's name.</summary>
    public string UserName { get; }

    /// <summary>Its secret.</summary>
    public string Password { get; }

    /// <summary>Its domain, empty for a local account.</summary>
    public string Domain { get; }

    /// <summary>The same for a name as people type it, in which <c>DOMAIN\</c> may stand first.</summary>
    /// <exception cref="ArgumentException">A text does not fit.</exception>
    public static RdpCredentials Of(string account, string password)
    {
        var at = account.IndexOf('\\', StringComparison.Ordinal);
        return at < 0 ? new RdpCredentials(account, password) : new RdpCredentials(account[(at + 1)..], password, account[..at]);
    }

    /// <summary>Whether a text may be one of these.</summary>
    public static bool Fits(string text) => Encoding.Unicode.GetByteCount(text) <= MaxBytes && !text.Contains('\0', StringComparison.Ordinal);

    private static string Checked(string text, string name) =>
        Fits(text) ? text : throw new ArgumentException("Longer than 255 characters, or with a NUL.", name);
}
