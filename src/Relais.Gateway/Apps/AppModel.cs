using Microsoft.EntityFrameworkCore;

namespace Relais.Gateway.Apps;

internal static class AppModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<WebApp>(app =>
        {
            app.ToTable("app");
            app.Ignore(a => a.Subject);
            app.Property(a => a.Name).HasMaxLength(WebApp.NameLength);
            app.Property(a => a.Label).HasMaxLength(WebApp.LabelLength);
            app.Property(a => a.Upstream).HasMaxLength(WebApp.UpstreamLength);
            app.HasIndex(a => a.Label).IsUnique().HasDatabaseName(EditApps.LabelIndex);
            app.HasMany(a => a.Groups).WithOne().HasForeignKey(g => g.AppId).OnDelete(DeleteBehavior.Cascade);
            app.Property<uint>("Version").IsRowVersion();
        });
        model.Entity<WebAppGroup>(group =>
        {
            group.ToTable("app_group");
            group.HasKey(g => new { g.AppId, g.GroupId });
            group.HasIndex(g => g.GroupId);
        });
        model.Entity<AppVisit>(visit =>
        {
            visit.ToTable("app_visit");
            visit.HasIndex(v => v.TokenHash).IsUnique();
            visit.HasIndex(v => v.ExpiresAt);
            visit.HasOne<WebApp>().WithMany().HasForeignKey(v => v.AppId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<AppCode>(code =>
        {
            code.ToTable("app_code");
            code.HasIndex(c => c.CodeHash).IsUnique();
            code.HasIndex(c => c.ExpiresAt);
            code.HasOne<WebApp>().WithMany().HasForeignKey(c => c.AppId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<AppKey>(key =>
        {
            key.ToTable("app_key");
            key.HasIndex(k => k.CreatedAt);
        });
    }
}
