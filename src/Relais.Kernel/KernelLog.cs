using Microsoft.Extensions.Logging;

namespace Relais.Kernel;

internal static partial class KernelLog
{
    [LoggerMessage(100, LogLevel.Error, "Events of the outbox could not be handed over; trying again")]
    public static partial void DeliveryFailed(ILogger log, Exception e);

    [LoggerMessage(101, LogLevel.Error, "{Kind} for {Consumer} (row {Seq}) failed for the {Failures}. time")]
    public static partial void EventFailed(ILogger log, string kind, string consumer, long seq, int failures, Exception e);

    [LoggerMessage(102, LogLevel.Warning, "Relais:Clock is set: this server's time goes {Speed} times as fast, and is {Shown:u} now. It is for simulations; remove it where people work")]
    public static partial void FastClock(ILogger log, double speed, DateTimeOffset shown);
}
