using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Relais.Kernel.Audit;
using Relais.Telephony.Calls;
using Relais.Telephony.Trunks;

namespace Relais.Telephony;

/// <summary>Schema "telephony": trunks and calls.</summary>
internal sealed class TelephonyDb(DbContextOptions<TelephonyDb> options) : DbContext(options)
{
    public const string Schema = "telephony";

    public DbSet<Trunk> Trunks => Set<Trunk>();

    public DbSet<Call> Calls => Set<Call>();

    // What the database refuses is answered in words.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.ConfigureWarnings(events => events.Log(
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<Trunk>(trunk =>
        {
            trunk.ToTable("trunk");
            trunk.Ignore(t => t.Rules).Ignore(t => t.SipDomain).Ignore(t => t.Usable);
            trunk.HasIndex(t => t.NormalizedName).IsUnique().HasDatabaseName("IX_trunk_normalized_name");
            trunk.Property(t => t.NumberForm).HasConversion<string>();
            trunk.Property(t => t.Reach).HasConversion<string>();
            trunk.Property(t => t.Registration).HasConversion<string>();
        });
        modelBuilder.Entity<Call>(call =>
        {
            call.ToTable("call");
            call.Property(c => c.State).HasConversion<string>();
            call.Property(c => c.End).HasConversion<string>();
            call.Property(c => c.Outcome).HasConversion<string>();
            call.HasIndex(c => c.AskedAt);
            call.HasIndex(c => c.TrunkId).HasFilter("state <> 'Ended'").HasDatabaseName("IX_call_trunk_live");
            // One call a person at a time, whatever two requests at once would like.
            call.HasIndex(c => c.PersonId).IsUnique().HasFilter("state <> 'Ended'").HasDatabaseName("IX_call_person_live");
        });
        ColumnNames.Map(modelBuilder);
        modelBuilder.AddAudit();
    }
}

internal sealed class TelephonyDbDesign : IDesignTimeDbContextFactory<TelephonyDb>
{
    public TelephonyDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<TelephonyDb>()
            .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("migrations", TelephonyDb.Schema)).Options);
}
