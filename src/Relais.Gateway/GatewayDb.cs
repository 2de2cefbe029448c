using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Relais.Gateway.Apps;
using Relais.Gateway.Connect;
using Relais.Gateway.Contracts;
using Relais.Gateway.Feed;
using Relais.Gateway.Pictures;
using Relais.Gateway.Recordings;
using Relais.Gateway.Sessions;
using Relais.Gateway.Sites;
using Relais.Gateway.Watching;
using Relais.Kernel.Audit;

namespace Relais.Gateway;

/// <summary>Schema "gateway": sessions and the tokens that open them, internal apps and the visits to them, sites and their agents.</summary>
internal sealed class GatewayDb(DbContextOptions<GatewayDb> options) : DbContext(options)
{
    public const string Schema = "gateway";

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<Grant> Grants => Set<Grant>();

    public DbSet<ConnectPass> ConnectPasses => Set<ConnectPass>();

    public DbSet<WebApp> WebApps => Set<WebApp>();

    public DbSet<AppVisit> AppVisits => Set<AppVisit>();

    public DbSet<AppCode> AppCodes => Set<AppCode>();

    public DbSet<AppKey> AppKeys => Set<AppKey>();

    public DbSet<Recording> Recordings => Set<Recording>();

    public DbSet<Watch> Watches => Set<Watch>();

    public DbSet<Site> Sites => Set<Site>();

    public DbSet<SiteAgent> SiteAgents => Set<SiteAgent>();

    public DbSet<SiteToken> SiteTokens => Set<SiteToken>();

    public DbSet<Picture> Pictures => Set<Picture>();

    public DbSet<ClientFeed> Feeds => Set<ClientFeed>();

    public DbSet<FeedFile> FeedFiles => Set<FeedFile>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.AddAudit();
        modelBuilder.Entity<Session>(session =>
        {
            session.ToTable("session");
            session.Ignore(s => s.EndPoint);
            session.Ignore(s => s.Channels);
            session.Ignore(s => s.Readable);
            session.Ignore(s => s.Watchable);
            session.Property(s => s.Recording).HasConversion<string>().HasDefaultValue(RecordingPolicy.Off);
            session.Property(s => s.Door).HasConversion<string>().HasDefaultValue(GrantDoor.Browser);
            session.Property(s => s.Site).HasMaxLength(Site.NameLength);
            session.Property(s => s.Protocol).HasConversion<string>().HasDefaultValue(TargetProtocol.Rdp).HasSentinel((TargetProtocol)(-1));
            // The sessions of before this column was there went to desktops.
            session.Property(s => s.Security).HasConversion<string>().HasDefaultValue(RdpSecurity.Tls);
            session.Property(s => s.Clipboard).HasConversion<string>();
            session.Property(s => s.End).HasConversion<string>();
            session.HasIndex(s => s.EndedAt);
            session.HasIndex(s => s.PersonId);
            session.HasIndex(s => new { s.TargetKind, s.TargetId });
        });
        modelBuilder.Entity<Grant>(grant =>
        {
            grant.ToTable("grant");
            grant.Property(g => g.Door).HasConversion<string>().HasDefaultValue(GrantDoor.Browser);
            grant.HasIndex(g => g.TokenHash).IsUnique();
            grant.HasIndex(g => g.ExpiresAt);
        });
        modelBuilder.Entity<Recording>(recording =>
        {
            recording.ToTable("recording");
            recording.Property(r => r.Protocol).HasConversion<string>();
            recording.Property(r => r.State).HasConversion<string>();
            recording.Property(r => r.Node).HasMaxLength(Recording.NodeLength);
            recording.HasIndex(r => new { r.SessionId, r.Connection }).IsUnique();
            recording.HasIndex(r => r.StartedAt);
            recording.HasIndex(r => new { r.Node, r.State });
        });
        modelBuilder.Entity<Watch>(watch =>
        {
            watch.ToTable("watch");
            watch.HasIndex(w => w.SessionId);
            watch.Property(w => w.State).HasConversion<string>();
        });
        modelBuilder.Entity<Picture>(picture =>
        {
            picture.ToTable("picture");
            picture.HasKey(p => p.Of);
            picture.HasIndex(p => p.At);
        });
        modelBuilder.Entity<ConnectPass>(pass =>
        {
            pass.ToTable("connect_pass");
            pass.Property(p => p.Device).HasMaxLength(ConnectPass.DeviceLength);
            pass.HasIndex(p => p.SecretHash).IsUnique();
            pass.HasIndex(p => p.Code).IsUnique();
            pass.HasIndex(p => p.PersonId);
        });
        FeedModel.Map(modelBuilder);
        AppModel.Map(modelBuilder);
        SiteModel.Map(modelBuilder);
    }
}

internal sealed class GatewayDbDesign : IDesignTimeDbContextFactory<GatewayDb>
{
    public GatewayDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<GatewayDb>()
            .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("migrations", GatewayDb.Schema)).Options);
}
