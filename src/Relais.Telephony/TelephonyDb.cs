using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Telephony.Calls;
using Relais.Telephony.Contracts;
using Relais.Telephony.Quality;
using Relais.Telephony.Recordings;
using Relais.Telephony.Trunks;

namespace Relais.Telephony;

/// <summary>Schema "telephony": trunks, calls, their legs and recordings.</summary>
internal sealed class TelephonyDb(DbContextOptions<TelephonyDb> options) : DbContext(options)
{
    public const string Schema = "telephony";

    public DbSet<Trunk> Trunks => Set<Trunk>();

    public DbSet<Call> Calls => Set<Call>();

    public DbSet<CallLeg> Legs => Set<CallLeg>();

    public DbSet<CallRecording> Recordings => Set<CallRecording>();

    public DbSet<CallMarkRow> Marks => Set<CallMarkRow>();

    public DbSet<RecordingPolicy> RecordingPolicies => Set<RecordingPolicy>();

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
            trunk.Property(t => t.Transport).HasConversion<string>();
            trunk.Property(t => t.Reach).HasConversion<string>();
            trunk.Property(t => t.Registration).HasConversion<string>();
        });
        modelBuilder.Entity<Call>(call =>
        {
            call.ToTable("call");
            call.Property(c => c.State).HasConversion<string>();
            call.Property(c => c.End).HasConversion<string>();
            call.Property(c => c.Outcome).HasConversion<string>();
            call.Property(c => c.CallerClass).HasConversion<string>().HasDefaultValue(CallerClass.Ordinary);
            call.Property(c => c.Study).HasDefaultValue("");
            call.Property(c => c.Subject).HasDefaultValue("");
            call.HasIndex(c => c.Subject);
            call.Property(c => c.Unheard).HasConversion<string>();
            call.HasIndex(c => c.AskedAt);
            call.HasIndex(c => c.TrunkId).HasFilter("state <> 'Ended'").HasDatabaseName("IX_call_trunk_live");
            // One call a person at a time, whatever two requests at once would like.
            call.HasIndex(c => c.PersonId).IsUnique().HasFilter("state <> 'Ended'").HasDatabaseName("IX_call_person_live");
        });
        modelBuilder.Entity<CallLeg>(leg =>
        {
            leg.ToTable("call_leg");
            leg.HasKey(l => new { l.CallId, l.Leg });
            leg.Property(l => l.Leg).HasConversion<string>();
            leg.Property(l => l.Cause).HasConversion<string>();
            leg.HasOne<Call>().WithMany().HasForeignKey(l => l.CallId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<CallRecording>(recording =>
        {
            recording.ToTable("call_recording");
            recording.HasKey(r => r.CallId);
            recording.Ignore(r => r.Playable).Ignore(r => r.Gone);
            recording.Property(r => r.State).HasConversion<string>();
            // A call is not forgotten while its recording lies on a disk.
            recording.HasOne<Call>().WithOne().HasForeignKey<CallRecording>(r => r.CallId).OnDelete(DeleteBehavior.Cascade);
            recording.HasIndex(r => r.KeepUntil).HasFilter("gone_at IS NULL");
            recording.HasIndex(r => r.File).IsUnique();
        });
        modelBuilder.Entity<CallMarkRow>(mark =>
        {
            mark.ToTable("call_mark");
            mark.HasKey(m => new { m.CallId, m.Ms, m.Label });
            mark.HasOne<Call>().WithMany().HasForeignKey(m => m.CallId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<RecordingPolicy>(policy =>
        {
            policy.ToTable("recording_policy");
            policy.HasKey(p => p.Key);
            policy.Property(p => p.Mode).HasConversion<string>();
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
