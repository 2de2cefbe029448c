using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Relais.Portal.Kit;
using Relais.Traffic.Reports;

namespace Relais.Traffic.History;

/// <summary>The history that this node writes and asks: Parquet files of its own, or ClickHouse where that is set. DuckDB takes all the cores that there are, so one asks it at a time.</summary>
internal sealed class KeptHistory : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly Lazy<HistoryFolder> _folder;
    private readonly HistoryRetention _retention;

    public KeptHistory(IOptions<HistoryOptions> options, IOptions<TrafficOptions> traffic, IOptions<PlaceOptions> place, IConfiguration configuration)
    {
        _retention = new HistoryRetention(options.Value.IdentifierMonths, options.Value.DataMonths);
        _folder = new Lazy<HistoryFolder>(() => HistoryFolder.Open(
            options.Value.Folder.Length > 0 ? options.Value.Folder : Path.Combine(configuration["Relais:Data"] ?? "var", "traffic", "history"), place.Value.TimeZone));
        if (traffic.Value.ClickHouse is { Length: > 0 } connection)
            ClickHouse = new ClickHouseHistory(connection, TimeZoneInfo.FindSystemTimeZoneById(place.Value.TimeZone), _retention);
    }

    /// <summary>Null where history is Parquet files.</summary>
    public ClickHouseHistory? ClickHouse { get; }

    public HistoryFolder Folder => _folder.Value;

    public TimeZoneInfo Zone => ClickHouse?.Zone ?? Folder.Zone;

    public DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Zone).DateTime);

    /// <exception cref="HistoryAwayException">ClickHouse does not answer.</exception>
    public async Task<IReadOnlyList<ReportLine>> AskAsync(ReportQuestion question, CancellationToken cancel)
    {
        if (ClickHouse is { } clickHouse)
            return await ClickHouseReport.OfAsync(clickHouse, question, cancel);
        await _one.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => ReportRun.Of(Folder, question, cancel), cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task PurgeAsync(DateTimeOffset now, CancellationToken cancel)
    {
        if (ClickHouse is { } clickHouse)
            await ClickHouseRetention.RunAsync(clickHouse, now, cancel);
        else
            PurgeHistory.Run(Folder, _retention, now, cancel);
    }

    public void Dispose()
    {
        ClickHouse?.Dispose();
        _one.Dispose();
    }
}
