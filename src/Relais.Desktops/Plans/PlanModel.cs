using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Relais.Desktops.Plans;

internal static class PlanModel
{
    /// <summary>At most one open run of a plan, whatever two administrators would like in the same moment.</summary>
    public const string OneOpenRun = "IX_plan_run_open";

    public static void Map(ModelBuilder model)
    {
        model.Entity<ContinuityPlan>(plan =>
        {
            plan.ToTable("plan");
            plan.HasIndex(p => p.NormalizedName).IsUnique();
            AsJson(plan.Property(p => p.Steps));
            AsJson(plan.Property(p => p.Rehearsal));
            plan.Property<uint>("Version").IsRowVersion();
        });
        model.Entity<PlanRun>(run =>
        {
            run.ToTable("plan_run");
            run.Ignore(r => r.Actor);
            run.HasIndex(r => r.PlanId, OneOpenRun).IsUnique().HasFilter("\"FinishedAt\" IS NULL");
            run.HasIndex(r => new { r.PlanId, r.AskedAt });
            run.HasOne<ContinuityPlan>().WithMany().HasForeignKey(r => r.PlanId).OnDelete(DeleteBehavior.Cascade);
            run.HasMany(r => r.Steps).WithOne().HasForeignKey(s => s.RunId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<PlanRunStep>(step =>
        {
            step.ToTable("plan_run_step");
            step.HasKey(s => new { s.RunId, s.Number });
            AsJson(step.Property(s => s.Step));
        });
    }

    // Replaced as a whole, never changed in place: two values are the same when they are written the same.
    private static void AsJson<T>(PropertyBuilder<T> property) => property.HasColumnType("jsonb").HasConversion(
        given => JsonSerializer.Serialize(given, JsonSerializerOptions.Web),
        kept => JsonSerializer.Deserialize<T>(kept, JsonSerializerOptions.Web)!,
        new ValueComparer<T>(
            (a, b) => JsonSerializer.Serialize(a, JsonSerializerOptions.Web) == JsonSerializer.Serialize(b, JsonSerializerOptions.Web),
            value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web).GetHashCode(StringComparison.Ordinal),
            value => value));
}
