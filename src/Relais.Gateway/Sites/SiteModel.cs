using Microsoft.EntityFrameworkCore;

namespace Relais.Gateway.Sites;

internal static class SiteModel
{
    public const string NameIndex = "IX_site_NormalizedName";

    public static void Map(ModelBuilder model)
    {
        model.Entity<Site>(site =>
        {
            site.ToTable("site");
            site.Property(s => s.Name).HasMaxLength(Site.NameLength);
            site.HasIndex(s => s.NormalizedName).IsUnique();
            site.HasMany(s => s.Agents).WithOne().HasForeignKey(a => a.SiteId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<SiteAgent>(agent =>
        {
            agent.ToTable("site_agent");
            agent.Property(a => a.Name).HasMaxLength(SiteAgent.NameLength);
            agent.Property(a => a.Version).HasMaxLength(SiteAgent.VersionLength);
            agent.HasIndex(a => a.SecretHash).IsUnique();
        });
        model.Entity<SiteToken>(token =>
        {
            token.ToTable("site_token");
            token.HasIndex(t => t.TokenHash).IsUnique();
            token.HasOne<Site>().WithMany().HasForeignKey(t => t.SiteId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
