using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Tests.Gateway;

/// <summary>
/// An office workstation: Debian's freerdp-shadow-cli, which shows a white X screen, over TLS alone or only to those who sign in
/// by network level authentication.
/// </summary>
public class ShadowWorkstation : IAsyncLifetime
{
    internal static readonly RdpCredentials Anne = new("anne", "Mot-de-passe-du-poste-7");
    internal static readonly RdpCredentials Marc = new("marc", "Été€-à-ç", "INSTITUT");

    // Name, domain, LM hash, NT hash: MD4 of the password in UTF-16.
    private const string Accounts = """
        anne:::DEA86B6C31AAAABA6A955C58EBD63767:::
        marc:INSTITUT::6D3CB9D6CCF252C0BAF0C7415EA373B4:::

        """;

    private readonly string _home = Directory.CreateTempSubdirectory("relais-workstation-").FullName;
    private readonly bool _nla;
    private readonly TestPlace _place;
    private Screen? _screen;
    private TestProgram? _shadow;

    public ShadowWorkstation(bool nla)
        : this(nla, TestPlace.Here, TestProgram.FreePort())
    {
    }

    private ShadowWorkstation(bool nla, TestPlace place, int port) => (_nla, _place, Address) = (nla, place, new IPEndPoint(place.Address, port));

    internal IPEndPoint Address { get; }

    internal byte[] Pin { get; private set; } = [];

    /// <summary>What it wrote, for when a test fails.</summary>
    internal string Said => _shadow?.Said ?? "";

    public static Task<ShadowWorkstation> StartAsync(bool nla) => StartAsync(nla, TestPlace.Here, TestProgram.FreePort());

    internal static async Task<ShadowWorkstation> StartAsync(bool nla, TestPlace place, int port)
    {
        var workstation = new ShadowWorkstation(nla, place, port);
        await workstation.InitializeAsync();
        return workstation;
    }

    public async ValueTask InitializeAsync()
    {
        var accounts = Path.Combine(_home, "accounts");
        await File.WriteAllTextAsync(accounts, Accounts);
        _screen = await Screen.StartAsync(white: true);
        string[] entry = _nla ? ["/sec:nla", $"/sam-file:{accounts}"] : ["/sec:tls", "-auth"];
        _shadow = _place.Start(
            "freerdp-shadow-cli", [$"/port:{Address.Port}", $"/bind-address:{Address.Address}", .. entry], ("HOME", _home), ("DISPLAY", _screen.Display));
        await _shadow.ListensAsync(() => _place.AnswersAsync(Address.Port));
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_home, ".config", "freerdp", "shadow", "shadow.crt"));
        Pin = SHA256.HashData(certificate.RawData);
    }

    public async ValueTask DisposeAsync()
    {
        if (_shadow is not null)
            await _shadow.DisposeAsync();
        if (_screen is not null)
            await _screen.DisposeAsync();
        Directory.Delete(_home, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>One that demands network level authentication, as a fixture.</summary>
public sealed class NlaWorkstation() : ShadowWorkstation(nla: true);
