using System.Net;
using Relais.Access.Contracts;

namespace Relais.Gateway.Contracts;

/// <summary>One session of a person on a target, from its first opening to its end.</summary>
public readonly record struct SessionId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>Where a session goes. Made by the server from its own rows, never from what a client sends.</summary>
/// <param name="Kind">"desktop" or "workstation".</param>
/// <param name="Id">The row of the target.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Address">The only address that the session may dial.</param>
/// <param name="UserName">Account that the gateway signs in with; <c>DOMAIN\name</c> for a domain's.</param>
/// <param name="Password">Its secret, which never reaches the person's device; for SSH also a private key.</param>
/// <param name="CertificateSha256">The pinned certificate of the target, or its pinned host key; empty where the protocol has neither.</param>
/// <param name="Security">How an RDP target wants to be entered.</param>
public sealed record SessionTarget(
    string Kind, Guid Id, string Name, IPEndPoint Address, string UserName, string Password, byte[] CertificateSha256,
    RdpSecurity Security = RdpSecurity.Tls)
{
    /// <summary>What is spoken at the address.</summary>
    public TargetProtocol Protocol { get; init; } = TargetProtocol.Rdp;

    /// <summary>Whether sessions on it are recorded.</summary>
    public RecordingPolicy Recording { get; init; }

    /// <summary>The office network that it stands in, whose agent alone reaches it; null when the gateway itself does.</summary>
    public string? Site { get; init; }
}

/// <summary>How an RDP target is entered. TLS with the pinned certificate always comes first.</summary>
public enum RdpSecurity
{
    /// <summary>The account is given inside RDP, as xrdp wants it.</summary>
    Tls,

    /// <summary>Network level authentication (CredSSP with NTLM), as Windows wants it; a target that does not ask for it is refused.</summary>
    Nla,
}

/// <summary>What a target speaks.</summary>
public enum TargetProtocol
{
    Rdp,
    Vnc,
    Ssh,
}

/// <summary>Which ways the clipboard is open. Enforced in the RDP channels, not only in the page; for VNC towards the target only, for SSH in the page.</summary>
[Flags]
public enum ClipboardPolicy
{
    None = 0,

    /// <summary>From the person's device into the target.</summary>
    In = 1,

    /// <summary>From the target to the person's device.</summary>
    Out = 2,

    Both = In | Out,
}

/// <summary>Whether what a session shows is recorded. Never what the person types.</summary>
public enum RecordingPolicy
{
    /// <summary>It is not.</summary>
    Off,

    /// <summary>It is; where that fails, the session goes on without.</summary>
    IfPossible,

    /// <summary>It is, or there is no session.</summary>
    Mandatory,
}

/// <summary>Why a session cannot be recorded.</summary>
public enum RecordingObstacle
{
    /// <summary>What it carries is encrypted between the person's client and the target.</summary>
    Unreadable,

    /// <summary>The disk has less free space than recordings must leave.</summary>
    DiskFull,

    /// <summary>The disk does not take what is to be written.</summary>
    DiskFailed,

    /// <summary>The disk is slower than the session.</summary>
    DiskSlow,
}

/// <summary>Which kind of client a token is for. It opens no other door.</summary>
public enum GrantDoor
{
    /// <summary>A page of ours, in the browser that holds the sign-in.</summary>
    Browser,

    /// <summary>A native client through RD Gateway, which holds no sign-in: the token alone says who it is.</summary>
    Native,
}

/// <summary>What is asked of the gateway: let this sign-in of this person open this target.</summary>
/// <param name="KeyboardLayout">Windows keyboard layout identifier, such as 0x040C for French.</param>
/// <param name="TakeOver">Whether the person asked for it, so that another device that shows the target gives way.</param>
/// <param name="Resume">The session to go on with after a cut, when it is the same person's on the same target.</param>
/// <param name="Door">The kind of client that will redeem the token.</param>
public sealed record GrantRequest(
    PersonId Person, SignInId SignIn, SessionTarget Target, ClipboardPolicy Clipboard, uint KeyboardLayout, bool TakeOver, SessionId? Resume,
    GrantDoor Door = GrantDoor.Browser)
{
    /// <summary>
    /// Whether the session to resume keeps the account that it was opened with, because the person gave it once and nobody else kept it.
    /// When there is no such session any more, none is opened.
    /// </summary>
    public bool KeepAccount { get; init; }

    /// <summary>Whether somebody else's session on the target may be ended for this one.</summary>
    public bool Displace { get; init; }
}

/// <summary>The answer to a request.</summary>
public abstract record GrantResult
{
    private GrantResult() { }

    public sealed record Granted(SessionGrant Grant) : GrantResult;

    /// <summary>Another device shows the target, and nobody asked to take it over.</summary>
    public sealed record Elsewhere : GrantResult;

    /// <summary>Somebody else has the target, which shows to one person at a time, and nobody said that they may be displaced.</summary>
    public sealed record Occupied(PersonId By) : GrantResult;

    /// <summary>The person has as many sessions open as one may have.</summary>
    public sealed record TooMany : GrantResult;

    /// <summary>The node carries as many sessions as it may.</summary>
    public sealed record Full : GrantResult;

    /// <summary>The session must be recorded, and cannot be.</summary>
    /// <param name="Why">What stands in the way.</param>
    public sealed record NotRecordable(RecordingObstacle Why) : GrantResult;

    /// <summary>The session whose account was to be kept is over.</summary>
    public sealed record Over : GrantResult;
}

/// <summary>A one-time token, bound to person, sign-in, session and target.</summary>
/// <param name="Token">Given once, kept only as a hash, sent in the connection's first message and never in an address.</param>
public sealed record SessionGrant(SessionId Session, string Token, DateTimeOffset ExpiresAt);

/// <summary>A session that is open.</summary>
/// <param name="Target">The row of the target.</param>
public sealed record OpenSession(SessionId Session, PersonId Person, Guid Target);
