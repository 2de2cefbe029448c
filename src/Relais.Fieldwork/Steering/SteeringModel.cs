using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Steering;

internal static class SteeringModel
{
    public const string Channel = "relais_steering";

    /// <summary>
    /// Notes what happens, whoever makes it happen. Of a call, when its transaction commits: then the case is what it becomes, and is still locked, so that the
    /// ids of one case's changes grow in the order of its transactions. Run once, by a migration.
    /// </summary>
    public const string Triggers = """
        INSERT INTO fieldwork.feed_head (id, position, forgotten) VALUES (1, 0, 0);

        CREATE FUNCTION fieldwork.tell_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO fieldwork.study_change (event_id, study_id, wave_id, case_id, kind, at, facts)
          SELECT gen_random_uuid(), w.study_id, c.wave_id, c.id, 'case.outcome', NEW.until, jsonb_build_object(
            'from', NEW."from", 'until', NEW.until, 'callOutcome', NEW.outcome, 'number', NEW.number, 'byAppointment', NEW.by_appointment,
            'state', c.state, 'outcome', c.outcome, 'tries', c.tries, 'due', c.due_at)
          FROM fieldwork.cases c JOIN fieldwork.wave w ON w.id = c.wave_id WHERE c.id = NEW.case_id;
          RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER attempt_told AFTER INSERT ON fieldwork.attempt DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fieldwork.tell_attempt();

        CREATE FUNCTION fieldwork.tell_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          -- A case that came back to its interviewer for want of a sign, or was given to somebody, is no promise to a respondent.
          IF EXISTS (SELECT FROM fieldwork.attempt a WHERE a.case_id = NEW.case_id AND a.until = NEW.made_at AND a.outcome IN (30, 31)) THEN
            RETURN NULL;
          END IF;
          INSERT INTO fieldwork.study_change (event_id, study_id, wave_id, case_id, kind, at, facts)
          SELECT gen_random_uuid(), w.study_id, w.id, NEW.case_id, 'appointment.made', NEW.made_at, jsonb_build_object('at', NEW.at, 'hard', NEW.hard)
          FROM fieldwork.wave w WHERE w.id = NEW.wave_id;
          RETURN NULL;
        END $$;
        CREATE TRIGGER appointment_told AFTER INSERT ON fieldwork.appointment FOR EACH ROW EXECUTE FUNCTION fieldwork.tell_appointment();

        CREATE FUNCTION fieldwork.tell_cell() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO fieldwork.study_change (event_id, study_id, wave_id, kind, at, facts)
          SELECT gen_random_uuid(), w.study_id, w.id, CASE WHEN NEW.shut THEN 'quota-cell.closed' ELSE 'quota-cell.reopened' END, clock_timestamp(), jsonb_build_object(
            'cell', NEW.id, 'quota', q.name, 'values', NEW.conditions, 'target', NEW.target, 'completed', NEW.completed, 'reserved', NEW.reserved, 'byHand', NEW.closed)
          FROM fieldwork.wave w JOIN fieldwork.quota q ON q.id = NEW.quota_id WHERE w.id = NEW.wave_id;
          RETURN NULL;
        END $$;
        CREATE TRIGGER cell_told AFTER UPDATE ON fieldwork.quota_cell FOR EACH ROW WHEN (OLD.shut IS DISTINCT FROM NEW.shut) EXECUTE FUNCTION fieldwork.tell_cell();

        CREATE FUNCTION fieldwork.tell_interview() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO fieldwork.study_change (event_id, study_id, wave_id, case_id, kind, at, facts)
          SELECT gen_random_uuid(), w.study_id, w.id, NEW.case_id, CASE WHEN NEW.state = 1 THEN 'interview.completed' ELSE 'interview.rejected' END,
            CASE WHEN NEW.state = 1 AND OLD.state <> 3 THEN coalesce(NEW.ended_at, clock_timestamp()) ELSE clock_timestamp() END, jsonb_build_object(
            'interview', NEW.id, 'questionnaire', NEW.questionnaire_id, 'language', NEW.language, 'begun', NEW.begun_at, 'ended', NEW.ended_at)
          FROM fieldwork.wave w WHERE w.id = NEW.wave_id;
          RETURN NULL;
        END $$;
        CREATE TRIGGER interview_told AFTER UPDATE ON fieldwork.interview FOR EACH ROW WHEN (NEW.state IN (1, 3) AND OLD.state <> NEW.state) EXECUTE FUNCTION fieldwork.tell_interview();

        CREATE FUNCTION fieldwork.wake_steering() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_notify('relais_steering', ''); RETURN NULL; END $$;
        CREATE TRIGGER change_wakes AFTER INSERT ON fieldwork.study_change FOR EACH STATEMENT EXECUTE FUNCTION fieldwork.wake_steering();
        """;

    public static void Map(ModelBuilder model)
    {
        model.Entity<StudyChange>(change =>
        {
            change.ToTable("study_change");
            change.Property(c => c.Facts).HasColumnType("jsonb");
            change.HasIndex(c => new { c.StudyId, c.Position });
            change.HasIndex(c => c.Id).HasFilter("position IS NULL").HasDatabaseName("change_undealt");
            change.HasIndex(c => c.Position).IsUnique().HasDatabaseName("change_place");
            change.HasOne<Study>().WithMany().HasForeignKey(c => c.StudyId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<FeedHead>(head =>
        {
            head.ToTable("feed_head");
            head.Property(h => h.Id).ValueGeneratedNever();
        });
    }
}
