using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Relais.Kernel.Audit;
using Relais.Kernel.Events;

namespace Relais.Kernel;

/// <summary>Schema "kernel": what all modules share, and nothing that has a business meaning.</summary>
public sealed class KernelDb(DbContextOptions<KernelDb> options) : DbContext(options)
{
    public const string Schema = "kernel";

    public DbSet<AuditLine> AuditLines => Set<AuditLine>();

    public DbSet<OutboxEntry> Outbox => Set<OutboxEntry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<AuditLine>(AuditModel.Map);
        modelBuilder.Entity<OutboxEntry>(OutboxModel.Map);
    }
}

internal sealed class KernelDbDesign : IDesignTimeDbContextFactory<KernelDb>
{
    public KernelDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<KernelDb>()
            .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("migrations", KernelDb.Schema)).Options);
}
