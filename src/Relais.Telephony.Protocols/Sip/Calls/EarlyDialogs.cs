namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>The dialogs that telephones begin before one of them answers, one a tag (RFC 3261, 12.1), and what was acknowledged in each (RFC 3262, 4).</summary>
internal sealed class EarlyDialogs
{
    // An operator has no more telephones ring for one number; what comes beyond is somebody's mischief.
    private const int MostForks = 20;

    private readonly Dictionary<string, Early> _all = new(StringComparer.Ordinal);

    private sealed class Early(SipDialog dialog)
    {
        public SipDialog Dialog { get; } = dialog;

        public uint? Acknowledged { get; set; }

        public byte[] Description { get; set; } = [];
    }

    /// <summary>Takes a provisional answer.</summary>
    /// <param name="acknowledge">The dialog in which a PRACK is due; null where none is.</param>
    /// <returns>False for what is to be passed over: a reliable answer that came before, or before its turn.</returns>
    public bool Take(SipRequest invite, SipResponse response, out SipDialog? acknowledge)
    {
        acknowledge = null;
        if (SipDialog.OfResponse(invite, response) is not { } dialog)
            return true;
        if (!_all.TryGetValue(dialog.RemoteTag, out var early))
        {
            if (_all.Count == MostForks)
                return false;
            _all[dialog.RemoteTag] = early = new Early(dialog);
        }

        if (response.Headers.Each("Require").Contains("100rel", StringComparer.OrdinalIgnoreCase) && response.Headers.Number("RSeq") is { } number)
        {
            if (early.Acknowledged is { } last && number != last + 1)
                return false;
            early.Acknowledged = number;
            acknowledge = early.Dialog;
        }

        if (response.Describes)
            early.Description = response.Body;
        return true;
    }

    public void Forget() => _all.Clear();

    public SipDialog? DialogOf(SipRequest request) => _all.Values.FirstOrDefault(early => early.Dialog.Owns(request))?.Dialog;

    /// <summary>The dialog in which a request of ours went out.</summary>
    public SipDialog? DialogOfOurs(SipRequest sent) => _all.GetValueOrDefault(sent.To?.Tag ?? "")?.Dialog;

    /// <summary>The peer's description in a dialog; empty where it gave none yet.</summary>
    public byte[] DescriptionOf(string tag) => _all.GetValueOrDefault(tag)?.Description ?? [];

    /// <summary>The dialog that an answer makes goes on counting where its early one stood.</summary>
    public void Confirm(SipDialog dialog)
    {
        if (_all.TryGetValue(dialog.RemoteTag, out var early))
            dialog.Continue(early.Dialog);
    }
}
