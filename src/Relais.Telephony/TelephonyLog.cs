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

    [LoggerMessage(6007, LogLevel.Warning, "The voice server {Address}, which carries the interviewers' voices, does not answer as it should")]
    public static partial void RoomsGone(ILogger log, string address, Exception e);

    [LoggerMessage(6008, LogLevel.Information, "The voice server {Address} answers: {Answers}")]
    public static partial void Rooms(ILogger log, string address, bool answers);

    [LoggerMessage(6009, LogLevel.Information, "The voice server {Address} had {Count} rooms of this node from before it was last ended; they are closed")]
    public static partial void Swept(ILogger log, string address, int count);

    [LoggerMessage(6020, LogLevel.Warning, "The {Leg} leg of call {Call} is bad, probably because of: {Cause} (loss {Loss} %, jitter {Jitter} ms)")]
    public static partial void LegBad(ILogger log, string leg, Guid call, string cause, double loss, double jitter);

    [LoggerMessage(6021, LogLevel.Error, "The recordings of calls could not be looked after; the next look is as usual")]
    public static partial void PurgeFailed(ILogger log, Exception e);

    [LoggerMessage(6022, LogLevel.Error, "Call {Call} should be recorded and is not: the disk does not take it")]
    public static partial void NotRecorded(ILogger log, Guid call, Exception? e);

    [LoggerMessage(6023, LogLevel.Warning, "An announcement could not be spoken by {Program}")]
    public static partial void NoSpeaker(ILogger log, string program, Exception e);

    [LoggerMessage(6041, LogLevel.Warning, "The operator at {Peer} cannot be connected to; it is tried again with the next message")]
    public static partial void NotConnected(ILogger log, string peer, Exception e);
}
