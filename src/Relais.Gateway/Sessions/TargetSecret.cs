using Microsoft.AspNetCore.DataProtection;

namespace Relais.Gateway.Sessions;

internal static class TargetSecret
{
    public static IDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("Relais.Gateway.TargetSecret");
}
