using System.Net;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Sessions;

/// <summary>A person's use of a target, which may span several connections when the network is cut.</summary>
internal sealed class Session
{
    public Guid Id { get; init; }

    public Guid PersonId { get; init; }

    public Guid SignInId { get; init; }

    public required string TargetKind { get; init; }

    public Guid TargetId { get; init; }

    public required string TargetName { get; set; }

    public required string Address { get; set; }

    /// <summary>The site whose agent reaches the address; null when this server does.</summary>
    public string? Site { get; set; }

    public TargetProtocol Protocol { get; set; }

    public required string UserName { get; set; }

    /// <summary>The target's password, encrypted by the institute's data protection keys.</summary>
    public required string Secret { get; set; }

    public required byte[] CertificateSha256 { get; set; }

    public RdpSecurity Security { get; set; }

    public ClipboardPolicy Clipboard { get; set; }

    public long KeyboardLayout { get; set; }

    public RecordingPolicy Recording { get; set; }

    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When a connection of this session was last known to be alive.</summary>
    public DateTimeOffset SeenAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public SessionEnd? End { get; set; }

    /// <summary>Why it is to end, as soon as the node that holds it sees this.</summary>
    public string? EndAsked { get; set; }

    public string? ClientAddress { get; set; }

    /// <summary>What kind of client its last connection came from.</summary>
    public GrantDoor Door { get; set; }

    /// <summary>Counts its connections; the holder of an older number has lost the session.</summary>
    public int Connection { get; set; }

    public long FromClientBytes { get; set; }

    public long ToClientBytes { get; set; }

    public IPEndPoint EndPoint => IPEndPoint.Parse(Address);

    /// <summary>Whether the gateway sees what it carries: it signs in itself. Otherwise the person's client and the target encrypt among themselves.</summary>
    public bool Readable => IsReadable(Protocol, UserName);

    /// <summary>
    /// Whether somebody else can be shown it: a terminal that the gateway speaks for, a screen that takes a second client, or RDP as the
    /// portal's own client draws it. Other clients of RDP settle on pictures that it does not know.
    /// </summary>
    public bool Watchable => Readable && (Protocol != TargetProtocol.Rdp || Door == GrantDoor.Browser);

    public static bool IsReadable(TargetProtocol protocol, string userName) => protocol == TargetProtocol.Vnc || userName.Length > 0;

    /// <summary>The RDP channels that its policy leaves open.</summary>
    public ChannelPolicy Channels => Clipboard == ClipboardPolicy.None ? ChannelPolicy.DisplayOnly : ChannelPolicy.WithClipboard;

    /// <summary>What lets a clipboard that is open one way only through; null when there is nothing to look at.</summary>
    public ClipboardGate? ClipboardGate => Clipboard is ClipboardPolicy.In or ClipboardPolicy.Out
        ? new ClipboardGate(Clipboard.HasFlag(ClipboardPolicy.In), Clipboard.HasFlag(ClipboardPolicy.Out))
        : null;

    public static Session Open(GrantRequest request, string secret, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        PersonId = request.Person.Value,
        SignInId = request.SignIn.Value,
        TargetKind = request.Target.Kind,
        TargetId = request.Target.Id,
        TargetName = request.Target.Name,
        Address = request.Target.Address.ToString(),
        Site = request.Target.Site,
        Protocol = request.Target.Protocol,
        UserName = request.Target.UserName,
        Secret = secret,
        CertificateSha256 = request.Target.CertificateSha256,
        Security = request.Target.Security,
        Clipboard = request.Clipboard,
        KeyboardLayout = request.KeyboardLayout,
        Recording = request.Target.Recording,
        OpenedAt = now,
        SeenAt = now,
    };

    /// <summary>A desktop may have been rebuilt since the cut: the session goes on at its present address.</summary>
    /// <param name="secret">The password of the request's account, or null to keep account and password as they are.</param>
    public void Retarget(GrantRequest request, string? secret)
    {
        if (secret is not null)
            (UserName, Secret) = (request.Target.UserName, secret);
        TargetName = request.Target.Name;
        Address = request.Target.Address.ToString();
        Site = request.Target.Site;
        Protocol = request.Target.Protocol;
        CertificateSha256 = request.Target.CertificateSha256;
        Security = request.Target.Security;
        Clipboard = request.Clipboard;
        KeyboardLayout = request.KeyboardLayout;
        Recording = request.Target.Recording;
    }
}

/// <summary>Why a session ended.</summary>
public enum SessionEnd
{
    /// <summary>The person closed it.</summary>
    Left,

    /// <summary>The same person opened the target elsewhere.</summary>
    Moved,

    /// <summary>Somebody else opened the target, which shows to one person at a time.</summary>
    TakenOver,

    /// <summary>An administrator ended it.</summary>
    EndedByAdministrator,

    /// <summary>The person was disabled, signed out or expired.</summary>
    AccessWithdrawn,

    /// <summary>No byte for too long.</summary>
    Idle,

    /// <summary>The target went away.</summary>
    TargetGone,

    /// <summary>The connection was cut and nobody took the session up again.</summary>
    Lost,

    /// <summary>It lasted as long as a session may.</summary>
    TimeLimit,

    /// <summary>The institute's rules of access do not let it go on: from there, with that client or at that hour.</summary>
    Barred,

    /// <summary>It had to be recorded, and could not be.</summary>
    NotRecorded,

    /// <summary>The node carries as many sessions as it may.</summary>
    NodeFull,

    /// <summary>The target refused the account, or is not what it was known as.</summary>
    Refused,
}
