using System.Net;
using Relais.Gateway.Contracts;

namespace Relais.Tests.Gateway.Consoles;

/// <summary>OpenSSH's server, with keys and settings of its own, for the user who runs the tests.</summary>
internal sealed class Sshd : IAsyncDisposable
{
    private readonly string _folder;
    private readonly TestPlace _place;
    private TestProgram? _program;

    private Sshd(string folder, TestPlace place, int port) => (_folder, _place, Address) = (folder, place, new IPEndPoint(place.Address, port));

    public IPEndPoint Address { get; }

    /// <summary>Of nobody's module: the workstations' would end sessions on machines that it does not know.</summary>
    public const string Kind = "test";

    public static string UserName => Environment.UserName;

    /// <summary>The private key that the server accepts.</summary>
    public string UserKey => File.ReadAllText(UserKeyFile);

    public string UserKeyFile => Path.Combine(_folder, "user");

    public string HostKeyFile => Path.Combine(_folder, "host.pub");

    public static Task<Sshd> StartAsync() => StartAsync(TestPlace.Here, TestProgram.FreePort());

    public static async Task<Sshd> StartAsync(TestPlace place, int port)
    {
        var sshd = new Sshd(Directory.CreateTempSubdirectory("relais-sshd-").FullName, place, port);
        await TestProgram.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", sshd.UserKeyFile);
        File.Copy(sshd.UserKeyFile + ".pub", Path.Combine(sshd._folder, "authorized"));
        // Sshd insists on it when it is root.
        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd");
        await File.WriteAllTextAsync(Path.Combine(sshd._folder, "sshd_config"), $"""
            ListenAddress {sshd.Address}
            HostKey {sshd._folder}/host
            AuthorizedKeysFile {sshd._folder}/authorized
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication yes
            PermitRootLogin yes
            MaxAuthTries 20
            SetEnv LANG=C.UTF-8 HOME={sshd._folder}
            PrintMotd no
            PrintLastLog no
            """);
        await sshd.ChangeHostKeyAsync();
        return sshd;
    }

    /// <summary>Starts it again, with a new host key: as when somebody else answers at its address.</summary>
    public async Task ChangeHostKeyAsync()
    {
        await StopAsync();
        File.Delete(Path.Combine(_folder, "host"));
        File.Delete(HostKeyFile);
        await TestProgram.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(_folder, "host"));
        _program = await _place.StartAsync(Address.Port, "/usr/sbin/sshd", "-D", "-e", "-f", Path.Combine(_folder, "sshd_config"));
    }

    public async Task<SessionTarget> TargetAsync(string? secret = null) => new(
        Kind, Guid.CreateVersion7(), "serveur d’essai", Address, UserName, secret ?? UserKey,
        await HostKeys.ReadAsync(Address, TimeSpan.FromSeconds(10), CancellationToken.None) ?? [])
    {
        Protocol = TargetProtocol.Ssh,
    };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StopAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        _program = null;
    }
}
