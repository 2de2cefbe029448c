using System.Security.Claims;
using Relais.Access.Accounts;
using Relais.Access.Contracts;

namespace Relais.Access.SignIns;

internal static class SignInPrincipal
{
    /// <summary>What must be done before anything else: a name of <see cref="PendingStep"/>.</summary>
    public const string Pending = "relais:pending";

    public const string Language = "relais:language";

    public static ClaimsPrincipal Of(SignIn signIn, Person person, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, person.Id.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.Name, person.UserName ?? ""));
        identity.AddClaim(new Claim(PrincipalClaims.DisplayName, person.DisplayName));
        identity.AddClaim(new Claim(PrincipalClaims.SignIn, signIn.Id.ToString()));
        identity.AddClaim(new Claim(Language, person.Language));
        foreach (var role in person.Roles)
            identity.AddClaim(new Claim(ClaimTypes.Role, role));

        // Who comes by another issuer or the directory needs no password of ours.
        if (person.MustChangePassword && !signIn.Method.IsElsewhere())
            identity.AddClaim(new Claim(Pending, PendingStep.Password));
        else if (signIn is { SecondFactorDue: true, SecondFactor: false })
            identity.AddClaim(new Claim(Pending, PendingStep.SecondFactor));
        return new ClaimsPrincipal(identity);
    }
}

/// <summary>What a person who has just signed in must do before anything else is open.</summary>
internal static class PendingStep
{
    public const string Password = "password";
    public const string SecondFactor = "second-factor";

    public static string AddressOf(string step) => step is Password ? "/sign-in/new-password" : "/sign-in/set-up";
}
