using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Access.SignIns;
using Relais.Access.SystemKeys;

namespace Relais.Access;

internal static class AccessPolicySetup
{
    /// <summary>Signed in, perhaps with a step still to do: only choosing a password, and signing out.</summary>
    public const string SignedInPartly = "signed-in-partly";

    /// <summary>Signed in with a password of one's own, perhaps with a second factor still to set up.</summary>
    public const string SettingUp = "setting-up";

    public static void Add(IServiceCollection services)
    {
        var partly = new AuthorizationPolicyBuilder(SignInHandler.SchemeName).RequireAuthenticatedUser().Build();
        var settingUp = new AuthorizationPolicyBuilder(partly)
            .RequireAssertion(context => !context.User.HasClaim(SignInPrincipal.Pending, PendingStep.Password)).Build();
        var fully = new AuthorizationPolicyBuilder(partly)
            .RequireAssertion(context => !context.User.HasClaim(claim => claim.Type is SignInPrincipal.Pending)).Build();
        var administer = new AuthorizationPolicyBuilder(fully).RequireRole(Contracts.Roles.Administrator).Build();
        var audit = new AuthorizationPolicyBuilder(fully).RequireRole(Contracts.Roles.Administrator, Contracts.Roles.Auditor).Build();
        var supervise = new AuthorizationPolicyBuilder(fully).RequireRole(Contracts.Roles.Administrator, Contracts.Roles.Supervisor).Build();
        var research = new AuthorizationPolicyBuilder(fully).RequireRole(Contracts.Roles.Researcher).Build();
        var readFigures = new AuthorizationPolicyBuilder(fully).RequireRole(Contracts.Roles.Researcher, Contracts.Roles.Reader).Build();
        var readCalls = new AuthorizationPolicyBuilder(fully).RequireRole(Contracts.Roles.Administrator, Contracts.Roles.Supervisor, Contracts.Roles.Researcher).Build();
        var interview = new AuthorizationPolicyBuilder(fully).RequireRole(Contracts.Roles.Interviewer).Build();
        var systemRead = new AuthorizationPolicyBuilder(SystemKeyHandler.SchemeName).RequireClaim(SystemKeyClaims.Key).Build();
        var systemWrite = new AuthorizationPolicyBuilder(systemRead).RequireClaim(SystemKeyClaims.Write).Build();
        services.AddAuthorizationBuilder()
            .AddPolicy(SignedInPartly, partly)
            .AddPolicy(SettingUp, settingUp)
            .AddPolicy(AccessPolicies.SignedIn, fully)
            .AddPolicy(AccessPolicies.Administer, administer)
            .AddPolicy(AccessPolicies.Audit, audit)
            .AddPolicy(AccessPolicies.Supervise, supervise)
            .AddPolicy(AccessPolicies.Research, research)
            .AddPolicy(AccessPolicies.ReadFigures, readFigures)
            .AddPolicy(AccessPolicies.ReadCalls, readCalls)
            .AddPolicy(AccessPolicies.Interview, interview)
            .AddPolicy(AccessPolicies.SystemRead, systemRead)
            .AddPolicy(AccessPolicies.SystemWrite, systemWrite)
            .SetDefaultPolicy(fully)
            // An endpoint that says nothing is closed.
            .SetFallbackPolicy(fully);
    }
}
