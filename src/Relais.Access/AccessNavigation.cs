using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Portal.Navigation;

namespace Relais.Access;

internal static class AccessNavigation
{
    private static readonly string[] Actions =
    [
        "person.created", "person.changed", "person.disabled", "person.enabled", "person.deleted", "person.password-reset", "person.second-factor-reset",
        "person.signed-in", "person.signed-out", "person.signed-out-everywhere", "person.password-changed", "person.profile-changed",
        "person.authenticator-set-up", "person.authenticator-removed", "person.passkey-added", "person.passkey-removed", "person.recovery-codes-renewed",
        "sign-in.refused", "sign-in.code-refused", "sign-in.revoked", "group.created", "group.renamed", "group.deleted", "second-factor.rules-changed",
        "native-client.added", "native-client.used", "native-client.refused", "native-client.revoked",
        "system-key.made", "system-key.used", "system-key.refused", "system-key.revoked",
    ];

    public static void Add(IServiceCollection services)
    {
        Administration(services, "/people", "People", "people", 10);
        services.AddNavigation(new NavigationItem(
            Board.BoardActions.Page, typeof(PeopleTexts), "Board.Nav", "pulse", AccessPolicies.Administer, 15, NavigationGroup.Administration));
        Administration(services, "/groups", "Groups", "group", 20);
        Administration(services, "/second-factors", "Rules", "shield", 30);
        services.AddNavigation(new NavigationItem("/people/directory", typeof(DirectoryTexts), "Nav", "people", AccessPolicies.Administer, 17, NavigationGroup.Administration));
        services.AddNavigation(new NavigationItem("/openid", typeof(OpenIdTexts), "Issuer.Nav", "shield", AccessPolicies.Administer, 35, NavigationGroup.Administration));
        Administration(services, "/system-keys", "SystemKeys", "key", 40);
        Administration(services, "/audit", "Audit", "audit", 90);
        services.AddNavigation(new NavigationItem("/account", typeof(AccessTexts), "Account", "person", AccessPolicies.SignedIn, 90));
        services.AddAuditVocabulary<AccessTexts>(Actions);
        services.AddAuditVocabulary<PeopleTexts>("people.imported", "person.invited", "invitation.used", "invitation.sheet-shown");
        services.AddAuditVocabulary<OpenIdTexts>("open-id.linked", "open-id.unlinked", "open-id.issuer-added", "open-id.issuer-changed", "open-id.issuer-removed");
        services.AddAuditVocabulary<DirectoryTexts>("directory.settings-changed", "directory.synchronised", "directory.halted");
    }

    private static void Administration(IServiceCollection services, string href, string label, string icon, int order) =>
        services.AddNavigation(new NavigationItem(
            href, typeof(AccessTexts), label, icon, AccessPolicies.Administer, order, NavigationGroup.Administration));
}
