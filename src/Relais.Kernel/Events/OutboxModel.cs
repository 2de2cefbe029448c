using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Relais.Kernel.Events;

internal static class OutboxModel
{
    public const string Channel = "relais_outbox";

    // Once a statement, when its transaction commits: whoever delivers looks at once.
    public const string Wake = $"""
        CREATE FUNCTION kernel.outbox_wake() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_notify('{Channel}', ''); RETURN NULL; END $$;
        CREATE TRIGGER outbox_wake AFTER INSERT ON kernel.outbox FOR EACH STATEMENT EXECUTE FUNCTION kernel.outbox_wake();
        """;

    public static void Map(EntityTypeBuilder<OutboxEntry> entry)
    {
        entry.ToTable("outbox", KernelDb.Schema);
        entry.HasKey(e => e.Seq);
        entry.Property(e => e.Seq).HasColumnName("seq").ValueGeneratedOnAdd();
        entry.Property(e => e.EventId).HasColumnName("event_id");
        entry.Property(e => e.Consumer).HasColumnName("consumer");
        entry.Property(e => e.Key).HasColumnName("key");
        entry.Property(e => e.Kind).HasColumnName("kind");
        entry.Property(e => e.Body).HasColumnName("body");
        entry.Property(e => e.ToldAt).HasColumnName("told_at");
        entry.Property(e => e.DueAt).HasColumnName("due_at");
        entry.Property(e => e.Failures).HasColumnName("failures");
        entry.Property(e => e.Error).HasColumnName("error");
        entry.Property(e => e.SetAsideAt).HasColumnName("set_aside_at");
        entry.HasIndex(e => new { e.Consumer, e.Key, e.Seq }).HasFilter("set_aside_at IS NULL").HasDatabaseName("outbox_order");
        entry.HasIndex(e => new { e.DueAt, e.Seq }).HasFilter("set_aside_at IS NULL").HasDatabaseName("outbox_due");
        entry.HasIndex(e => new { e.EventId, e.Consumer }).IsUnique().HasDatabaseName("outbox_once");
    }
}
