using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Traffic;
using Relais.Traffic.Collector;
using Relais.Traffic.History;
using Relais.Traffic.Live;
using Relais.Traffic.Log;
using Relais.Traffic.Measures.Records;
using Record = Relais.Traffic.Measures.Records.Record;

namespace Relais.Tests.Traffic;

/// <summary>Another collector of a server's database: its own log, its own look at it, no HTTP.</summary>
internal sealed class SecondCollector : IDisposable
{
    private readonly CollectorLog _log;
    private readonly TrafficApp _app;

    private SecondCollector(TrafficApp app, CollectorLog log, FollowLog follow, LiveFigures figures)
    {
        (_app, _log, Follow, Figures) = (app, log, follow, figures);
        Keep = ActivatorUtilities.CreateInstance<KeepHistory>(app.Services, log, follow);
    }

    public FollowLog Follow { get; }

    public LiveFigures Figures { get; }

    public KeepHistory Keep { get; }

    public static async Task<SecondCollector> StartAsync(TrafficApp app, string folder)
    {
        var options = Options.Create(new TrafficOptions { Log = folder, SegmentBytes = 1 << 20 });
        var log = ActivatorUtilities.CreateInstance<CollectorLog>(app.Services, options);
        await log.StartAsync(CancellationToken.None);
        var figures = new LiveFigures();
        return new SecondCollector(app, log, ActivatorUtilities.CreateInstance<FollowLog>(app.Services, options, log, figures, new CollectorSignals(app.Counts, log)), figures);
    }

    /// <summary>Takes a start as it would come over HTTP, and returns when it is on disk.</summary>
    public Task TakeAsync(string id, string channel) => TakeAsync(id, RecordKind.Start, channel, "");

    /// <summary>Takes a page view in the same way.</summary>
    public Task TakeViewAsync(string id, string path) => TakeAsync(id, RecordKind.PageView, "", path);

    public Task LookAsync() => Follow.LookAsync(CancellationToken.None);

    public void Dispose()
    {
        Follow.Dispose();
        _log.Dispose();
    }

    private async Task TakeAsync(string id, RecordKind kind, string channel, string path)
    {
        Assert.Equal(AppendResult.Taken, _log.Open!.Log.TryAppend(Bytes(id, kind, channel, path), 1, out var durable));
        Assert.True(await durable);
    }

    private byte[] Bytes(string id, RecordKind kind, string channel, string path)
    {
        var bytes = new byte[Record.MaxLength];
        var length = new Record
        {
            Id = UInt128.Parse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            Kind = kind,
            Site = _app.Site.Id,
            Session = ulong.Parse(id[^8..], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ReceivedMs = _app.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
            Channel = Encoding.UTF8.GetBytes(channel),
            Path = Encoding.UTF8.GetBytes(path),
        }.Write(bytes);
        return bytes[..length];
    }
}
