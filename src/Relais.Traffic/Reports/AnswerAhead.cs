using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>Each hour: asks for the day before by channel and quarter of an hour, what everybody asks in the morning. Once it is answered this costs nothing until a file of that day changes.</summary>
internal sealed class AnswerAhead(KeptHistory kept, TimeProvider clock, ILogger<AnswerAhead> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await AskAsync(stoppingToken);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task AskAsync(CancellationToken stop)
    {
        if (kept.ClickHouse is not null)
            return;
        var history = kept.Folder;
        var today = history.DayOf(clock.GetUtcNow().ToUnixTimeSeconds());
        if (!history.Days(HistoryFolder.Listens).Contains(today.AddDays(-1)))
            return;
        var (from, to) = (Bucket.Midnight(today.AddDays(-1), history.Zone), Bucket.Midnight(today, history.Zone));
        if (Bucket.Of(DateTimeOffset.FromUnixTimeSeconds(from), DateTimeOffset.FromUnixTimeSeconds(to), "quarter", history.Zone) is not { } quarters)
            return;
        try
        {
            await kept.AskAsync(new ReportQuestion(quarters, ["channel"], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), Definition.Pages), stop);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            TrafficLog.DayUnanswered(log, e);
        }
    }
}
