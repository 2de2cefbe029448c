namespace Relais.Portal.Remote;

/// <summary>The target is ready: what <c>&lt;RemoteScreen&gt;</c> connects with. See docs/remote-screen.md.</summary>
/// <param name="Token">Opens one connection, once.</param>
/// <param name="Gateway">Path of the gateway's WebSocket, which also says which client draws.</param>
/// <param name="KeyboardLayout">Windows keyboard layout identifier.</param>
/// <param name="Resize">"live" or "reconnect": how the target takes a new size.</param>
public sealed record ScreenOpened(
    Guid Session, string Token, DateTimeOffset ExpiresAt, string Gateway, string DesktopName, uint KeyboardLayout, ScreenClipboard Clipboard, string Resize)
{
    /// <summary>Who it is, to stand over the picture; null for nothing.</summary>
    public string? Watermark { get; init; }

    /// <summary>Which ways files may be carried; null for none.</summary>
    public ScreenFiles? Files { get; init; }

    /// <summary>Whether what is printed there comes to the page.</summary>
    public bool Prints { get; init; }
}

/// <param name="In">From the person's device into the target.</param>
/// <param name="Out">From the target to the person's device.</param>
public sealed record ScreenFiles(bool In, bool Out);

/// <param name="In">From the person's device into the target.</param>
/// <param name="Out">From the target to the person's device.</param>
public sealed record ScreenClipboard(bool In, bool Out);

/// <summary>The target is on its way; ask again.</summary>
/// <param name="State">"creating", "starting", "resuming" or "queued".</param>
/// <param name="UsualSeconds">How long this usually takes.</param>
/// <param name="Step">More exactly, by a name that the page has words for.</param>
/// <param name="Place">In the queue, counted from 1, when there is one.</param>
public sealed record ScreenProgress(string State, DateTimeOffset Since, int UsualSeconds, string? Step = null, int? Place = null);
