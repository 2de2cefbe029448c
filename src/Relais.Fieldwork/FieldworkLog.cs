using Microsoft.Extensions.Logging;

namespace Relais.Fieldwork;

internal static partial class FieldworkLog
{
    [LoggerMessage(5001, LogLevel.Error, "Looking after held cases and appointments failed; the next look catches up")]
    public static partial void CareFailed(ILogger log, Exception e);

    [LoggerMessage(5002, LogLevel.Information, "{Count} cases came back whose interviewers gave no sign any more")]
    public static partial void Released(ILogger log, int count);

    [LoggerMessage(5003, LogLevel.Error, "The dialler's look failed; the next one is as usual")]
    public static partial void DiallerFailed(ILogger log, Exception e);

    [LoggerMessage(5010, LogLevel.Error, "Sending changes to other systems failed; it is tried again")]
    public static partial void DeliveryFailed(ILogger log, Exception e);

    [LoggerMessage(5011, LogLevel.Warning, "The webhook {Webhook} was switched off: nothing went through for too long")]
    public static partial void WebhookDisabled(ILogger log, Guid webhook);

    [LoggerMessage(5012, LogLevel.Error, "Erasing personal data failed; the next look goes on")]
    public static partial void ErasureFailed(ILogger log, Exception e);
}
