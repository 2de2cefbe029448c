using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access;
using Relais.Access.Directories;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Directories;

/// <summary>A server beside a real directory: Debian's slapd on loopback, over TLS with an authority of its own.</summary>
public class DirectoryApp : RelaisApp
{
    public const string Suffix = "dc=institut,dc=example";
    public const string People = $"ou=people,{Suffix}";
    public const string Groups = $"ou=groups,{Suffix}";
    public const string Reader = $"cn=relais,{Suffix}";
    public const string ReaderPassword = "lecture seule";
    private const string RootName = $"cn=root,{Suffix}";
    private const string RootPassword = "racine";

    private readonly int _tlsPort = TestProgram.FreePort();
    private readonly int _port = TestProgram.FreePort();
    private TestProgram? _slapd;

    public string Authority { get; private set; } = "";

    internal string Folder { get; } = Directory.CreateTempSubdirectory("relais-slapd-").FullName;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Clock.LeaveMidnight();
        // Nothing is done that leaves nobody who administers.
        await this.AddPersonAsync(Relais.Access.Contracts.Roles.Administrator);
        await WriteCertificatesAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "slapd.conf"), Configuration());
        await File.WriteAllTextAsync(Path.Combine(Folder, "first.ldif"), First());
        Directory.CreateDirectory(Path.Combine(Folder, "db"));
        await TestProgram.RunAsync("/usr/sbin/slapadd", "-f", Path.Combine(Folder, "slapd.conf"), "-l", Path.Combine(Folder, "first.ldif"));
        await StartDirectoryAsync();
    }

    public async Task StartDirectoryAsync() => _slapd = await TestProgram.StartAsync(
        _tlsPort, "/usr/sbin/slapd", "-d", "0", "-f", Path.Combine(Folder, "slapd.conf"), "-h", $"ldap://127.0.0.1:{Text(_port)} ldaps://127.0.0.1:{Text(_tlsPort)}");

    public async Task StopDirectoryAsync()
    {
        if (_slapd is not null)
            await _slapd.DisposeAsync();
        _slapd = null;
    }

    /// <summary>Changes the directory as its own administrator would.</summary>
    public async Task ChangeAsync(string ldif)
    {
        var file = Path.Combine(Folder, $"{Guid.NewGuid():N}.ldif");
        await File.WriteAllTextAsync(file, ldif);
        await TestProgram.RunAsync("ldapmodify", "-x", "-H", $"ldap://127.0.0.1:{Text(_port)}", "-D", RootName, "-w", RootPassword, "-f", file);
    }

    public Task AddAsync(string user, string name, string mail, string more = "") => ChangeAsync($"""
        dn: uid={user},{People}
        changetype: add
        objectClass: inetOrgPerson
        objectClass: institutAccount
        uid: {user}
        cn: {name}
        sn: {name}
        mail: {mail}
        {more}
        """);

    public Task RemoveAsync(string user) => ChangeAsync($"dn: uid={user},{People}\nchangetype: delete\n");

    public Task SetAsync(string user, string attribute, string value) =>
        ChangeAsync($"dn: uid={user},{People}\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n");

    public Task GroupAsync(string group, string change, string user) =>
        ChangeAsync($"dn: cn={group},{Groups}\nchangetype: modify\n{change}: member\nmember: uid={user},{People}\n");

    internal DirectoryFields Fields(DirectorySecurity security = DirectorySecurity.Ldaps) => DirectoryFields.Of(DirectorySource.Usual(DirectoryKind.OpenLdap)) with
    {
        Host = "localhost", Port = security is DirectorySecurity.Ldaps ? _tlsPort : _port, Security = security, Authority = Authority, BindName = Reader,
        Password = ReaderPassword, Base = People, GroupBase = Groups, DisabledAttribute = "employeeType", DisabledValue = "parti", MostDisabledPercent = 50, PageSize = 3,
    };

    internal async Task SetUpAsync(DirectoryFields fields)
    {
        await using var scope = Services.CreateAsyncScope();
        Assert.IsType<Answer.Done>(await scope.ServiceProvider.GetRequiredService<EditDirectory>().SaveAsync(fields, Actor.System, CancellationToken.None));
    }

    internal async Task<(int Code, JsonElement Report)> VerbAsync(string name, params string[] arguments)
    {
        var verb = Services.GetServices<Verb>().Single(v => v.Name == name);
        await using var said = new StringWriter();
        var code = await verb.Run(new VerbCall(Services, arguments, said, TextWriter.Null), CancellationToken.None);
        return (code, JsonDocument.Parse(said.ToString()).RootElement);
    }

    public override async ValueTask DisposeAsync()
    {
        await StopDirectoryAsync();
        await base.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    // What Active Directory calls an account's flags, and a group at the person, stand beside what OpenLDAP calls them.
    private string Configuration() => $"""
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/inetorgperson.schema
        attributetype ( 1.3.6.1.4.1.4203.666.1.1 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
        attributetype ( 1.3.6.1.4.1.4203.666.1.2 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
        attributetype ( 1.3.6.1.4.1.4203.666.1.3 NAME 'objectGUID' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
        attributetype ( 1.3.6.1.4.1.4203.666.1.4 NAME 'memberOf' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )
        objectclass ( 1.3.6.1.4.1.4203.666.2.1 NAME 'institutAccount' SUP top AUXILIARY MAY ( userAccountControl $ sAMAccountName $ objectGUID $ memberOf ) )
        modulepath /usr/lib/ldap
        moduleload back_mdb
        pidfile {Folder}/slapd.pid
        TLSCACertificateFile {Folder}/ca.crt
        TLSCertificateFile {Folder}/server.crt
        TLSCertificateKeyFile {Folder}/server.key
        sizelimit 5
        database mdb
        maxsize 10485760
        suffix "{Suffix}"
        rootdn "{RootName}"
        rootpw {RootPassword}
        directory {Folder}/db
        limits dn.exact="{Reader}" size.soft=5 size.hard=5 size.prtotal=unlimited
        access to attrs=userPassword by anonymous auth by * none
        access to * by dn.exact="{Reader}" read by * none
        """;

    private static string First() => $"""
        dn: {Suffix}
        objectClass: dcObject
        objectClass: organization
        dc: institut
        o: Institut

        dn: {Reader}
        objectClass: applicationProcess
        objectClass: simpleSecurityObject
        cn: relais
        userPassword: {ReaderPassword}

        dn: {People}
        objectClass: organizationalUnit
        ou: people

        dn: {Groups}
        objectClass: organizationalUnit
        ou: groups

        dn: cn=Terrain,{Groups}
        objectClass: groupOfNames
        cn: Terrain
        member: {Reader}

        dn: cn=Inconnu de Relais,{Groups}
        objectClass: groupOfNames
        cn: Inconnu de Relais
        member: {Reader}

        """;

    private async Task WriteCertificatesAsync()
    {
        // Not of the moved clock: slapd's is the machine's.
        var now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Autorité de l'institut", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(5));
        Authority = authority.ExportCertificatePem();
        await File.WriteAllTextAsync(Path.Combine(Folder, "ca.crt"), Authority);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        using var certificate = server.Create(authority, now.AddDays(-1), now.AddYears(4), RandomNumberGenerator.GetBytes(8));
        await File.WriteAllTextAsync(Path.Combine(Folder, "server.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(Folder, "server.key"), serverKey.ExportPkcs8PrivateKeyPem());
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
