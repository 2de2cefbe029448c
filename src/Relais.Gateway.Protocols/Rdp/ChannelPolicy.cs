namespace Relais.Gateway.Protocols.Rdp;

/// <summary>Which static virtual channels a client may open. All others are denied, known or not.</summary>
/// <remarks>
/// Enforced on the wire and not by the page: a denied channel is renamed in the client's request, so the target never knows a channel of
/// that name, whatever the client sends on its number afterwards; names travel only in that one request. The number stays allotted, which
/// keeps the numbering that the client expects. The clipboard is allowed or denied as a whole here; <see cref="ClipboardGate"/> opens it one way only. Not covered: a program inside the desktop that, together with a changed client, hides data in an
/// allowed channel, in dynamic channels (<c>drdynvc</c>) or in the picture itself.
/// </remarks>
public sealed class ChannelPolicy
{
    /// <summary>[MS-RDPECLIP]: the clipboard, text and files both ways.</summary>
    public const string Clipboard = "cliprdr";

    /// <summary>[MS-RDPEDYC]: dynamic channels, among them display resizing.</summary>
    public const string Dynamic = "drdynvc";

    /// <summary>[MS-RDPEA]: sound towards the client.</summary>
    public const string Sound = "rdpsnd";

    private readonly HashSet<string> _allowed;

    private ChannelPolicy(IEnumerable<string> allowed) => _allowed = new HashSet<string>(allowed, StringComparer.OrdinalIgnoreCase);

    /// <summary>Picture, input, sound and resizing. No clipboard, drives, printers or smart cards.</summary>
    public static ChannelPolicy DisplayOnly { get; } = new([Dynamic, Sound]);

    /// <summary>As <see cref="DisplayOnly"/>, and the clipboard in both directions.</summary>
    public static ChannelPolicy WithClipboard { get; } = new([Dynamic, Sound, Clipboard]);

    /// <summary>Exactly these channels.</summary>
    public static ChannelPolicy Only(params IEnumerable<string> names) => new(names);

    /// <summary>True when the policy names this channel; upper and lower case are the same.</summary>
    public bool Allows(string name) => _allowed.Contains(name);
}
