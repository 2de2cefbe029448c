using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Relais.Desktops.Desktops;

internal static class DesktopSecret
{
    public static IDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("Relais.Desktops.DesktopSecret");

    /// <summary>A new password of a desktop's account, encrypted. Letters and digits only: it crosses a shell-like settings file and PAM.</summary>
    public static string New(IDataProtectionProvider protection) => Protector(protection).Protect(RandomNumberGenerator.GetHexString(32, lowercase: true));
}
