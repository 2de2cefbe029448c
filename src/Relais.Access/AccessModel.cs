using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Relais.Access.Accounts;
using Relais.Access.Conditions;
using Relais.Access.Groups;
using Relais.Access.Invitations;
using Relais.Access.NativeClients;
using Relais.Access.SecondFactors;
using Relais.Access.SignIns;
using Relais.Access.SystemKeys;
using Relais.Kernel.Database;

namespace Relais.Access;

internal static class AccessModel
{
    public const int UserNameLength = 64;
    public const int EmailLength = 254;
    public const int CountriesNameLength = 200;
    public const string UserNameIndex = "person_user_name";
    public const string EmailIndex = "person_email";
    public const string GroupNameIndex = "group_name";

    public static void Map(ModelBuilder model)
    {
        model.Entity<Person>(Map);
        model.Entity<Group>(Map);
        model.Entity<SignIn>(Map);
        model.Entity<NativeClient>(Map);
        model.Entity<SystemKey>(Map);
        model.Entity<Invitation>(Map);
        ElsewhereModel.Map(model);
        model.Entity<KnownDevice>(Map);
        model.Entity<SecondFactorRule>(Map);
        model.Entity<AccessRule>(Map);
        model.Entity<AccessSetting>(Map);
        model.Entity<CountryRange>(Map);
        model.Entity<RecoveryCode>(Map);
        model.Entity<IdentityUserPasskey<Guid>>(Map);
        model.Entity<DataProtectionKey>(key => key.ToTable("protection_key"));
        ColumnNames.Map(model);
    }

    private static void Map(EntityTypeBuilder<Person> person)
    {
        person.ToTable("person");
        person.Ignore(p => p.PhoneNumber).Ignore(p => p.PhoneNumberConfirmed).Ignore(p => p.EmailConfirmed);
        person.Ignore(p => p.LockoutEnd).Ignore(p => p.LockoutEnabled).Ignore(p => p.AccessFailedCount);
        person.Ignore(p => p.TwoFactorEnabled).Ignore(p => p.SecurityStamp).Ignore(p => p.ConcurrencyStamp);
        person.Property(p => p.UserName).IsRequired().HasMaxLength(UserNameLength);
        person.Property(p => p.NormalizedUserName).IsRequired().HasMaxLength(UserNameLength);
        person.Property(p => p.Email).HasMaxLength(EmailLength);
        person.Property(p => p.NormalizedEmail).HasMaxLength(EmailLength);
        person.Property(p => p.DisplayName).HasMaxLength(Person.NameLength);
        person.Property(p => p.Language).HasMaxLength(5);
        person.Property(p => p.KeyboardLayout).HasMaxLength(20);
        person.Property(p => p.Site).HasMaxLength(Person.SiteLength);
        person.Property(p => p.Phone).HasMaxLength(Person.PhoneLength);
        person.Property(p => p.Bundle).HasMaxLength(Person.BundleLength);
        person.HasIndex(p => p.NormalizedUserName).IsUnique().HasDatabaseName(UserNameIndex);
        person.HasIndex(p => p.NormalizedEmail).IsUnique().HasDatabaseName(EmailIndex);
        person.HasIndex(p => p.DisplayName);
        person.HasIndex(p => p.Roles).HasMethod("gin");
        person.HasMany(p => p.Groups).WithMany(g => g.People).UsingEntity("membership");
    }

    private static void Map(EntityTypeBuilder<Group> group)
    {
        group.ToTable("group");
        group.Property(g => g.Name).HasMaxLength(Group.NameLength);
        group.Property(g => g.NormalizedName).HasMaxLength(2 * Group.NameLength);
        group.HasIndex(g => g.NormalizedName).IsUnique().HasDatabaseName(GroupNameIndex);
    }

    private static void Map(EntityTypeBuilder<SignIn> signIn)
    {
        signIn.ToTable("sign_in");
        signIn.HasIndex(s => s.TokenHash).IsUnique();
        signIn.HasIndex(s => new { s.PersonId, s.RevokedAt });
        signIn.Property(s => s.UserAgent).HasMaxLength(SignIn.UserAgentLength);
        signIn.HasOne(s => s.Person).WithMany().HasForeignKey(s => s.PersonId).OnDelete(DeleteBehavior.Cascade);
    }

