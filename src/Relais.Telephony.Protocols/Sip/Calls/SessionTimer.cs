using System.Globalization;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>How long a session lasts without being refreshed (RFC 4028), so that a side which died without a BYE is noticed.</summary>
/// <param name="Seconds">90 at least.</param>
/// <param name="ByCaller">Whether it is up to the sender of the INVITE to refresh; null where the header leaves it open.</param>
public sealed record SessionTimer(uint Seconds, bool? ByCaller)
{
    /// <summary>The shortest that the standard allows.</summary>
    public const uint Shortest = 90;

    /// <summary>What we propose: the standard's advice.</summary>
    public const uint Usual = 1800;

    /// <summary>Null where a message has none, or a malformed one.</summary>
    public static SessionTimer? Of(SipMessage message)
    {
        if (message.Headers["Session-Expires"] is not { } text)
            return null;
        var end = text.IndexOf(';', StringComparison.Ordinal);
        if (!uint.TryParse((end < 0 ? text : text[..end]).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return null;
        bool? caller = SipText.Parameters(end < 0 ? "" : text[end..])?.GetValueOrDefault("refresher")?.ToUpperInvariant() switch
        {
            "UAC" => true,
            "UAS" => false,
            _ => null,
        };
        return new SessionTimer(seconds, caller);
    }

    /// <summary>When whoever refreshes does so (10): at half of it.</summary>
    public TimeSpan RefreshAfter => TimeSpan.FromSeconds(Seconds / 2.0);

    /// <summary>When the other side, having heard nothing, ends the call (10): a little before the end.</summary>
    public TimeSpan ExpireAfter => TimeSpan.FromSeconds(Seconds - Math.Min(32, Seconds / 3.0));

    public static bool Supported(SipMessage message) => message.Headers.Each("Supported").Contains("timer", StringComparer.OrdinalIgnoreCase);

    /// <summary>What our success says to an INVITE: its own wish, or ours that we see to ourselves.</summary>
    public static SessionTimer Agree(SipRequest invite) => Of(invite) is { } wish
        ? wish with { Seconds = Math.Max(wish.Seconds, Shortest), ByCaller = wish.ByCaller ?? Supported(invite) }
        : new SessionTimer(Usual, ByCaller: false);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Seconds}{(ByCaller is { } caller ? ";refresher=" + (caller ? "uac" : "uas") : "")}");
}
