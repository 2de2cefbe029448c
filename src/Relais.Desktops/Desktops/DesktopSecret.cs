using Microsoft.AspNetCore.DataProtection;

namespace Relais.Desktops.Desktops;

internal static class DesktopSecret
{
    public static IDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("Relais.Desktops.DesktopSecret");
}