    private static void Map(EntityTypeBuilder<NativeClient> client)
    {
        client.ToTable("native_client");
        client.Property(c => c.Id).ValueGeneratedNever();
        client.Property(c => c.Name).HasMaxLength(NativeClient.NameLength);
        client.HasIndex(c => c.PasswordHash).IsUnique();
        client.HasOne<SignIn>().WithOne().HasForeignKey<NativeClient>(c => c.Id).OnDelete(DeleteBehavior.Cascade);
    }

    private static void Map(EntityTypeBuilder<SystemKey> key)
    {
        key.ToTable("system_key");
        key.Property(k => k.Id).ValueGeneratedNever();
        key.Property(k => k.Name).HasMaxLength(SystemKey.NameLength);
        key.HasIndex(k => k.Hash).IsUnique();
    }

    private static void Map(EntityTypeBuilder<Invitation> invitation)
    {
        invitation.ToTable("invitation");
        invitation.Property(i => i.Id).ValueGeneratedNever();
        invitation.Property(i => i.Failure).HasMaxLength(Invitation.FailureLength);
        invitation.HasIndex(i => i.TokenHash).IsUnique();
        invitation.HasIndex(i => i.PersonId);
        invitation.HasIndex(i => i.Batch);
        invitation.HasOne(i => i.Person).WithMany().HasForeignKey(i => i.PersonId).OnDelete(DeleteBehavior.Cascade);
    }

    private static void Map(EntityTypeBuilder<KnownDevice> device)
    {
        device.ToTable("known_device");
        device.HasKey(d => new { d.PersonId, d.TokenHash });
        device.HasOne<Person>().WithMany().HasForeignKey(d => d.PersonId).OnDelete(DeleteBehavior.Cascade);
    }

    private static void Map(EntityTypeBuilder<SecondFactorRule> rule)
    {
        rule.ToTable("second_factor_rule");
        rule.HasKey(r => r.Role);
        rule.HasData(
            new SecondFactorRule { Role = Contracts.Roles.Administrator },
            new SecondFactorRule { Role = Contracts.Roles.Auditor },
            new SecondFactorRule { Role = Contracts.Roles.Supervisor });
    }

    private static void Map(EntityTypeBuilder<AccessRule> rule)
    {
        rule.ToTable("access_rule");
        rule.Property(r => r.Id).ValueGeneratedNever();
        rule.Property(r => r.Name).HasMaxLength(AccessRule.NameLength);
        rule.Property(r => r.Words).HasMaxLength(AccessRule.WordsLength);
        rule.Property(r => r.Decision).HasConversion<string>().HasMaxLength(20);
    }

    private static void Map(EntityTypeBuilder<AccessSetting> setting)
    {
        setting.ToTable("access_setting", table => table.HasCheckConstraint("access_setting_one", "id = 1"));
        setting.Property(s => s.Id).ValueGeneratedNever();
        setting.Property(s => s.Default).HasConversion<string>().HasMaxLength(20);
        setting.Property(s => s.CountriesName).HasMaxLength(CountriesNameLength);
        setting.HasData(new AccessSetting { Id = AccessSetting.TheOne });
    }

    private static void Map(EntityTypeBuilder<CountryRange> range)
    {
        range.ToTable("country_range");
        range.HasKey(r => r.First);
        range.Property(r => r.Country).HasMaxLength(2);
    }

    private static void Map(EntityTypeBuilder<RecoveryCode> code)
    {
        code.ToTable("recovery_code");
        code.HasKey(c => new { c.PersonId, c.Hash });
        code.HasOne<Person>().WithMany().HasForeignKey(c => c.PersonId).OnDelete(DeleteBehavior.Cascade);
    }

    private static void Map(EntityTypeBuilder<IdentityUserPasskey<Guid>> passkey)
    {
        passkey.ToTable("passkey");
        passkey.HasKey(p => p.CredentialId);
        passkey.Property(p => p.CredentialId).HasMaxLength(1024);
        passkey.ComplexProperty(p => p.Data, data => data.ToJson("data"));
        passkey.HasOne<Person>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
