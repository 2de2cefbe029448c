using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;
using Relais.Desktops.Plans;
using Relais.Desktops.Pools;
using Relais.Desktops.Usage;
using Relais.Desktops.Workstations;
using Relais.Kernel.Audit;

namespace Relais.Desktops;

/// <summary>Schema "desktops": whose desktops there are and what is wanted of them.</summary>
internal sealed class DesktopsDb(DbContextOptions<DesktopsDb> options) : DbContext(options)
{
    public const string Schema = "desktops";

    public DbSet<Desktop> Desktops => Set<Desktop>();

    public DbSet<HomeSnapshot> Snapshots => Set<HomeSnapshot>();

    public DbSet<Pool> Pools => Set<Pool>();

    public DbSet<PoolHome> PoolHomes => Set<PoolHome>();

    public DbSet<FleetJob> Jobs => Set<FleetJob>();

    public DbSet<FleetJobRow> JobRows => Set<FleetJobRow>();

    public DbSet<BundleRow> Bundles => Set<BundleRow>();

    public DbSet<BundleVersion> BundleVersions => Set<BundleVersion>();

    public DbSet<ContinuityPlan> Plans => Set<ContinuityPlan>();

    public DbSet<PlanRun> PlanRuns => Set<PlanRun>();

    public DbSet<PlanRunStep> PlanRunSteps => Set<PlanRunStep>();

    public DbSet<UsageHour> UsageHours => Set<UsageHour>();

    public DbSet<FleetSlot> FleetSlots => Set<FleetSlot>();

    public DbSet<Workstation> Workstations => Set<Workstation>();

    public DbSet<WorkstationAsk> WorkstationAsks => Set<WorkstationAsk>();

    public DbSet<WorkstationAccount> WorkstationAccounts => Set<WorkstationAccount>();

    // A name that is taken is a refusal with words, and a row that changed meanwhile is read again; what nobody catches is logged by the server itself.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.ConfigureWarnings(events => events.Log(
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (CoreEventId.OptimisticConcurrencyException, LogLevel.Debug),
        (RelationalEventId.CommandError, LogLevel.Debug)));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.AddAudit();
        modelBuilder.Entity<Desktop>(desktop =>
        {
            desktop.ToTable("desktop");
            desktop.Ignore(d => d.Instance);
            desktop.Ignore(d => d.HomeVolume);
            desktop.Ignore(d => d.IsQueued);
            desktop.Property(d => d.Wanted).HasConversion<string>();
            desktop.Property(d => d.State).HasConversion<string>();
            // One personal desktop a person, whatever two requests at once would like.
            desktop.HasIndex(d => d.PersonId).IsUnique().HasFilter("\"PoolId\" IS NULL");
            desktop.HasIndex(d => d.Slot).IsUnique();
            desktop.Property<uint>("Version").IsRowVersion();
        });
        PoolModel.Map(modelBuilder);
        FleetModel.Map(modelBuilder);
        PlanModel.Map(modelBuilder);
        UsageModel.Map(modelBuilder);
        WorkstationModel.Map(modelBuilder);
    }
}

internal sealed class DesktopsDbDesign : IDesignTimeDbContextFactory<DesktopsDb>
{
    public DesktopsDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<DesktopsDb>()
            .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("migrations", DesktopsDb.Schema)).Options);
}
