using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Relais.Tests;

/// <summary>What a server of this process logs, for a test to wait for and to look at.</summary>
internal sealed class LoggedLines : ILoggerProvider
{
    private readonly ConcurrentQueue<Line> _lines = new();
    private readonly SemaphoreSlim _more = new(0);

    public sealed record Line(string Category, LogLevel Level, string Text, Exception? Cause);

    public IReadOnlyList<Line> All => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    /// <summary>Waits for a line that was logged, or is.</summary>
    public async Task<Line> OneAsync(Func<Line, bool> wanted, CancellationToken cancel)
    {
        while (true)
        {
            if (_lines.FirstOrDefault(wanted) is { } found)
                return found;
            await _more.WaitAsync(cancel);
        }
    }

    public void Dispose() => _more.Dispose();

    private sealed class Logger(string category, LoggedLines lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lines._lines.Enqueue(new Line(category, logLevel, formatter(state, exception), exception));
            try
            {
                lines._more.Release();
            }
            catch (ObjectDisposedException)
            {
                // Logged after the server that owns this was disposed.
            }
        }
    }
}
