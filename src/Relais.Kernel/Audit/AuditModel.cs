using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Relais.Kernel.Audit;

internal static class AuditModel
{
    public static void Map(EntityTypeBuilder<AuditLine> line)
    {
        line.ToTable("audit_line", KernelDb.Schema);
        line.HasKey(l => l.Seq);
        line.Property(l => l.Seq).HasColumnName("seq").ValueGeneratedOnAdd();
        line.Property(l => l.At).HasColumnName("at");
        line.Property(l => l.Actor).HasColumnName("actor");
        line.Property(l => l.ActorName).HasColumnName("actor_name");
        line.Property(l => l.Address).HasColumnName("address");
        line.Property(l => l.Action).HasColumnName("action");
        line.Property(l => l.Subject).HasColumnName("subject");
        line.Property(l => l.SubjectName).HasColumnName("subject_name");
        line.Property(l => l.Detail).HasColumnName("detail");
        line.Property(l => l.PreviousHash).HasColumnName("previous_hash").ValueGeneratedOnAdd();
        line.Property(l => l.Hash).HasColumnName("hash").ValueGeneratedOnAdd();
        line.HasIndex(l => l.At).HasDatabaseName("audit_line_at");
        line.HasIndex(l => l.Actor).HasDatabaseName("audit_line_actor");
        line.HasIndex(l => l.Action).HasDatabaseName("audit_line_action");
        line.HasIndex(l => l.Subject).HasDatabaseName("audit_line_subject");
    }

    // The trigger, not the program, numbers and chains: every writer, on any node, takes the head's row lock in turn.
    // Fields are prefixed with their length so that no two different lines hash the same text.
    public const string Chain = """
        CREATE TABLE kernel.audit_head (one boolean PRIMARY KEY DEFAULT true CHECK (one), seq bigint NOT NULL, hash bytea NOT NULL);
        INSERT INTO kernel.audit_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

        CREATE FUNCTION kernel.audit_text(line kernel.audit_line) RETURNS text LANGUAGE sql IMMUTABLE AS $$
          SELECT string_agg(octet_length(field) || ':' || field, '' ORDER BY place) FROM unnest(ARRAY[
            line.seq::text, floor(extract(epoch FROM line.at) * 1000000)::bigint::text, line.actor, line.actor_name,
            coalesce(line.address, ''), line.action, line.subject, line.subject_name, line.detail
          ]) WITH ORDINALITY AS fields(field, place) $$;

        CREATE FUNCTION kernel.audit_append() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          SELECT head.seq + 1, head.hash INTO NEW.seq, NEW.previous_hash FROM kernel.audit_head head FOR UPDATE;
          NEW.hash := sha256(NEW.previous_hash || convert_to(kernel.audit_text(NEW), 'UTF8'));
          UPDATE kernel.audit_head SET seq = NEW.seq, hash = NEW.hash;
          RETURN NEW;
        END $$;

        CREATE FUNCTION kernel.audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;

        CREATE TRIGGER audit_append BEFORE INSERT ON kernel.audit_line FOR EACH ROW EXECUTE FUNCTION kernel.audit_append();
        CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE ON kernel.audit_line FOR EACH ROW EXECUTE FUNCTION kernel.audit_refuse();
        CREATE TRIGGER audit_refuse_truncate BEFORE TRUNCATE ON kernel.audit_line EXECUTE FUNCTION kernel.audit_refuse();
        """;
}
