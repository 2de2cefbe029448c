using System.Diagnostics;

namespace Relais.Tests.Gateway;

/// <summary>Debian's xfreerdp, on a black X screen of its own.</summary>
internal sealed class FreeRdp : IDisposable
{
    private readonly Screen _screen;
    private readonly Process _client;
    private readonly List<string> _said;
    private readonly string _home;

    private FreeRdp(Screen screen, Process client, string home) =>
        (_screen, _client, _home, _said) = (screen, client, home, Programs.Listen(client, output: true));

    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    public int? ExitCode => _client.HasExited ? _client.ExitCode : null;

    public static async Task<FreeRdp> StartAsync(params string[] arguments)
    {
        var screen = await Screen.StartAsync(white: false);
        var home = Directory.CreateTempSubdirectory("relais-xfreerdp-").FullName;
        var start = Programs.Start("xfreerdp", [.. arguments, "/cert:ignore", "/size:640x480", "/f", "/log-level:INFO"]);
        start.Environment["DISPLAY"] = screen.Display;
        start.Environment["HOME"] = home;
        start.RedirectStandardOutput = true;
        return new FreeRdp(screen, Process.Start(start)!, home);
    }

    /// <summary>Waits for the workstation's white picture.</summary>
    public async Task ShowsAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (_screen.White() < 0.8)
        {
            Assert.True(ExitCode is null, $"xfreerdp left with {ExitCode}: {Said}");
            try
            {
                await pause.WaitForNextTickAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Nothing to see, {_screen.White():P0} white: {Said}");
            }
        }
    }

    public async Task<int> EndsAsync(int seconds = 20)
    {
        await _client.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(seconds));
        return _client.ExitCode;
    }

    public void Dispose()
    {
        Programs.End(_client);
        _screen.Dispose();
        Directory.Delete(_home, recursive: true);
    }
}
