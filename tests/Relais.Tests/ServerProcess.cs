using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using Relais.Tests.Desktops;

namespace Relais.Tests;

/// <summary>The server as a process of its own, with a database and a data directory that outlive it: to be ended by kill -9 and started again.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The person of the sample institute who works in these tests.</summary>
    public const string Person = "employe1";

    private readonly int _port = TestProgram.FreePort();
    private readonly TestDatabase _database;
    private readonly bool _shared;
    private Process? _server;

    private ServerProcess(TestDatabase database, bool shared) => (_database, _shared) = (database, shared);

    public Uri Address => new($"https://localhost:{_port}");

    public string Folder { get; } = Directory.CreateTempSubdirectory("relais-killed-").FullName;

    /// <summary>Settings beyond the usual ones, as variables of the environment.</summary>
    public Dictionary<string, string?> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>A port for HTTP, where the settings open one.</summary>
    public int HttpPort { get; } = TestProgram.FreePort();

    /// <summary>Its own authority, once it has started.</summary>
    public X509Certificate2 Authority => X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Folder, "tls", "ca.crt"));

    public static async Task<ServerProcess> CreateAsync() => new(await TestDatabase.CreateAsync(), shared: false);

    /// <summary>Another node of the same database, with a directory of its own; to be disposed first.</summary>
    public ServerProcess Beside()
    {
        var other = new ServerProcess(_database, shared: true);
        // Nodes of one institute share the secret of their keys.
        var (mine, its) = (Path.Combine(Folder, "keys"), Path.Combine(other.Folder, "keys"));
        foreach (var folder in new[] { mine, its })
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var secret = Path.Combine(mine, "protection.key");
        if (!File.Exists(secret))
        {
            File.WriteAllBytes(secret, RandomNumberGenerator.GetBytes(32));
            File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        // With its mode.
        File.Copy(secret, Path.Combine(its, "protection.key"));
        return other;
    }

    public async Task StartAsync()
    {
        _server = Run("serve");
        _server.OutputDataReceived += static (_, _) => { };
        _server.BeginOutputReadLine();
        using var anyone = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" },
        });
        await DesktopsApp.UntilAsync(async () =>
        {
            try
            {
                return (await anyone.GetAsync(new Uri(Address, "/health/ready"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    public void Kill()
    {
        if (_server is null)
            return;
        _server.Kill(entireProcessTree: true);
        _server.WaitForExit();
        _server.Dispose();
        _server = null;
    }

    /// <returns>What the verb wrote.</returns>
    public async Task<string> SayAsync(string verb)
    {
        using var program = Run(verb);
        var said = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return said;
    }

    /// <summary>Adds the sample institute's people.</summary>
    /// <returns>The person's password.</returns>
    public async Task<string> SeedAsync(string person = Person) =>
        (await SayAsync("demo people")).Split('\n').First(l => l.StartsWith($"{person} ", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];

    /// <summary>The person, signed in.</summary>
    public async Task<Browser> EnterAsync(string person = Person)
    {
        var password = await SeedAsync(person);
        var browser = new Browser(Address, Authority, null);
        var page = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", person), ("Password", password));
        Assert.Equal("/", page.Path);
        return browser;
    }

    /// <summary>Holds every write to a table up, so that the server can be killed in the midst of it, until it is disposed.</summary>
    public async Task<NpgsqlConnection> HoldWritesAsync(string table)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        // Ends with the connection.
        await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand($"LOCK TABLE {table} IN SHARE MODE", connection);
        await hold.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Waits until somebody waits to write to a table.</summary>
    public Task UntilHeldAsync(string table) => DesktopsApp.UntilAsync(async () =>
        await ScalarAsync($"SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = '{table}'::regclass)") is true);

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var query = new NpgsqlCommand(sql, connection);
        return await query.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        if (!_shared)
            await _database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private Process Run(string verb)
    {
        var start = new ProcessStartInfo("dotnet", $"{Path.Combine(AppContext.BaseDirectory, "relais.dll")} {verb}")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var usual = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["RELAIS_DATA"] = Folder,
            // Of this process alone, also where the rest is shared with another.
            ["RELAIS__Traffic__Log"] = Path.Combine(Folder, "traffic"),
            // A server of a test is over before profiling would pay.
            ["DOTNET_TieredPGO"] = "0",
            ["RELAIS_TEST_OWNER"] = Environment.GetEnvironmentVariable("RELAIS_TEST_DATA"),
            ["RELAIS__Relais__HttpsPort"] = _port.ToString(CultureInfo.InvariantCulture),
            ["RELAIS__ConnectionStrings__Relais"] = _database.ConnectionString,
            ["RELAIS__Portal__WebRoot"] = Path.Combine(RelaisApp.Repository(), "var", "web", "dist"),
        };
        foreach (var (name, value) in usual.Concat(Settings))
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("the server did not start");
    }
}
