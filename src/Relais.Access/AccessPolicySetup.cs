using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Access.SignIns;

namespace Relais.Access;

internal static class AccessPolicySetup
{
    /// <summary>Signed in, perhaps with a step still to do: only the pages of those steps, and signing out.</summary>
    public const string SignedInPartly = "signed-in-partly";

    public static void Add(IServiceCollection services)
    {
        var partly = new AuthorizationPolicyBuilder(SignInHandler.SchemeName).RequireAuthenticatedUser().Build();
        var fully = new AuthorizationPolicyBuilder(partly)
            .RequireAssertion(context => !context.User.HasClaim(claim => claim.Type is SignInPrincipal.Pending)).Build();
        var administer = new AuthorizationPolicyBuilder(fully).RequireRole(Contracts.Roles.Administrator).Build();
        services.AddAuthorizationBuilder()
            .AddPolicy(SignedInPartly, partly)
            .AddPolicy(AccessPolicies.SignedIn, fully)
            .AddPolicy(AccessPolicies.Administer, administer)
            .SetDefaultPolicy(fully)
            // An endpoint that says nothing is closed.
            .SetFallbackPolicy(fully);
    }
}
