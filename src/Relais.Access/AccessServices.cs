using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Accounts;
using Relais.Access.Board;
using Relais.Access.Conditions;
using Relais.Access.Directories;
using Relais.Access.Groups;
using Relais.Access.Imports;
using Relais.Access.Invitations;
using Relais.Access.Mail;
using Relais.Access.MyAccount;
using Relais.Access.NativeClients;
using Relais.Access.OpenId;
using Relais.Access.Passkeys;
using Relais.Access.Passwords;
using Relais.Access.SecondFactors;
using Relais.Access.Setup;
using Relais.Access.SignIns;
using Relais.Access.SystemKeys;
using Relais.Access.Trail;
using Relais.Kernel.Events;

namespace Relais.Access;

internal static class AccessServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddOptions<SignInLifeOptions>().BindConfiguration(SignInLifeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddAuthentication(SignInHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SignInHandler>(SignInHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, SystemKeyHandler>(SystemKeyHandler.SchemeName, null);
        services.AddScoped<EditSystemKeys>();
        AddIdentity(services);

        services.AddSingleton<PasswordCheck>().AddSingleton<SignInThrottle>().AddSingleton<SignInTicket>();
        services.AddSingleton<TotpSecrets>().AddSingleton<PasskeyCeremony>().AddSingleton<InstituteCalendar>().AddSingleton<SamplePasswords>();
        services.AddScoped<SignInWithPassword>().AddScoped<OpenSignIn>().AddScoped<GiveCode>().AddScoped<ProveIdentity>().AddScoped<RevokeSignIns>();
        services.AddScoped<KeptForms.KeepForm>();
        services.AddScoped<SetUpTotp>().AddScoped<FactorGuard>().AddScoped<ChangeOwnFactors>().AddScoped<ChangeRules>().AddScoped<RenamePasskey>();
        services.AddScoped<ChangePassword>().AddScoped<EditProfile>().AddScoped<EditGroups>();
        services.AddScoped<ListPeople>().AddScoped<CreatePerson>().AddScoped<EditPerson>().AddScoped<DisablePerson>().AddScoped<DeletePerson>();
        services.AddScoped<ResetPassword>().AddScoped<ResetSecondFactor>().AddScoped<PersonActions.Reply>();
        services.AddOptions<NativeClientOptions>().BindConfiguration(NativeClientOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<LiveNativeClients>().AddScoped<AddNativeClient>().AddScoped<RevokeNativeClient>().AddScoped<ProveNativeClient>();
        services.AddSingleton<PurgeNativeClients>().AddHostedService(provider => provider.GetRequiredService<PurgeNativeClients>());
        AddOnboarding(services);
        ConditionsServices.Add(services);
        AddElsewhere(services);
        services.AddScoped<ReadTrail>().AddScoped<ActionWords>().AddScoped<DetailWords>();
    }

    // Who people are is known elsewhere, too: another issuer signs them in, a directory lists them.
    private static void AddElsewhere(IServiceCollection services)
    {
        services.AddSingleton<IssuerDiscovery>().AddSingleton<IssuerSecrets>().AddSingleton<TripCookie>();
        services.AddScoped<ReadIdentity>().AddScoped<MatchPerson>().AddScoped<FinishOpenId>().AddScoped<EditIssuers>().AddScoped<EditLinks>();
        services.AddSingleton<DirectorySecrets>();
        services.AddScoped<DirectoryPasswords>().AddScoped<CheckPassword>();
        services.AddScoped<ReadDirectory>().AddScoped<PlanSync>().AddScoped<SyncDirectory>().AddScoped<EditDirectory>();
        services.AddConsumer<DirectoryHalted, TellOfHalt>("access-directory", (tell, halted, cancel) => tell.HandleAsync(halted, cancel));
        services.AddSingleton<SyncOnSchedule>().AddHostedService(provider => provider.GetRequiredService<SyncOnSchedule>());
    }

    private static void AddOnboarding(IServiceCollection services)
    {
        services.AddOptions<InvitationOptions>().BindConfiguration(InvitationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SmtpOptions>().BindConfiguration(SmtpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<InvitationToken>().AddSingleton<MailFolder>().AddSingleton<SendMail>();
        services.AddScoped<PlanImport>().AddScoped<ImportPeople>().AddScoped<InvitePeople>().AddScoped<AcceptInvitation>().AddScoped<ReadBoard>();
        services.AddConsumer<InvitationDue, SendInvitation>("access-invitation", (send, due, cancel) => send.HandleAsync(due, cancel));
    }

    // Of Identity, the passkey ceremonies are used (and the password hasher, in PasswordCheck); sign-ins, throttling and codes are our own.
    private static void AddIdentity(IServiceCollection services)
    {
        services.AddIdentityCore<Person>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3)
            .AddEntityFrameworkStores<AccessDb>();
        services.AddScoped<IPasskeyHandler<Person>, PasskeyHandler<Person>>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
        });
    }
}
