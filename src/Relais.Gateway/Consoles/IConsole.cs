using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Consoles;

/// <summary>A target that was entered with the session's account.</summary>
internal interface IConsole : IAsyncDisposable
{
    /// <summary>The target's end of the relay.</summary>
    RelaySide Side { get; }

    /// <summary>Says to the browser what comes before the bytes to relay.</summary>
    /// <returns>The browser's bytes as they are to be relayed; null when it does not speak the protocol.</returns>
    Task<Stream?> GreetAsync(Stream browser, CancellationToken cancel);

    /// <summary>Where the sizes of a terminal are told; null for what is none.</summary>
    TerminalSizes? Sizes => null;

    /// <summary>Judges again an end that the relay could only see as a broken stream.</summary>
    RelayEnd Meant(RelayEnd end) => end;
}

/// <summary>The sizes that a page gives its terminal, from the first one on.</summary>
internal sealed class TerminalSizes
{
    public Func<int, int, CancellationToken, ValueTask> Changed { get; set; } = (_, _, _) => ValueTask.CompletedTask;
}

/// <summary>What came of entering a target.</summary>
internal abstract record Entry
{
    private Entry() { }

    /// <summary>The console is the caller's to dispose.</summary>
    public sealed record Entered(IConsole Console) : Entry;

    /// <param name="Said">What the target said, for the log.</param>
    public sealed record Failed(EntryFailure Why, string Said = "") : Entry;
}

/// <summary>Enters the target of a session.</summary>
internal delegate Task<Entry> EnterTarget(Session session, string password, ConsoleHello hello, CancellationToken cancel);
