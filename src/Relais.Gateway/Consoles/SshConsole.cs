using Relais.Gateway.Relay;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Relais.Gateway.Consoles;

/// <summary>A shell on an SSH target, in a terminal of the browser's size.</summary>
internal sealed class SshConsole : IConsole
{
    private const string Terminal = "xterm-256color";
    private const int BufferSize = 16 * 1024;

    private readonly SshClient _client;
    private readonly SshBridge? _bridge;
    private readonly ShellBytes _bytes;

    private SshConsole(SshClient client, SshBridge? bridge, ShellStream shell)
    {
        (_client, _bridge) = (client, bridge);
        _bytes = new ShellBytes(shell);
        _client.ErrorOccurred += (_, error) => _bytes.Break(error.Exception);
        Side = new RelaySide(_bytes, (_, _) => ValueTask.CompletedTask);
    }

    public RelaySide Side { get; }

    /// <param name="bridge">Disposed with the console, after the client.</param>
    /// <exception cref="SshException">The target gives no terminal or no shell.</exception>
    public static async Task<SshConsole> OpenAsync(SshClient client, SshBridge? bridge, int columns, int rows, CancellationToken cancel)
    {
        // The library has no asynchronous way to open a shell; it waits no longer than the connection's own time limit.
        var shell = await Task.Run(() => client.CreateShellStream(Terminal, (uint)columns, (uint)rows, 0, 0, BufferSize), cancel);
        return new SshConsole(client, bridge, shell);
    }

    public Task<Stream?> GreetAsync(Stream browser, CancellationToken cancel) => Task.FromResult<Stream?>(browser);

    public TerminalSizes? Sizes => _bytes.Sizes;

    // What the page sent could not be read: the relay saw only that it could not be written.
    public RelayEnd Meant(RelayEnd end) => _bytes.Malformed ? RelayEnd.BrowserBrokeProtocol : end;

    public async ValueTask DisposeAsync()
    {
        await _bytes.DisposeAsync();
        // Waits for the target's goodbye.
        await Task.Run(_client.Dispose);
        if (_bridge is not null)
            await _bridge.DisposeAsync();
    }
}
