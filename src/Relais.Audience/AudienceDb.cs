using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Relais.Audience.Figures;
using Relais.Audience.Inputs;
using Relais.Audience.Interviews;
using Relais.Audience.Runs;
using Relais.Audience.Studies;
using Relais.Audience.Universes;
using Relais.Audience.Waves;
using Relais.Kernel.Audit;

namespace Relais.Audience;

/// <summary>Schema "audience": studies, universes, waves, the files that were imported, and the runs with their results.</summary>
internal sealed class AudienceDb(DbContextOptions<AudienceDb> options) : DbContext(options)
{
    public const string Schema = "audience";

    public DbSet<Study> Studies => Set<Study>();

    public DbSet<StudyVersion> StudyVersions => Set<StudyVersion>();

    public DbSet<Universe> Universes => Set<Universe>();

    public DbSet<Wave> Waves => Set<Wave>();

    public DbSet<WaveInput> Inputs => Set<WaveInput>();

    public DbSet<InputChunk> InputChunks => Set<InputChunk>();

    public DbSet<FieldInterview> FieldInterviews => Set<FieldInterview>();

    public DbSet<Run> Runs => Set<Run>();

    public DbSet<RunWeights> Weights => Set<RunWeights>();

    public DbSet<Figure> Figures => Set<Figure>();

    public DbSet<Curve> Curves => Set<Curve>();

    // A row that changed meanwhile is a refusal with words.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.ConfigureWarnings(events => events.Log(
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (CoreEventId.OptimisticConcurrencyException, LogLevel.Debug),
        (RelationalEventId.CommandError, LogLevel.Debug)));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.AddAudit();
        AudienceModel.Map(modelBuilder);
    }
}

internal sealed class AudienceDbDesign : IDesignTimeDbContextFactory<AudienceDb>
{
    public AudienceDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<AudienceDb>()
            .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("migrations", AudienceDb.Schema)).Options);
}
