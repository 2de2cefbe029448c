using Microsoft.Extensions.Logging;

namespace Relais.Gateway;

internal static partial class GatewayLog
{
    [LoggerMessage(3001, LogLevel.Error, "Open sessions could not be looked at; the next look catches up")]
    public static partial void WatchFailed(ILogger log, Exception e);

    [LoggerMessage(3002, LogLevel.Information, "Session {Session} connected from {Client}")]
    public static partial void Connected(ILogger log, Guid session, string? client);

    [LoggerMessage(3003, LogLevel.Information, "Session {Session} connection ended: {End}, {FromClient} bytes up, {ToClient} bytes down")]
    public static partial void Ended(ILogger log, Guid session, string end, long fromClient, long toClient);

    [LoggerMessage(3004, LogLevel.Warning, "A connection from {Client} was refused: {Why}")]
    public static partial void Refused(ILogger log, string? client, string why);

    [LoggerMessage(3005, LogLevel.Warning, "Session {Session} could not reach its target: {Fault}")]
    public static partial void TargetFailed(ILogger log, Guid session, string fault);

    [LoggerMessage(3007, LogLevel.Information, "Agent {Agent} of site {Site} connected from {Address}")]
    public static partial void AgentConnected(ILogger log, Guid agent, string site, string? address);

    [LoggerMessage(3008, LogLevel.Information, "Agent {Agent} of site {Site} is not connected any more")]
    public static partial void AgentLeft(ILogger log, Guid agent, string site);

    [LoggerMessage(3009, LogLevel.Warning, "That agent {Agent} of site {Site} left could not be written; it shows as away within seconds")]
    public static partial void AgentLeaveUnwritten(ILogger log, Guid agent, string site, Exception e);

    [LoggerMessage(3006, LogLevel.Warning, "Session {Session}: its target said: {Reason}")]
    public static partial void TargetSaid(ILogger log, Guid session, string reason);

    [LoggerMessage(3009, LogLevel.Warning, "A native client of {Person} was refused at the gateway from {Client}: {Why}")]
    public static partial void FileRefused(ILogger log, Guid person, string? client, string why);

    [LoggerMessage(3020, LogLevel.Error, "A request to the app {App} failed")]
    public static partial void AppFailed(ILogger log, string app, Exception e);

    [LoggerMessage(3021, LogLevel.Warning, "The app {App} could not be reached: {Fault} ({Cause})")]
    public static partial void AppUnreachable(ILogger log, string app, string fault, string? cause);

    [LoggerMessage(3007, LogLevel.Error, "Old recordings could not be looked at; the next look catches up")]
    public static partial void PurgeFailed(ILogger log, Exception e);

    [LoggerMessage(3022, LogLevel.Error, "Feeds of native clients that are forgotten could not be looked at; the next look catches up")]
    public static partial void FeedPurgeFailed(ILogger log, Exception e);
}
