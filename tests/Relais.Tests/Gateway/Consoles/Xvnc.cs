using System.Net;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Rfb;

namespace Relais.Tests.Gateway.Consoles;

/// <summary>TigerVNC's server, with a terminal on its screen that writes what is typed into a file.</summary>
internal sealed class Xvnc : IAsyncDisposable
{
    public const string Password = "motdepas";
    private readonly string _folder = Directory.CreateTempSubdirectory("relais-xvnc-").FullName;
    private readonly List<TestProgram> _programs = [];
    private readonly TestPlace _place;

    private Xvnc(TestPlace place, int port) => (_place, Address) = (place, new IPEndPoint(place.Address, port));

    public IPEndPoint Address { get; }

    // Displays have names in the file system, for all places together: as free as a port is. They have numbers up to 59535.
    public string Display { get; } = $":{TestProgram.FreePort() - 6000}";

    public string TypedFile => Path.Combine(_folder, "typed");

    /// <param name="security">"VncAuth" or "None", as the server names them.</param>
    public static Task<Xvnc> StartAsync(string security = "VncAuth") => StartAsync(TestPlace.Here, TestProgram.FreePort(), security);

    public static async Task<Xvnc> StartAsync(TestPlace place, int port, string security = "VncAuth")
    {
        var xvnc = new Xvnc(place, port);
        xvnc.Forget();
        var passwords = Path.Combine(xvnc._folder, "passwd");
        await File.WriteAllBytesAsync(passwords, Obfuscated());
        xvnc._programs.Add(await place.StartAsync(
            port, "Xvnc", xvnc.Display, "-geometry", "800x600", "-depth", "24", "-interface", $"{place.Address}", "-rfbport", $"{xvnc.Address.Port}",
            "-SecurityTypes", security, "-PasswordFile", passwords, "-nolisten", "tcp", "-AlwaysShared"));
        return xvnc;
    }

    /// <summary>Fills its screen with a terminal that waits for a line.</summary>
    public async Task ShowTerminalAsync() => _programs.Add(await _place.StartAsync(
        Address.Port, "xterm", "-display", Display, "-geometry", "100x40+0+0", "-fg", "white", "-bg", "#204080", "-e", "sh", "-c", $"read line; printf '%s' \"$line\" > {TypedFile}; read end"));

    public SessionTarget Target(string password = Password) =>
        new(Sshd.Kind, Guid.CreateVersion7(), "poste d’essai", Address, "", password, []) { Protocol = TargetProtocol.Vnc };

    // As vncpasswd writes it: the password encrypted with a key that everybody knows.
    private static byte[] Obfuscated()
    {
        var password = new byte[VncChallenge.Length];
        System.Text.Encoding.ASCII.GetBytes(Password).CopyTo(password, 0);
        return VncChallenge.Respond("\u0017Rk\u0006#NX\u0007", password)[..8];
    }

    // A killed server leaves its display locked, and its process number may be another program's by now.
    private void Forget()
    {
        var file = $"/tmp/.X{Display[1..]}-lock";
        if (!File.Exists(file) || IsServer(File.ReadAllText(file).Trim()))
            return;
        File.Delete(file);
        File.Delete($"/tmp/.X11-unix/X{Display[1..]}");
    }

    private static bool IsServer(string process) =>
        File.Exists($"/proc/{process}/comm") && File.ReadAllText($"/proc/{process}/comm").StartsWith('X');

    public async ValueTask DisposeAsync()
    {
        foreach (var program in Enumerable.Reverse(_programs))
            await program.DisposeAsync();
        Forget();
        Directory.Delete(_folder, recursive: true);
    }
}
