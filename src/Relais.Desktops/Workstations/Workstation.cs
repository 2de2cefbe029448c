using System.Security.Cryptography;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Workstations;

/// <summary>A machine of the office that people reach through the gateway.</summary>
internal sealed class Workstation
{
    public const int NameLength = 80;

    public Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>What makes "Poste 12" and "POSTE 12" one name.</summary>
    public required string NormalizedName { get; set; }

    public Guid? OwnerId { get; set; }

    /// <summary>Groups whose people may open it, besides the owner.</summary>
    public List<WorkstationGroup> Groups { get; } = [];

    public TargetProtocol Protocol { get; set; }

    /// <summary>An address, or a name that is resolved each time and whose address is checked.</summary>
    public required string Host { get; set; }

    public int Port { get; set; }

    /// <summary>For waking it up, as AA:BB:CC:DD:EE:FF; null when nobody said.</summary>
    public string? Mac { get; set; }

    /// <summary>The office network that it stands in, whose agent alone reaches it; null for the server's own.</summary>
    public string? Site { get; set; }

    /// <summary>Whether it opens from any device, and not only from inside the person's own desktop.</summary>
    public bool Direct { get; set; }

    public ClipboardPolicy Clipboard { get; set; }

    /// <summary>Whether sessions on it are recorded.</summary>
    public RecordingPolicy Recording { get; set; }

    public bool Enabled { get; set; }

    /// <summary>SHA-256 of the certificate or host key that it must show.</summary>
    public byte[]? Pin { get; set; }

    /// <summary>What it showed instead of its pin, until an administrator decides.</summary>
    public byte[]? SeenPin { get; set; }

    /// <summary>Whether it asked for network level authentication when it was last seen with its pin.</summary>
    public bool WantsSignIn { get; set; }

    /// <summary>Whether a native client may open it now: the page offers a file for it.</summary>
    public bool OpensInClient => this is { Protocol: TargetProtocol.Rdp, Reach: Reach.Answers, WantsSignIn: true };

    public Reach Reach { get; set; }

    public DateTimeOffset ReachSince { get; set; }

    /// <summary>When waking it up began; null when nobody waits for it.</summary>
    public DateTimeOffset? WakingSince { get; set; }

    /// <summary>When the last magic packet went out.</summary>
    public DateTimeOffset? WakeSentAt { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public PinState PinState => this switch
    {
        { SeenPin: not null } => PinState.Changed,
        { Pin: not null } => PinState.Pinned,
        _ => PinState.Unpinned,
    };

    /// <summary>Takes note of what it showed, and pins the first one.</summary>
    public PinChange Show(byte[]? fingerprint, bool wantsSignIn)
    {
        if (fingerprint is null)
            return PinChange.None;
        if (Pin is null)
        {
            (Pin, WantsSignIn) = (fingerprint, wantsSignIn);
            return PinChange.Pinned;
        }

        if (CryptographicOperations.FixedTimeEquals(Pin, fingerprint))
        {
            WantsSignIn = wantsSignIn;
            return PinChange.None;
        }

        if (SeenPin is not null && CryptographicOperations.FixedTimeEquals(SeenPin, fingerprint))
            return PinChange.None;
        SeenPin = fingerprint;
        return PinChange.Changed;
    }

    /// <summary>An administrator says that the changed one is right; false when there is none, or another than the one looked at.</summary>
    public bool Approve(ReadOnlySpan<byte> fingerprint)
    {
        if (SeenPin is null || !CryptographicOperations.FixedTimeEquals(SeenPin, fingerprint))
            return false;
        (Pin, SeenPin) = (SeenPin, null);
        return true;
    }

    /// <summary>An administrator says that the pinned one stays the only right one.</summary>
    public bool KeepPin()
    {
        var awaited = SeenPin is not null;
        SeenPin = null;
        return awaited;
    }

    /// <summary>It is another machine now: what was known of the old one says nothing about it.</summary>
    public void Forget(DateTimeOffset now)
    {
        (Pin, SeenPin, WantsSignIn, WakingSince, WakeSentAt) = (null, null, false, null, null);
        See(Reach.Unknown, now);
    }

    public void See(Reach reach, DateTimeOffset now)
    {
        if (reach == Reach.Answers)
            WakingSince = null;
        if (Reach == reach)
            return;
        (Reach, ReachSince) = (reach, now);
    }

    public static string Normalize(string name) => name.Trim().Normalize(System.Text.NormalizationForm.FormKC).ToUpperInvariant();
}

/// <summary>A group whose people may open a workstation.</summary>
internal sealed class WorkstationGroup
{
    public Guid WorkstationId { get; init; }

    public Guid GroupId { get; init; }
}

/// <summary>Whether a workstation is known by its certificate or host key.</summary>
public enum PinState
{
    Unpinned,
    Pinned,

    /// <summary>It showed another one: nobody gets in until an administrator decides.</summary>
    Changed,
}

internal enum PinChange
{
    None,
    Pinned,
    Changed,
}

/// <summary>What the last knock at a workstation's port gave.</summary>
public enum Reach
{
    Unknown,
    Answers,
    Silent,

    /// <summary>Its name leads to no address.</summary>
    NameUnknown,

    /// <summary>Its name leads where the gateway does not go.</summary>
    AddressRefused,

    /// <summary>No agent of its site is connected: nothing is known of the workstation itself.</summary>
    SiteAway,
}
