using Microsoft.Extensions.Logging;
using Relais.Access.SignIns;

namespace Relais.Access;

internal static partial class AccessLog
{
    [LoggerMessage(1000, LogLevel.Information, "Person {Person} signed in by {Method} from {Address}")]
    public static partial void SignedIn(this ILogger log, Guid person, SignInMethod method, string? address);

    [LoggerMessage(1001, LogLevel.Information, "Sign-in refused for {Person} from {Address}")]
    public static partial void SignInRefused(this ILogger log, Guid? person, string? address);

    [LoggerMessage(1002, LogLevel.Warning, "Sign-in attempts from {Address} are slowed down: next one in {Wait}")]
    public static partial void SignInSlowedDown(this ILogger log, string address, TimeSpan wait);

    [LoggerMessage(1003, LogLevel.Information, "Second factor refused for {Person} from {Address}")]
    public static partial void CodeRefused(this ILogger log, Guid person, string? address);

    [LoggerMessage(1004, LogLevel.Information, "Passkey refused from {Address}")]
    public static partial void PasskeyRefused(this ILogger log, string? address);

    [LoggerMessage(1005, LogLevel.Error, "Native clients that ended long ago could not be forgotten; the next look catches up")]
    public static partial void PurgeFailed(this ILogger log, Exception e);

    [LoggerMessage(1006, LogLevel.Warning, "The mail server {Host} takes nothing; mails wait until {Until}")]
    public static partial void MailServerAway(this ILogger log, string host, DateTimeOffset until, Exception e);

    [LoggerMessage(1010, LogLevel.Information, "Sign-in by {Issuer} refused from {Address}: {Problem}")]
    public static partial void OpenIdRefused(this ILogger log, string? issuer, OpenId.OpenIdProblem problem, string? address);

    [LoggerMessage(1011, LogLevel.Warning, "The directory was not synchronised: {Trouble} {Detail}")]
    public static partial void DirectoryTrouble(this ILogger log, Directories.DirectoryTrouble trouble, string detail);

    [LoggerMessage(1013, LogLevel.Warning, "The directory did not say whether the password of {Person} is right: {Trouble} {Detail}")]
    public static partial void DirectoryPasswordUnchecked(this ILogger log, Guid person, Directories.DirectoryTrouble trouble, string detail);

    [LoggerMessage(1012, LogLevel.Error, "The directory could not be synchronised; the next turn tries again")]
    public static partial void DirectoryFailed(this ILogger log, Exception e);
}
