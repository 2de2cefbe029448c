using System.Security.Claims;

namespace Relais.Portal.Shell;

internal static class PersonName
{
    // The claim that Access writes; the portal knows it by name only.
    private const string Claim = "relais:name";

    public static string Of(ClaimsPrincipal person) => person.FindFirstValue(Claim) ?? person.Identity?.Name ?? "";
}
