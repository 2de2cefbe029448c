using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CsCheck;
using Relais.Gateway.Protocols.RdpFiles;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class RdpFileTests
{
    [Theory]
    [InlineData("a\rb")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u001bb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("\r\nremoteapplicationprogram:s:calc")]
    public void A_text_that_would_begin_another_line_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => new RdpFile().Add("full address", text));

    [Fact]
    public void Whatever_a_text_holds_it_stays_on_its_line_or_is_refused() =>
        Gen.String[0, 40].Sample(text =>
        {
            var file = new RdpFile();
            try
            {
                file.Add("full address", text);
            }
            catch (ArgumentException)
            {
                return;
            }

            Assert.Equal(2, Encoding.Unicode.GetString(file.Write()).Split("\r\n").Length);
        });

    [Fact]
    public void The_file_is_utf_16_with_a_mark_and_one_setting_a_line()
    {
        var bytes = new RdpFile().Add("full address", "bureau é", "Full Address").Add("gatewayusagemethod", 1).Write();
        Assert.Equal([0xFF, 0xFE], bytes[..2]);
        Assert.Equal("full address:s:bureau é\r\ngatewayusagemethod:i:1\r\n", Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OpenSSL_verifies_the_signature(bool rsa)
    {
        var folder = Directory.CreateTempSubdirectory("relais-rdp-");
        try
        {
            using var certificate = rsa ? SelfSignedRsa() : SelfSignedEcdsa();
            var file = new RdpFile().Add("full address", "bureau", "Full Address").Add("gatewayaccesstoken", "jeton").Add("audiomode", 0, "AudioMode");
            var text = Encoding.Unicode.GetString(file.WriteSigned(certificate, []));
            Assert.Contains("\r\nsignscope:s:Full Address,AudioMode\r\nsignature:s:", text, StringComparison.Ordinal);
            var signature = Convert.FromBase64String(text.Split("signature:s:")[1].Trim());
            Assert.Equal("0100010001000000", Convert.ToHexString(signature, 0, 8));
            Assert.Equal(signature.Length - 12, BitConverter.ToInt32(signature, 8));

            var (cms, content, authority) = (Path.Combine(folder.FullName, "cms"), Path.Combine(folder.FullName, "content"), Path.Combine(folder.FullName, "ca"));
            File.WriteAllBytes(cms, signature[12..]);
            File.WriteAllText(authority, certificate.ExportCertificatePem());
            File.WriteAllBytes(content, Encoding.Unicode.GetBytes("full address:s:bureau\r\naudiomode:i:0\r\nsignscope:s:Full Address,AudioMode\r\n\0"));
            Assert.Equal(0, Verify(cms, content, authority));
            File.WriteAllBytes(content, Encoding.Unicode.GetBytes("full address:s:ailleurs\r\naudiomode:i:0\r\nsignscope:s:Full Address,AudioMode\r\n\0"));
            Assert.NotEqual(0, Verify(cms, content, authority));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Verify(string cms, string content, string authority)
    {
        using var openssl = Process.Start(new ProcessStartInfo(
            "openssl", ["cms", "-verify", "-binary", "-inform", "DER", "-in", cms, "-content", content, "-CAfile", authority, "-purpose", "any", "-out", "/dev/null"])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        openssl.StandardError.ReadToEnd();
        openssl.WaitForExit();
        return openssl.ExitCode;
    }

    private static X509Certificate2 SelfSignedRsa()
    {
        using var key = RSA.Create(2048);
        return Alive(new CertificateRequest("CN=porte", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static X509Certificate2 SelfSignedEcdsa()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Alive(new CertificateRequest("CN=porte", key, HashAlgorithmName.SHA256));
    }

    private static X509Certificate2 Alive(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }
}
