using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Traffic.Explore;
using Relais.Traffic.Links;
using Relais.Traffic.Live;
using Relais.Traffic.Markers;
using Relais.Traffic.Sites;

namespace Relais.Traffic;

/// <summary>Schema "traffic": sites and their keys, and what the readers of the collectors' logs made of them.</summary>
internal sealed class TrafficDb(DbContextOptions<TrafficDb> options) : DbContext(options)
{
    public const string Schema = "traffic";

    public DbSet<Site> Sites => Set<Site>();

    public DbSet<DailySalt> Salts => Set<DailySalt>();

    public DbSet<LogReaderRow> Readers => Set<LogReaderRow>();

    public DbSet<LiveCell> Cells => Set<LiveCell>();

    public DbSet<LiveReach> Reach => Set<LiveReach>();

    public DbSet<LivePictureRow> Pictures => Set<LivePictureRow>();

    public DbSet<SharedSecond> Shared => Set<SharedSecond>();

    public DbSet<TwinRow> Twins => Set<TwinRow>();

    public DbSet<SavedView> Views => Set<SavedView>();

    public DbSet<EventMarker> Markers => Set<EventMarker>();

    public DbSet<PublicLink> Links => Set<PublicLink>();

    // What the database refuses is answered in words.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.ConfigureWarnings(events => events.Log(
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<Site>(site =>
        {
            site.ToTable("site");
            site.Property(s => s.Consent).HasConversion<string>();
            site.HasIndex(s => s.NormalizedName).IsUnique().HasDatabaseName("IX_site_normalized_name");
            site.HasIndex(s => s.Key).IsUnique();
        });
        modelBuilder.Entity<DailySalt>(salt =>
        {
            salt.ToTable("daily_salt");
            salt.HasKey(s => s.Day);
        });
        modelBuilder.Entity<LogReaderRow>(reader =>
        {
            reader.ToTable("log_reader");
            reader.HasKey(r => new { r.Log, r.Reader });
        });
        modelBuilder.Entity<LiveCell>(cell =>
        {
            cell.ToTable("live_cell");
            cell.HasKey(c => new { c.Minute, c.Dimension, c.Value, c.Log });
        });
        modelBuilder.Entity<LiveReach>(reach =>
        {
            reach.ToTable("live_reach");
            reach.HasKey(r => new { r.Quarter, r.Dimension, r.Value, r.Log });
        });
        modelBuilder.Entity<LivePictureRow>(picture =>
        {
            picture.ToTable("live_picture");
            picture.HasKey(p => p.Log);
            picture.IsUnlogged();
        });
        modelBuilder.Entity<SharedSecond>(second =>
        {
            second.ToTable("shared_second");
            second.HasKey(s => s.Number);
        });
        modelBuilder.Entity<TwinRow>(twin =>
        {
            twin.ToTable("twin");
            twin.HasKey(t => new { t.Log, t.Sequence });
        });
        modelBuilder.Entity<SavedView>(view =>
        {
            view.ToTable("saved_view");
            view.Property(v => v.Name).HasMaxLength(SavedView.LongestName);
            view.Property(v => v.Query).HasMaxLength(SavedView.LongestQuery);
            view.HasIndex(v => v.PersonId);
        });
        modelBuilder.Entity<EventMarker>(marker =>
        {
            marker.ToTable("event_marker");
            marker.Property(m => m.Name).HasMaxLength(EventMarker.LongestName);
            marker.HasIndex(m => m.At);
        });
        modelBuilder.Entity<PublicLink>(link =>
        {
            link.ToTable("public_link");
            link.Property(l => l.Name).HasMaxLength(PublicLink.LongestName);
            link.Property(l => l.Kind).HasConversion<string>();
            link.HasIndex(l => l.Hash).IsUnique();
        });
        ColumnNames.Map(modelBuilder);
        modelBuilder.AddAudit();
    }
}

internal sealed class TrafficDbDesign : IDesignTimeDbContextFactory<TrafficDb>
{
    public TrafficDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<TrafficDb>()
            .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("migrations", TrafficDb.Schema)).Options);
}
