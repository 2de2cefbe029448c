using Microsoft.AspNetCore.DataProtection;
using Relais.Telephony.Protocols.Sip;

namespace Relais.Telephony.Calls;

/// <summary>A message of a call, kept encrypted in its row: it names people, and how we signed in.</summary>
internal static class CallHandle
{
    public static string? Seal(IDataProtectionProvider protection, Guid call, SipMessage? message) =>
        message is null ? null : Protector(protection, call).Protect(Convert.ToBase64String(message.ToBytes()));

    /// <summary>Null where there is none.</summary>
    public static SipMessage? Open(IDataProtectionProvider protection, Guid call, string? kept) =>
        kept is null ? null : SipParser.Read(Convert.FromBase64String(Protector(protection, call).Unprotect(kept)), out _);

    private static IDataProtector Protector(IDataProtectionProvider protection, Guid call) => protection.CreateProtector("Relais.Telephony.CallHandle", call.ToString());
}
