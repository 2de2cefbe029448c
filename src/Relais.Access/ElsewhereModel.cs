using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Relais.Access.Accounts;
using Relais.Access.Directories;
using Relais.Access.KeptForms;
using Relais.Access.OpenId;
using Relais.Access.SignIns;

namespace Relais.Access;

/// <summary>What is known of other issuers and of the directory, and what waits while somebody is asked who they are.</summary>
internal static class ElsewhereModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<OpenIdIssuer>(Map);
        model.Entity<OpenIdLink>(Map);
        model.Entity<DirectorySource>(Map);
        model.Entity<DirectoryLink>(Map);
        model.Entity<DirectoryRun>(Map);
        model.Entity<KeptForm>(Map);

        // The issuer may go; what it opened is ended before.
        model.Entity<SignIn>().HasOne<OpenIdIssuer>().WithMany().HasForeignKey(s => s.IssuerId).OnDelete(DeleteBehavior.SetNull);
    }

    private static void Map(EntityTypeBuilder<OpenIdIssuer> issuer)
    {
        issuer.ToTable("open_id_issuer");
        issuer.Property(i => i.Id).ValueGeneratedNever();
        issuer.Property(i => i.Name).HasMaxLength(OpenIdIssuer.NameLength);
        issuer.Property(i => i.Authority).HasMaxLength(OpenIdIssuer.AuthorityLength);
        issuer.Property(i => i.ClientId).HasMaxLength(OpenIdIssuer.ClientIdLength);
        issuer.Property(i => i.MailClaim).HasMaxLength(OpenIdIssuer.ClaimLength);
        issuer.Property(i => i.GroupsClaim).HasMaxLength(OpenIdIssuer.ClaimLength);
        issuer.Property(i => i.FactorAcr).HasMaxLength(OpenIdIssuer.AcrLength);
    }

    private static void Map(EntityTypeBuilder<OpenIdLink> link)
    {
        link.ToTable("open_id_link");
        link.HasKey(l => new { l.IssuerId, l.Subject });
        link.Property(l => l.Subject).HasMaxLength(OpenIdLink.SubjectLength);
        link.HasIndex(l => new { l.IssuerId, l.PersonId }).IsUnique();
        link.HasOne<OpenIdIssuer>().WithMany().HasForeignKey(l => l.IssuerId).OnDelete(DeleteBehavior.Cascade);
        link.HasOne(l => l.Person).WithMany().HasForeignKey(l => l.PersonId).OnDelete(DeleteBehavior.Cascade);
    }

    private static void Map(EntityTypeBuilder<DirectorySource> source)
    {
        source.ToTable("directory");
        source.Property(s => s.Id).ValueGeneratedNever();
    }

    private static void Map(EntityTypeBuilder<DirectoryLink> link)
    {
        link.ToTable("directory_link");
        link.HasKey(l => l.PersonId);
        link.Property(l => l.Key).HasMaxLength(DirectoryLink.KeyLength);
        link.HasIndex(l => l.Key).IsUnique();
        link.HasOne<Person>().WithOne().HasForeignKey<DirectoryLink>(l => l.PersonId).OnDelete(DeleteBehavior.Cascade);
    }

    private static void Map(EntityTypeBuilder<DirectoryRun> run)
    {
        run.ToTable("directory_run");
        run.Property(r => r.Id).ValueGeneratedNever();
        run.HasIndex(r => r.At);
    }

    private static void Map(EntityTypeBuilder<KeptForm> form)
    {
        form.ToTable("kept_form");
        form.Property(f => f.Id).ValueGeneratedNever();
        form.Property(f => f.Path).HasMaxLength(KeptForm.PathLength);
        form.HasIndex(f => f.KeptAt);
        form.HasOne<Person>().WithMany().HasForeignKey(f => f.PersonId).OnDelete(DeleteBehavior.Cascade);
    }
}
