using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.Keys;
using Relais.Access.SignIns;
using Relais.Kernel.Database;

namespace Relais.Access;

public static class AccessModule
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddModuleDb<AccessDb>(AccessDb.Schema);
        AddProtectionKeys(services);
        services.AddOptions<SignInLifeOptions>().BindConfiguration(SignInLifeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddIdentityCore<Person>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3)
            .AddEntityFrameworkStores<AccessDb>();
        services.AddAuthentication(SignInHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SignInHandler>(SignInHandler.SchemeName, null);
        AccessPolicySetup.Add(services);

        services.AddScoped(provider => new People(provider.GetRequiredService<AccessDb>()));
        services.AddSingleton(provider => new Standing(
            provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>Who is asking, whether they may, and whether the form is ours. After the portal's own middleware, before the endpoints.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseAuthentication();
        PersonLanguage.Use(app);
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    public static void MapAccess(this WebApplication app)
    {
    }

    private static void AddProtectionKeys(IServiceCollection services)
    {
        services.AddSingleton<KeyFile>();
        services.AddDataProtection().SetApplicationName("relais").PersistKeysToDbContext<AccessDb>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(
            keys => keys.XmlEncryptor = new KeyFileEncryptor(provider.GetRequiredService<KeyFile>())));
    }
}
