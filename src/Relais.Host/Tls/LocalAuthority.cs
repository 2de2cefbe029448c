using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Host.Tls;

/// <summary>
/// The institute's own certificate authority, made at first start, for when the operator gives no certificate.
/// Its key never leaves the data directory; people trust it once by installing <c>ca.crt</c>.
/// </summary>
internal sealed class LocalAuthority(string folder, TimeProvider clock)
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);

    // Browsers refuse server certificates that live longer than 398 days.
    private static readonly TimeSpan ServerLife = TimeSpan.FromDays(397);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>The server's certificate for these names, made anew when it is absent, close to its end or for other names.</summary>
    public X509Certificate2 CertificateFor(IReadOnlyList<string> names)
    {
        Directory.CreateDirectory(folder);
        using var authority = Load("ca") ?? CreateAuthority();
        if (Load("server") is { } kept)
        {
            if (kept.NotAfter.ToUniversalTime() - clock.GetUtcNow() > RenewBefore && Covers(kept, names) && IssuedBy(kept, authority))
                return kept;
            kept.Dispose();
        }

        return Save("server", Issue(authority, names));
    }

    /// <summary>A certificate for one more name, which is not kept.</summary>
    public X509Certificate2 IssueFor(string name)
    {
        using var authority = Load("ca") ?? CreateAuthority();
        return Issue(authority, [name]);
    }

    private X509Certificate2 CreateAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Relais {Environment.MachineName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = clock.GetUtcNow();
        return Save("ca", request.CreateSelfSigned(now.AddHours(-1), now + AuthorityLife));
    }

    private X509Certificate2 Issue(X509Certificate2 authority, IReadOnlyList<string> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var now = clock.GetUtcNow();
        var signed = request.Create(authority, now.AddHours(-1), now + ServerLife, RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(key);
    }

    private X509Certificate2? Load(string name)
    {
        var (certificate, key) = (Path.Combine(folder, $"{name}.crt"), Path.Combine(folder, $"{name}.key"));
        return File.Exists(certificate) && File.Exists(key) ? X509Certificate2.CreateFromPemFile(certificate, key) : null;
    }

    private X509Certificate2 Save(string name, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey() ?? throw new CryptographicException("The new certificate has no key.");
        var path = Path.Combine(folder, $"{name}.key");
        using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        }

        File.WriteAllText(Path.Combine(folder, $"{name}.crt"), certificate.ExportCertificatePem());
        return certificate;
    }

    private static bool Covers(X509Certificate2 certificate, IReadOnlyList<string> names) =>
        names.All(name => certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false));

    private static bool IssuedBy(X509Certificate2 certificate, X509Certificate2 authority) =>
        certificate.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData);
}
