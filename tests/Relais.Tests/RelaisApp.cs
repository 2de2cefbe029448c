using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Relais.Host;

namespace Relais.Tests;

/// <summary>
/// The real server, in this process: real Kestrel with HTTPS on a free port of loopback, a database of its own, the clock in
/// the test's hand. A class fixture: one per test class. Modules' fixtures derive what they need with <see cref="Settings"/>
/// and <see cref="Adjust"/> before it starts.
/// </summary>
public class RelaisApp : IAsyncLifetime
{
    private static readonly SemaphoreSlim Starting = new(1);
    private static volatile bool _started;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"relais-test-{Guid.NewGuid():N}");
    private readonly List<Browser> _browsers = [];
    private TestDatabase? _database;
    private WebApplication? _server;

    public ManualClock Clock { get; } = new();

    /// <summary>Settings by their full name, such as "Relais:Names:0".</summary>
    protected Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Where to listen; 0 takes a free one.</summary>
    protected int Port { get; init; }

    public Uri Address { get; private set; } = new("https://localhost");

    public string DataFolder => _folder;

    public string ConnectionString => _database?.ConnectionString ?? "";

    public IServiceProvider Services => _server!.Services;

    protected virtual void Adjust(WebApplicationBuilder builder)
    {
    }

    /// <summary>Adds endpoints that only the tests have.</summary>
    protected virtual void Map(WebApplication server)
    {
    }

    public virtual async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        _database = await TestDatabase.CreateAsync();
        await StartAsync(Port);
    }

    /// <summary>Stops the server and starts it again at the same port, with the same database and folder.</summary>
    public async Task RestartAsync()
    {
        await _server!.DisposeAsync();
        await StartAsync(Address.Port);
    }

    private async Task StartAsync(int port)
    {
        var settings = new Dictionary<string, string>(Settings, StringComparer.Ordinal)
        {
            ["Relais:Data"] = _folder,
            ["Relais:HttpsPort"] = port.ToString(CultureInfo.InvariantCulture),
            ["ConnectionStrings:Relais"] = ConnectionString,
            ["Portal:WebRoot"] = Path.Combine(Repository(), "var", "web", "dist"),
            ["environment"] = "Development",
        };
        _server = await Server.BuildAsync([.. settings.Select(s => $"--{s.Key}={s.Value}")], builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            Adjust(builder);
        });
        Map(_server);
        await StartFirstAloneAsync(_server);
        var bound = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Address = new Uri($"https://localhost:{bound.Port}");
    }

    // The ranges of options are made ready when they are first looked at, in attributes that all servers of this process share and that are not made for two at once.
    private static async Task StartFirstAloneAsync(WebApplication server)
    {
        if (_started)
        {
            await server.StartAsync();
            return;
        }

        await Starting.WaitAsync();
        try
        {
            await server.StartAsync();
            _started = true;
        }
        finally
        {
            Starting.Release();
        }
    }

    /// <summary>A browser without any cookie. From another address of loopback, such as 127.0.0.7, when one is given.</summary>
    public Browser OpenBrowser(string? from = null)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, "tls", "ca.crt"));
        var browser = new Browser(Address, authority, from is null ? null : IPAddress.Parse(from));
        _browsers.Add(browser);
        return browser;
    }

    /// <summary>The first folder above the test program that holds the solution.</summary>
    public static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Relais.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("Not inside the repository.");
        return folder.FullName;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers)
            browser.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
