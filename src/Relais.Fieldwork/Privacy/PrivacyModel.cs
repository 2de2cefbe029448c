using Microsoft.EntityFrameworkCore;

namespace Relais.Fieldwork.Privacy;

internal static class PrivacyModel
{
    /// <summary>What was recorded stays as it was, except that a remark may be emptied: that alone, and nothing beside it. Run once, by a migration.</summary>
    public const string Triggers = """
        CREATE FUNCTION fieldwork.only_remark_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_TABLE_NAME = 'attempt' AND to_jsonb(NEW) = to_jsonb(OLD) || '{"comment": null}' THEN RETURN NEW; END IF;
          IF TG_TABLE_NAME = 'interview_event' AND to_jsonb(NEW) = to_jsonb(OLD) || '{"value": ""}' AND (to_jsonb(OLD) ->> 'kind')::int = 5 THEN RETURN NEW; END IF;
          IF TG_TABLE_NAME = 'review' AND to_jsonb(NEW) = to_jsonb(OLD) || '{"reason": null}' THEN RETURN NEW; END IF;
          RAISE EXCEPTION 'what was recorded is not changed';
        END $$;
        DROP TRIGGER attempt_frozen ON fieldwork.attempt;
        CREATE TRIGGER attempt_frozen BEFORE UPDATE ON fieldwork.attempt FOR EACH ROW EXECUTE FUNCTION fieldwork.only_remark_emptied();
        DROP TRIGGER interview_event_frozen ON fieldwork.interview_event;
        CREATE TRIGGER interview_event_frozen BEFORE UPDATE ON fieldwork.interview_event FOR EACH ROW EXECUTE FUNCTION fieldwork.only_remark_emptied();
        DROP TRIGGER review_frozen ON fieldwork.review;
        CREATE TRIGGER review_frozen BEFORE UPDATE ON fieldwork.review FOR EACH ROW EXECUTE FUNCTION fieldwork.only_remark_emptied();
        """;

    public static void Map(ModelBuilder model)
    {
        model.Entity<ErasedNumber>(number =>
        {
            number.ToTable("erased_number");
            number.HasKey(n => n.Hash);
        });
        model.Entity<NumberKey>(key =>
        {
            key.ToTable("number_key");
            key.Property(k => k.Id).ValueGeneratedNever();
        });
        model.Entity<Erasure>(erasure =>
        {
            erasure.ToTable("erasure");
            erasure.Property(e => e.Id).ValueGeneratedNever();
            erasure.HasIndex(e => e.AskedAt);
        });
    }
}
