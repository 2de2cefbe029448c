using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Desktops;
using Relais.Desktops.Desktops;

namespace Relais.Tests.Desktops;

/// <summary>
/// The real server with the real engine that ./relais test started. One at a time: each takes whatever instance its database does not
/// know for an orphan.
/// </summary>
public class DesktopsApp : RelaisApp
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public DesktopsApp()
    {
        Port = TestProgram.FreePort();
        Settings["Desktops:Engine"] = EngineFile;
        // As the launcher settles it: desktops reach the portal, by its name, at the host's address in their network.
        Settings["Desktops:Portal"] = $"https://{PortalName}:{Port}/";
        Settings["Relais:InsideBind"] = HostInside();
        foreach (var (name, at) in new[] { "localhost", "127.0.0.1", PortalName }.Index().Select(n => (n.Item, n.Index)))
            Settings[$"Relais:Names:{at}"] = name;
        Settings["Desktops:Bundles"] = Path.Combine(Repository(), "bundles");
        Settings["Desktops:Images:bureau-standard"] = Variable("RELAIS_TEST_IMAGE");
        // Another bundle's rules and limits on the image that there is: building one takes minutes.
        Settings["Desktops:Images:enqueteur"] = Variable("RELAIS_TEST_IMAGE");
    }

    public const string PortalName = "relais.test";

    /// <summary>The host's address in the desktops' network.</summary>
    public static string HostInside()
    {
        using var engine = JsonDocument.Parse(File.ReadAllText(EngineFile));
        return System.Net.IPNetwork.Parse(engine.RootElement.GetProperty("subnet").GetString()!).BaseAddress.ToString()[..^1] + "1";
    }

    public static string EngineFile => Variable("RELAIS_TEST_ENGINE");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await RemoveInstancesAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Leaves the engine empty for the next one, which would otherwise spend its first minute on orphans.</summary>
    public static async Task RemoveInstancesAsync()
    {
        var (_, listed) = await RunAsync("lxc", "list", "--format=csv", "--columns=n");
        foreach (var instance in listed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await RunAsync("lxc", "delete", "--force", instance);
    }

    /// <summary>Asks until the desktop is open, as its page does.</summary>
    public static async Task<JsonElement> OpenDesktopAsync(Browser browser, bool takeOver = true)
    {
        using var late = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (true)
        {
            using var response = await browser.PostJsonAsync("/api/desktops/mine/open", new { takeOver });
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(late.Token);
            if (response.StatusCode == System.Net.HttpStatusCode.OK)
                return answer;
            Assert.True(response.StatusCode == System.Net.HttpStatusCode.Accepted, answer.ToString());
            await pause.WaitForNextTickAsync(late.Token);
        }
    }

    /// <summary>The instance of a person's desktop.</summary>
    /// <summary>The file that opens the person's desktop in a native client, once the desktop is ready.</summary>
    public static async Task<byte[]> SaveFileAsync(Browser browser)
    {
        using var late = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (true)
        {
            using var response = await browser.PostJsonAsync("/api/desktops/mine/rdp", new { });
            if (response.StatusCode == System.Net.HttpStatusCode.OK)
            {
                Assert.Equal("application/x-rdp", response.Content.Headers.ContentType?.MediaType);
                Assert.True(response.Headers.CacheControl?.NoStore);
                return await response.Content.ReadAsByteArrayAsync(late.Token);
            }

            Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
            await pause.WaitForNextTickAsync(late.Token);
        }
    }

    public Task<string> InstanceOfAsync(TestPerson person) => InstanceOfAsync(person.Id);

    public async Task<string> InstanceOfAsync(Guid person)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DesktopsDb>();
        return (await db.Desktops.AsNoTracking().SingleAsync(d => d.PersonId == person)).Instance;
    }

    /// <summary>Sessions that were ever opened through the gateway.</summary>
    public async Task<int> CountSessionsAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Relais.Gateway.GatewayDb>().Sessions.CountAsync();
    }

    /// <summary>How many connections a person's sessions have had.</summary>
    public async Task<int> CountConnectionsAsync(TestPerson person)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Relais.Gateway.GatewayDb>().Sessions.Where(s => s.PersonId == person.Id).SumAsync(s => s.Connection);
    }

    internal async Task WantAsync(TestPerson person, Wanted wanted, DesktopState until)
    {
        await using (var scope = Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<DesktopsDb>();
            await db.Desktops.Where(d => d.PersonId == person.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.Wanted, wanted));
            await db.Database.ExecuteSqlRawAsync($"NOTIFY {Reconcile.Channel}");
        }

        try
        {
            await UntilAsync(async () => await StateOfAsync(person) == until);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The desktop is {await StateOfAsync(person)}, and not {until}: {(await RunAsync("lxc", "list")).Output}");
        }
    }

    internal async Task<DesktopState?> StateOfAsync(TestPerson person)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DesktopsDb>().Desktops
            .Where(d => d.PersonId == person.Id).Select(d => (DesktopState?)d.State).SingleOrDefaultAsync();
    }

    public static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan? patience = null)
    {
        using var late = new CancellationTokenSource(patience ?? Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await holds())
            await pause.WaitForNextTickAsync(late.Token);
    }

    /// <summary>Runs a command inside an instance, as root.</summary>
    public static Task<(int Code, string Output)> InsideAsync(string instance, string command) =>
        RunAsync("lxc", "exec", instance, "--", "sh", "-c", command);

    /// <summary>Runs the engine's own client on the tests' engine.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        using var engine = JsonDocument.Parse(await File.ReadAllTextAsync(EngineFile));
        start.Environment["LXD_DIR"] = Path.GetDirectoryName(engine.RootElement.GetProperty("socket").GetString());
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(late.Token);
        return (process.ExitCode, await output + await error);
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{name} is not set: ./relais test sets it. {Environment.GetEnvironmentVariable("RELAIS_TEST_ENGINE_MISSING")}");
}
