using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Telephony.Trunks;

/// <summary>How messages reach the operator. Voice is always RTP over UDP.</summary>
internal enum TrunkTransport
{
    Udp,
    Tcp,

    /// <summary>TCP within TLS: the operator's certificate is verified for the name that the trunk calls it.</summary>
    Tls,
}

/// <summary>Whom a TLS trunk trusts.</summary>
internal static class TrunkTls
{
    /// <summary>The authorities in a PEM text; null where there is none in it.</summary>
    public static X509Certificate2Collection? Authorities(string? pem)
    {
        if (string.IsNullOrWhiteSpace(pem))
            return null;
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(pem);
            return found.Count > 0 ? found : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static SslClientAuthenticationOptions Options(Trunk trunk)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = trunk.Host, EnabledSslProtocols = System.Security.Authentication.SslProtocols.None };
        var trust = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        // With authorities of its own, those that everybody trusts mean nothing.
        if (Authorities(trunk.Authority) is { } authorities)
        {
            trust.TrustMode = X509ChainTrustMode.CustomRootTrust;
            trust.CustomTrustStore.AddRange(authorities);
        }

        options.CertificateChainPolicy = trust;
        return options;
    }
}
