using System.Security.Claims;

namespace Relais.Access.Contracts;

/// <summary>What the signed-in principal says of the person.</summary>
public static class PrincipalClaims
{
    public const string SignIn = "relais:sign-in";
    public const string DisplayName = "relais:name";

    /// <summary>Who is signed in.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the caller lacks a policy.</exception>
    public static PersonId PersonId(this ClaimsPrincipal principal) => new(Identifier(principal, ClaimTypes.NameIdentifier));

    /// <summary>The sign-in that this request belongs to.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the caller lacks a policy.</exception>
    public static SignInId SignInId(this ClaimsPrincipal principal) => new(Identifier(principal, SignIn));

    private static Guid Identifier(ClaimsPrincipal principal, string claim) =>
        Guid.TryParse(principal.FindFirstValue(claim), out var id)
            ? id
            : throw new InvalidOperationException($"No claim {claim}: the endpoint needs an authorization policy.");
}
