using System.Globalization;

namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>Causes of release by ITU-T Q.850, as telephone networks know them.</summary>
public static class ReleaseCause
{
    public const int UnallocatedNumber = 1;
    public const int NormalClearing = 16;
    public const int UserBusy = 17;

    /// <summary>The cause in a message's Reason headers (RFC 3326); null where there is none.</summary>
    public static int? Of(SipMessage message)
    {
        foreach (var reason in message.Headers.Each("Reason"))
        {
            var end = reason.IndexOf(';', StringComparison.Ordinal);
            if (end > 0 && reason[..end].Trim().Equals("Q.850", StringComparison.OrdinalIgnoreCase)
                && SipText.Parameters(reason[end..])?.GetValueOrDefault("cause") is { } text
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cause) && cause is > 0 and < 128)
                return cause;
        }

        return null;
    }

    /// <summary>The cause that a gateway puts for a SIP code (RFC 3398, 8.2.6.1); null for codes that are no failure of a call.</summary>
    public static int? OfStatus(int status) => status switch
    {
        404 or 485 or 604 => UnallocatedNumber,
        486 or 600 => UserBusy,
        480 => 18,
        401 or 402 or 403 or 407 or 603 => 21,
        410 => 22,
        482 or 483 => 25,
        484 => 28,
        502 => 38,
        400 or 481 or 500 or 503 => 41,
        405 => 63,
        406 or 415 or 501 => 79,
        408 or 504 => 102,
        413 or 414 or 416 or 420 or 421 or 423 or 505 or 513 => 127,
        _ => null,
    };
}
