using Microsoft.Extensions.Logging;

namespace Relais.Audience;

internal static partial class AudienceLog
{
    [LoggerMessage(4001, LogLevel.Error, "The worker of audience runs lost its database; it goes on in a moment")]
    public static partial void WorkerFailed(ILogger log, Exception e);

    [LoggerMessage(4002, LogLevel.Warning, "Run {Run} was under way when its server ended, at its try {Attempt}")]
    public static partial void RunResumed(ILogger log, Guid run, int attempt);

    [LoggerMessage(4004, LogLevel.Error, "Results of old runs could not be removed; it is tried again")]
    public static partial void RemovalFailed(ILogger log, Exception e);

    [LoggerMessage(4003, LogLevel.Error, "Run {Run} failed by a fault of the program")]
    public static partial void RunFailed(ILogger log, Guid run, Exception e);
}
