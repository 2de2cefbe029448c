using Microsoft.Extensions.Logging;

namespace Relais.Telephony;

internal static partial class TelephonyLog
{
    [LoggerMessage(6001, LogLevel.Error, "SIP cannot listen on {Address}:{Port}; no call can be placed from this node until that is changed and it is restarted")]
    public static partial void CannotListen(ILogger log, string address, int port, Exception e);

    [LoggerMessage(6002, LogLevel.Warning, "The trunk {Trunk} has an address that cannot be resolved: {Host}")]
    public static partial void Unresolved(ILogger log, string trunk, string host);

    [LoggerMessage(6003, LogLevel.Error, "What happened to a call or a trunk could not be written")]
    public static partial void NotWritten(ILogger log, Exception e);

    [LoggerMessage(6004, LogLevel.Information, "{Count} calls were under way when this node was last ended; they are hung up")]
    public static partial void Restarted(ILogger log, int count);

    [LoggerMessage(6005, LogLevel.Warning, "The SIP socket failed; it goes on")]
    public static partial void SocketFailed(ILogger log, Exception e);

    [LoggerMessage(6006, LogLevel.Information, "The trunk {Trunk} is {Reach}")]
    public static partial void Reach(ILogger log, string trunk, string reach);
}
