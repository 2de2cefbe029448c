using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;

namespace Relais.Desktops.Fleet;

internal static class FleetModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<HomeSnapshot>(snapshot =>
        {
            snapshot.ToTable("home_snapshot");
            snapshot.Ignore(s => s.Name);
            snapshot.Property(s => s.Reason).HasConversion<string>();
            snapshot.HasIndex(s => s.DesktopId);
            snapshot.HasOne<Desktop>().WithMany().HasForeignKey(s => s.DesktopId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<FleetJob>(job =>
        {
            job.ToTable("fleet_job");
            job.Property(j => j.Action).HasConversion<string>();
            job.Property(j => j.Arguments).HasColumnType("jsonb").HasConversion(
                given => JsonSerializer.Serialize(given, JsonSerializerOptions.Web),
                kept => JsonSerializer.Deserialize<FleetArguments>(kept, JsonSerializerOptions.Web) ?? new FleetArguments());
            job.HasMany(j => j.Rows).WithOne().HasForeignKey(r => r.JobId).OnDelete(DeleteBehavior.Cascade);
            job.HasIndex(j => j.FinishedAt);
        });
        model.Entity<FleetJobRow>(row =>
        {
            row.ToTable("fleet_job_row");
            row.HasKey(r => new { r.JobId, r.DesktopId });
            row.Property(r => r.State).HasConversion<string>();
        });
        model.Entity<BundleRow>(bundle =>
        {
            bundle.ToTable("bundle");
            bundle.HasKey(b => b.Name);
            bundle.Property(b => b.RollOut).HasConversion<string>();
            bundle.Property(b => b.Build).HasConversion<string>();
            bundle.Property<uint>("Version").IsRowVersion();
        });
        model.Entity<BundleVersion>(version =>
        {
            version.ToTable("bundle_version");
            version.HasKey(v => new { v.Bundle, v.Hash });
        });
    }
}
