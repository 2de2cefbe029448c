using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Playwright;
using Npgsql;

namespace Relais.Tests.Desktops;

/// <summary>The server as a process of its own, ended by kill -9 at bad moments.</summary>
[Collection(EngineTests.Name)]
public sealed class KilledServer : IAsyncLifetime
{
    private const string Person = "employe1";
    private const string Overlay = "[data-part=overlay]";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"relais-killed-{Guid.NewGuid():N}");
    private readonly int _port = TestProgram.FreePort();
    private TestDatabase? _database;
    private Process? _server;

    private Uri Address => new($"https://localhost:{_port}");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        _database = await TestDatabase.CreateAsync();
    }

    [Theory]
    [InlineData("Creating")]
    [InlineData("Starting")]
    public async Task A_server_killed_while_a_desktop_is_made_leaves_exactly_one(string moment)
    {
        await StartAsync();
        using var browser = await EnterAsync();
        using (var answer = await browser.PostJsonAsync("/api/desktops/mine/open", new { takeOver = true }))
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await DesktopsApp.UntilAsync(async () => await ScalarAsync("""SELECT "State" FROM desktops.desktop""") is string state && state != "Waiting" && (moment == "Creating" || state != "Creating"));
        Kill();

        await StartAsync();
        await DesktopsApp.OpenDesktopAsync(browser);
        var row = await ScalarAsync("""SELECT "Id" FROM desktops.desktop""");
        var (_, listed) = await DesktopsApp.RunAsync("lxc", "list", $"user.relais.desktop={row}", "--format=csv", "--columns=s");
        Assert.Equal(["RUNNING"], listed.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM desktops.desktop"));
    }

    [Fact]
    public async Task A_browser_finds_the_server_again_by_itself_and_the_desktop_went_on_meanwhile()
    {
        await StartAsync();
        var password = await SeedAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(Address);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=UserName]", Person);
        await page.FillAsync("[name=Password]", password);
        await page.PressAsync("[name=Password]", "Enter");
        await page.ClickAsync("a[href='/desktop']");
        await page.WaitForSelectorAsync(Overlay, new() { State = WaitForSelectorState.Hidden, Timeout = 90_000 });
        var before = await DesktopSessionAsync();

        Kill();
        await page.WaitForSelectorAsync(Overlay, new() { State = WaitForSelectorState.Visible });
        await StartAsync();
        await page.WaitForSelectorAsync(Overlay, new() { State = WaitForSelectorState.Hidden, Timeout = 90_000 });
        Assert.Equal(2, await ScalarAsync("""SELECT "Connection" FROM gateway.session"""));
        Assert.Equal(before, await DesktopSessionAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        if (_database is not null)
            await _database.DisposeAsync();
        await DesktopsApp.RemoveInstancesAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
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

    // The number of the process that holds the person's programs together: another one would be another session.
    private async Task<string> DesktopSessionAsync()
    {
        var instance = $"d-{await ScalarAsync("""SELECT "Id" FROM desktops.desktop"""):N}";
        var session = "";
        await DesktopsApp.UntilAsync(async () => (session = (await DesktopsApp.InsideAsync(instance, "pgrep -x xfce4-session")).Output.Trim()).Length > 0);
        return session;
    }

    private async Task<string> SeedAsync()
    {
        using var seed = Run("demo people");
        var said = await seed.StandardOutput.ReadToEndAsync();
        await seed.WaitForExitAsync();
        return said.Split('\n').First(l => l.StartsWith($"{Person} ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
    }

    private async Task<Browser> EnterAsync()
    {
        var password = await SeedAsync();
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, "tls", "ca.crt"));
        var browser = new Browser(Address, authority, null);
        var page = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", Person), ("Password", password));
        Assert.Equal("/", page.Path);
        return browser;
    }

    private Process Run(string verb)
    {
        var start = new ProcessStartInfo("dotnet", $"{Path.Combine(AppContext.BaseDirectory, "relais.dll")} {verb}")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["RELAIS_DATA"] = _folder,
            ["RELAIS_TEST_OWNER"] = Environment.GetEnvironmentVariable("RELAIS_TEST_DATA"),
            ["RELAIS__Relais__HttpsPort"] = _port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["RELAIS__ConnectionStrings__Relais"] = _database?.ConnectionString,
            ["RELAIS__Portal__WebRoot"] = Path.Combine(RelaisApp.Repository(), "var", "web", "dist"),
            ["RELAIS__Desktops__Engine"] = DesktopsApp.EngineFile,
            ["RELAIS__Desktops__Bundles"] = Path.Combine(RelaisApp.Repository(), "bundles"),
            ["RELAIS__Desktops__Images__bureau-standard"] = Environment.GetEnvironmentVariable("RELAIS_TEST_IMAGE"),
            ["RELAIS__Desktops__ReconcileEvery"] = "00:00:01",
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("the server did not start");
    }

    private void Kill()
    {
        if (_server is null)
            return;
        _server.Kill(entireProcessTree: true);
        _server.WaitForExit();
        _server.Dispose();
        _server = null;
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database?.ConnectionString);
        await connection.OpenAsync();
        await using var query = new NpgsqlCommand(sql, connection);
        return await query.ExecuteScalarAsync();
    }
}
