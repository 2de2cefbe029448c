using Microsoft.Extensions.Logging;

namespace Relais.Fieldwork;

internal static partial class FieldworkLog
{
    [LoggerMessage(5001, LogLevel.Error, "Looking after held cases and appointments failed; the next look catches up")]
    public static partial void CareFailed(ILogger log, Exception e);

    [LoggerMessage(5002, LogLevel.Information, "{Count} cases came back whose interviewers gave no sign any more")]
    public static partial void Released(ILogger log, int count);
}
