using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Desktops;

namespace Relais.Desktops.Pools;

internal static class PoolModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<Pool>(pool =>
        {
            pool.ToTable("pool");
            pool.Property(p => p.Schedule).HasColumnType("jsonb").HasConversion(
                given => JsonSerializer.Serialize(given, JsonSerializerOptions.Web),
                kept => JsonSerializer.Deserialize<PoolSchedule>(kept, JsonSerializerOptions.Web) ?? PoolSchedule.Empty);
            pool.HasIndex(p => p.NormalizedName).IsUnique();
            pool.Property<uint>("Version").IsRowVersion();
        });
        model.Entity<PoolHome>(home =>
        {
            home.ToTable("pool_home");
            home.HasIndex(h => new { h.PoolId, h.PersonId }).IsUnique();
        });
        model.Entity<Desktop>(desktop =>
        {
            desktop.Ignore(d => d.IsSpare);
            // One of a pool for a person at a time; one that goes is nobody's any more.
            desktop.HasIndex(d => new { d.PoolId, d.PersonId }).IsUnique()
                .HasFilter("\"PoolId\" IS NOT NULL AND \"PersonId\" <> '00000000-0000-0000-0000-000000000000' AND \"Wanted\" <> 'Deleted'");
            // A home is in one desktop at a time, until that one is gone from the engine too.
            desktop.HasIndex(d => d.HomeId).IsUnique().HasFilter("\"HomeId\" IS NOT NULL");
        });
    }
}
