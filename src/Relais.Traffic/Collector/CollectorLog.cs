using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Traffic.Log;

namespace Relais.Traffic.Collector;

/// <summary>A log that is open.</summary>
/// <param name="Id">The log's own name, which its directory keeps: positions belong to it.</param>
internal sealed record OpenLog(Guid Id, ILogFiles Files, SegmentLog Log);

/// <summary>Opens the directory of a log: the disk, unless a measurement or a test puts a slower one in its place.</summary>
internal delegate ILogFiles OpenLogFiles(string folder);

/// <summary>This node's log, open while the node runs and this process's alone.</summary>
internal sealed class CollectorLog : IHostedService, IDisposable
{
    private const int InputOutputError = 74; // EX_IOERR of sysexits.h

    private readonly TrafficOptions _options;
    private readonly OpenLogFiles _open;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _clock;
    private readonly ILogger<CollectorLog> _logger;
    private readonly string _folder;
    private FileStream? _identity;

    public CollectorLog(
        IOptions<TrafficOptions> options, OpenLogFiles open, IConfiguration configuration, IHostApplicationLifetime lifetime, BeaconCounts counts, TimeProvider clock, ILogger<CollectorLog> logger)
    {
        (_options, _open, _lifetime, _clock, _logger) = (options.Value, open, lifetime, clock, logger);
        _folder = _options.Log is { Length: > 0 } given ? given : Path.Combine(configuration["Relais:Data"] ?? "var", "traffic");
        counts.Meter.CreateObservableGauge("relais.traffic.queue.age", () => Open?.Log.Waiting.TotalSeconds ?? 0, "s", "How long the oldest beacon that is not on disk has waited");
    }

    /// <summary>Null where this node does not collect.</summary>
    public OpenLog? Open { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_options.Collect)
            return Task.CompletedTask;
        var files = _open(_folder);
        var id = Identify();
        var log = SegmentLog.Open(files, new SegmentLogOptions
        {
            SegmentBytes = _options.SegmentBytes,
            BufferBytes = Math.Min(_options.BufferBytes, _options.SegmentBytes),
            LongestWait = _options.LongestWait,
            OnSyncFailed = End,
            OnWriteFailed = e => TrafficLog.WriteFailed(_logger, e),
        }, _clock);
        Open = new OpenLog(id, files, log);
        TrafficLog.Opened(_logger, id, log.End.Sequence);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        Open?.Log.Dispose();
        _identity?.Dispose();
    }

    // Kept open and locked: a second process in this directory would write the same segments.
    private Guid Identify()
    {
        try
        {
            _identity = new FileStream(Path.Combine(_folder, "log.id"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new InvalidOperationException($"The traffic log in {_folder} is open in another process, or cannot be read: end that one, or name a directory for this node (Traffic:Log).", e);
        }

        Span<byte> bytes = stackalloc byte[16];
        if (_identity.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length)
            return new Guid(bytes);
        var made = Guid.NewGuid();
        _identity.Position = 0;
        _identity.Write(made.ToByteArray());
        _identity.Flush(flushToDisk: true);
        return made;
    }

    private void End(Exception e)
    {
        TrafficLog.SyncFailed(_logger, e);
        Environment.ExitCode = InputOutputError;
        _lifetime.StopApplication();
    }
}
