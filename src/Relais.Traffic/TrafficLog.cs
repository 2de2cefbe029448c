using Microsoft.Extensions.Logging;

namespace Relais.Traffic;

internal static partial class TrafficLog
{
    [LoggerMessage(7001, LogLevel.Critical, "The disk cannot promise what it holds: this node ends. What was acknowledged is on disk; look at the disk before it is started again")]
    public static partial void SyncFailed(ILogger log, Exception e);

    [LoggerMessage(7002, LogLevel.Error, "The traffic log cannot be written; beacons are answered 503 until it can")]
    public static partial void WriteFailed(ILogger log, Exception e);

    [LoggerMessage(7003, LogLevel.Warning, "Sites and salts could not be read; what is known goes on")]
    public static partial void SitesUnread(ILogger log, Exception e);

    [LoggerMessage(7004, LogLevel.Warning, "Live figures could not be written; they are with the next look")]
    public static partial void FiguresUnwritten(ILogger log, Exception e);

    [LoggerMessage(7005, LogLevel.Error, "{Lost} records of the traffic log are damaged beyond reading, before record {Sequence}")]
    public static partial void RecordsLost(ILogger log, long lost, long sequence);

    [LoggerMessage(7006, LogLevel.Information, "The traffic log {Log} goes on at record {Sequence}")]
    public static partial void Opened(ILogger logger, Guid log, long sequence);

    [LoggerMessage(7007, LogLevel.Warning, "The figures of the collectors could not be read; the live wall stands still until they can")]
    public static partial void CollectorsUnread(ILogger log, Exception e);

    [LoggerMessage(7050, LogLevel.Warning, "Hours that are over could not be written into the history of traffic; they are with the next look")]
    public static partial void HistoryUnwritten(ILogger log, Exception e);

    [LoggerMessage(7060, LogLevel.Warning, "The demo's listeners could not send; they try again")]
    public static partial void DemoUnsent(ILogger log, Exception e);

    [LoggerMessage(7061, LogLevel.Warning, "The demo's speech broke off")]
    public static partial void SpeechFailed(ILogger log, Exception e);

    [LoggerMessage(7062, LogLevel.Warning, "Live figures of past days could not be purged; they are with the next look")]
    public static partial void FiguresUnpurged(ILogger log, Exception e);

    [LoggerMessage(7063, LogLevel.Warning, "The report of the day before could not be made ahead; it is made when somebody asks")]
    public static partial void DayUnanswered(ILogger log, Exception e);

    [LoggerMessage(7051, LogLevel.Error, "The history of traffic is not written: {Reason} What is not written stays in this node's log, which takes room on its disk; it is tried each minute")]
    public static partial void HistoryAway(ILogger log, string reason);

    [LoggerMessage(7052, LogLevel.Information, "The history of traffic is written again")]
    public static partial void HistoryGoesOn(ILogger log);
}
