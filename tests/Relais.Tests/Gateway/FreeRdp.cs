namespace Relais.Tests.Gateway;

/// <summary>Debian's xfreerdp, on a black X screen of its own.</summary>
internal sealed class FreeRdp : IAsyncDisposable
{
    private readonly Screen _screen;
    private readonly TestProgram _client;
    private readonly string _home;

    private FreeRdp(Screen screen, TestProgram client, string home) => (_screen, _client, _home) = (screen, client, home);

    public string Said => _client.Said;

    public int? ExitCode => _client.ExitCode;

    public static async Task<FreeRdp> StartAsync(params string[] arguments)
    {
        var screen = await Screen.StartAsync(white: false);
        var home = Directory.CreateTempSubdirectory("relais-xfreerdp-").FullName;
        var client = TestProgram.Start(
            "xfreerdp", [.. arguments, "/cert:ignore", "/size:640x480", "/f", "/log-level:INFO"], ("DISPLAY", screen.Display), ("HOME", home));
        return new FreeRdp(screen, client, home);
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

    public Task<int> EndsAsync(TimeSpan? within = null) => _client.EndsAsync(within);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _screen.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }
}
