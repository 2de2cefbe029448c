using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Relais.Access.Accounts;
using Relais.Access.Conditions;
using Relais.Access.Directories;
using Relais.Access.Groups;
using Relais.Access.Invitations;
using Relais.Access.KeptForms;
using Relais.Access.NativeClients;
using Relais.Access.OpenId;
using Relais.Access.SecondFactors;
using Relais.Access.SignIns;
using Relais.Access.SystemKeys;
using Relais.Kernel.Audit;
using Relais.Kernel.Events;

namespace Relais.Access;

/// <summary>Schema "access": who may sign in, and how.</summary>
internal sealed class AccessDb(DbContextOptions<AccessDb> options)
    : DbContext(options), IDataProtectionKeyContext
{
    public const string Schema = "access";

    public DbSet<Person> People => Set<Person>();

    public DbSet<IdentityUserPasskey<Guid>> Passkeys => Set<IdentityUserPasskey<Guid>>();

    public DbSet<Group> Groups => Set<Group>();

    public DbSet<SignIn> SignIns => Set<SignIn>();

    public DbSet<NativeClient> NativeClients => Set<NativeClient>();

    public DbSet<SystemKey> SystemKeys => Set<SystemKey>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<OpenIdIssuer> OpenIdIssuers => Set<OpenIdIssuer>();

    public DbSet<OpenIdLink> OpenIdLinks => Set<OpenIdLink>();

    public DbSet<DirectorySource> Directories => Set<DirectorySource>();

    public DbSet<DirectoryLink> DirectoryLinks => Set<DirectoryLink>();

    public DbSet<DirectoryRun> DirectoryRuns => Set<DirectoryRun>();

    public DbSet<KeptForm> KeptForms => Set<KeptForm>();

    public DbSet<KnownDevice> KnownDevices => Set<KnownDevice>();

    public DbSet<SecondFactorRule> SecondFactorRules => Set<SecondFactorRule>();

    public DbSet<AccessRule> AccessRules => Set<AccessRule>();

    public DbSet<AccessSetting> AccessSettings => Set<AccessSetting>();

    public DbSet<CountryRange> CountryRanges => Set<CountryRange>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    // A name that is taken is a refusal with words, not a fault of ours; what nobody catches is logged by the server itself.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.ConfigureWarnings(events => events.Log(
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        AccessModel.Map(modelBuilder);
        modelBuilder.AddAudit();
        modelBuilder.AddOutbox();
    }
}

internal sealed class AccessDbDesign : IDesignTimeDbContextFactory<AccessDb>
{
    public AccessDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<AccessDb>()
            .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("migrations", AccessDb.Schema)).Options);
}
