using System.Net;
using Relais.Desktops.Bundles;

namespace Relais.Desktops.Engine;

/// <summary>The file that tells a desktop, at its first start, whose it is. bundles/README.md describes it.</summary>
internal static class DesktopSettings
{
    public const string Path = "/etc/relais/desktop.conf";
    public const string CertificatePath = "/etc/xrdp/cert.pem";
    public const string AuthorityPath = "/usr/local/share/ca-certificates/relais.crt";

    /// <summary>The one account of a desktop.</summary>
    public const string User = "bureau";

    /// <summary>Its number, as user and as group.</summary>
    public const int UserId = 1000;

    /// <summary>What a person's language is called there.</summary>
    public static string LocaleOf(string language) => language == "en" ? "en_US.UTF-8" : "fr_FR.UTF-8";

    /// <summary>The file's text.</summary>
    /// <param name="password">Letters and digits only.</param>
    /// <param name="portal">Where the desktop finds Relais's own pages; null when it has no way there.</param>
    /// <param name="prints">Whether there is a printer.</param>
    public static string Write(IPAddress address, EngineDescription network, string language, string keyboard, string password, Uri? portal, bool prints)
    {
        var layout = Keyboards.Of(keyboard);
        return $"""
            USER={User}
            PASSWORD={password}
            ADDRESS={address}/{network.Network.PrefixLength}
            GATEWAY={network.Host}
            LANG={LocaleOf(language)}
            XKB_LAYOUT={layout.X}
            XKB_VARIANT={layout.Variant}
            TIMEZONE=Europe/Paris
            PORTAL={portal?.AbsoluteUri}
            PRINT={(prints ? "allowed" : "refused")}

            """;
    }
}
