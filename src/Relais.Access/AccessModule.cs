using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access.Accounts;
using Relais.Access.Api;
using Relais.Access.Board;
using Relais.Access.Conditions;
using Relais.Access.Contracts;
using Relais.Access.Directories;
using Relais.Access.Groups;
using Relais.Access.Imports;
using Relais.Access.Invitations;
using Relais.Access.KeptForms;
using Relais.Access.Keys;
using Relais.Access.MyAccount;
using Relais.Access.NativeClients;
using Relais.Access.OpenId;
using Relais.Access.Setup;
using Relais.Access.SignIns;
using Relais.Access.SystemKeys;
using Relais.Access.Trail;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Access;

public static class AccessModule
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddModuleDb<AccessDb>(AccessDb.Schema);
        AddProtectionKeys(services);
        AccessServices.Add(services);
        AccessPolicySetup.Add(services);

        // Else a request that can't be read is a 400 in production and a 500 in development.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
        AccessNavigation.Add(services);
        services.AddVerb(CreateAdministrator.Verb).AddVerb(ResetAdministratorPassword.Verb).AddVerb(SeedPeople.Verb);
        services.AddVerb(SystemKeyVerbs.Create).AddVerb(SystemKeyVerbs.List).AddVerb(SystemKeyVerbs.Scopes).AddVerb(SystemKeyVerbs.Revoke);

        services.AddVerb(ImportVerb.Verb).AddVerb(InviteVerb.Verb).AddVerb(DirectoryVerbs.Check).AddVerb(DirectoryVerbs.Sync).AddVerb(DirectorySignInVerb.Verb).AddVerb(LinkVerbs.List).AddVerb(LinkVerbs.Undo).AddVerb(BoardVerb.Verb).AddVerb(ExportVerb.Verb);
        foreach (var verb in PeopleVerbs.All.Concat(GroupVerbs.All))
            services.AddVerb(verb);

        services.AddSingleton(provider => new Contracts.Groups(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddSingleton(provider => new People(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddSingleton(provider => new WaysIn(
            provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new NativeClientDoor(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddSingleton(provider => new Standing(
            provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>Who is asking, whether they may, and whether the form is ours. After the portal's own middleware, before the endpoints.</summary>
    public static void UseAccess(this WebApplication app)
    {
        KeptFormDoor.Use(app);
        app.UseAuthentication();
        PersonLanguage.Use(app);
        app.UseAuthorization();
        AdministrationDoor.Use(app);
        app.UseAntiforgery();
    }

    public static void MapAccess(this WebApplication app)
    {
        SignOut.Map(app);
        BeginOpenId.Map(app);
        FinishOpenId.Map(app);
        UndoLink.Map(app);
        ChooseLanguage.Map(app);
        PersonActions.Map(app);
        RevokeNativeClient.Map(app);
        ExportTrail.Map(app);
        PeopleApi.Map(app);
        ImportApi.Map(app);
        BoardActions.Map(app);
        RulesApi.Map(app);
        CountriesApi.Map(app);
    }

    private static void AddProtectionKeys(IServiceCollection services)
    {
        services.AddSingleton<KeyFile>();
        services.AddDataProtection().SetApplicationName("relais").PersistKeysToDbContext<AccessDb>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(
            keys => keys.XmlEncryptor = new KeyFileEncryptor(provider.GetRequiredService<KeyFile>())));
    }
}
