using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Appointments;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Samples;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork;

internal static class FieldworkModel
{
    /// <summary>
    /// What the database itself sees to: the history of calls and questionnaires stay as they were written, and each change of a case leaves its difference
    /// in case_count, whoever made it. Run once, by the first migration.
    /// </summary>
    public const string Triggers = """
        CREATE FUNCTION fieldwork.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'what was recorded is not changed'; END $$;
        CREATE TRIGGER attempt_frozen BEFORE UPDATE ON fieldwork.attempt FOR EACH ROW EXECUTE FUNCTION fieldwork.refuse_change();
        CREATE TRIGGER questionnaire_frozen BEFORE UPDATE ON fieldwork.questionnaire FOR EACH ROW EXECUTE FUNCTION fieldwork.refuse_change();

        CREATE FUNCTION fieldwork.count_added() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO fieldwork.case_count (wave_id, state, outcome, number)
          SELECT wave_id, state, outcome, count(*) FROM added GROUP BY 1, 2, 3;
          RETURN NULL;
        END $$;
        CREATE FUNCTION fieldwork.count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO fieldwork.case_count (wave_id, state, outcome, number)
          SELECT wave_id, state, outcome, sum(n) FROM (
            SELECT wave_id, state, outcome, 1 AS n FROM after UNION ALL SELECT wave_id, state, outcome, -1 FROM before) d
          GROUP BY 1, 2, 3 HAVING sum(n) <> 0;
          RETURN NULL;
        END $$;
        CREATE FUNCTION fieldwork.count_removed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO fieldwork.case_count (wave_id, state, outcome, number)
          SELECT wave_id, state, outcome, -count(*) FROM removed GROUP BY 1, 2, 3;
          RETURN NULL;
        END $$;
        CREATE TRIGGER case_added AFTER INSERT ON fieldwork.cases REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fieldwork.count_added();
        CREATE TRIGGER case_changed AFTER UPDATE ON fieldwork.cases REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION fieldwork.count_changed();
        CREATE TRIGGER case_removed AFTER DELETE ON fieldwork.cases REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION fieldwork.count_removed();

        CREATE SEQUENCE fieldwork.case_id CACHE 1;
        ALTER TABLE fieldwork.cases SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
        ALTER TABLE fieldwork.hold SET (fillfactor = 50, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);
        """;

    public static void Map(ModelBuilder model)
    {
        MapStudies(model);
        MapCases(model);
        MapCalls(model);
        MapQuotas(model);
        MapSamples(model);
    }

    private static void MapStudies(ModelBuilder model)
    {
        model.Entity<Study>(study =>
        {
            study.ToTable("study");
            study.Property(s => s.Name).HasMaxLength(Study.NameLength);
            study.HasIndex(s => s.Name).IsUnique();
        });
        model.Entity<Questionnaire>(questionnaire =>
        {
            questionnaire.ToTable("questionnaire");
            questionnaire.Property(q => q.Title).HasMaxLength(Questionnaire.TitleLength);
            questionnaire.HasIndex(q => new { q.StudyId, q.Number }).IsUnique();
            questionnaire.HasOne<Study>().WithMany().HasForeignKey(q => q.StudyId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<Wave>(wave =>
        {
            wave.ToTable("wave");
            wave.Property(w => w.Name).HasMaxLength(Wave.NameLength);
            wave.Property(w => w.State).HasConversion<string>();
            // Waves that are there already: as new ones are.
            wave.Property(w => w.Dialling).HasConversion<string>().HasDefaultValue(DialMode.Preview).HasSentinel(DialMode.Preview);
            wave.Property(w => w.Caller).HasConversion<string>().HasDefaultValue(CallerClass.Ordinary);
            wave.HasIndex(w => new { w.StudyId, w.Name }).IsUnique();
            wave.HasOne<Study>().WithMany().HasForeignKey(w => w.StudyId).OnDelete(DeleteBehavior.Restrict);
            wave.HasOne<Questionnaire>().WithMany().HasForeignKey(w => w.QuestionnaireId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<WaveDay>(day =>
        {
            day.ToTable("wave_day");
            day.HasKey(d => new { d.WaveId, d.Day });
            day.HasOne<Wave>().WithMany().HasForeignKey(d => d.WaveId);
        });
        model.Entity<Team>(team =>
        {
            team.ToTable("team");
            team.Property(t => t.Name).HasMaxLength(Team.NameLength);
            team.HasIndex(t => t.Name).IsUnique();
        });
        model.Entity<Interviewer>(interviewer =>
        {
            interviewer.ToTable("interviewer");
            interviewer.HasKey(i => i.PersonId);
            interviewer.HasOne<Team>().WithMany().HasForeignKey(i => i.TeamId).OnDelete(DeleteBehavior.SetNull);
        });
        model.Entity<Shift>(shift =>
        {
            shift.ToTable("shift");
            shift.HasIndex(s => new { s.PersonId, s.From });
            shift.HasIndex(s => s.Until);
        });
    }

    private static void MapCases(ModelBuilder model)
    {
        model.Entity<Case>(row =>
        {
            // "case" is a word of SQL.
            row.ToTable("cases", table => table.HasTrigger("case_changed"));
            row.Property(c => c.Id).ValueGeneratedNever();
            row.Property(c => c.State).HasConversion<short>();
            // The queue: the first due case of a pool is one step into this index.
            row.HasIndex(c => new { c.PoolId, c.DueAt, c.Shuffle }).HasFilter("state = 1").HasDatabaseName("case_queue");
            row.HasIndex(c => new { c.WaveId, c.Replicate }).HasFilter("state = 0").HasDatabaseName("case_waiting");
        });
        model.Entity<CaseRecord>(record =>
        {
            record.ToTable("case_record");
            record.HasKey(r => r.CaseId);
            record.Property(r => r.Fields).HasColumnType("jsonb");
            record.HasIndex(r => new { r.WaveId, r.Key }).IsUnique();
        });
        model.Entity<CaseNumber>(number =>
        {
            number.ToTable("case_number");
            number.HasKey(n => new { n.CaseId, n.Position });
            number.HasIndex(n => n.Number);
        });
        model.Entity<NumberState>(state =>
        {
            state.ToTable("number_state");
            state.HasKey(s => s.Number);
            state.Property(s => s.Number).ValueGeneratedNever();
            state.HasIndex(s => s.InterviewedAt);
        });
        model.Entity<Stratum>(stratum =>
        {
            stratum.ToTable("stratum");
            stratum.Property(s => s.Known).HasColumnType("jsonb");
            stratum.HasIndex(s => new { s.WaveId, s.Known }).IsUnique();
        });
        model.Entity<Pool>(pool =>
        {
            pool.ToTable("pool");
            pool.HasIndex(p => new { p.WaveId, p.StratumId, p.Zone, p.Language, p.Skill, p.Priority, p.Tried, p.Spent }).IsUnique().HasDatabaseName("pool_alike");
            pool.HasOne<Stratum>().WithMany().HasForeignKey(p => p.StratumId).OnDelete(DeleteBehavior.Restrict);
        });
    }

    private static void MapCalls(ModelBuilder model)
    {
        model.Entity<Hold>(hold =>
        {
            hold.ToTable("hold");
            hold.HasKey(h => h.CaseId);
            hold.Property(h => h.CaseId).ValueGeneratedNever();
            hold.Property(h => h.Stage).HasConversion<short>();
            hold.HasIndex(h => h.PersonId).IsUnique();
        });
        model.Entity<Attempt>(attempt =>
        {
            attempt.ToTable("attempt");
            attempt.HasIndex(a => new { a.CaseId, a.From });
            attempt.HasIndex(a => new { a.Until, a.WaveId });
            attempt.HasIndex(a => a.CallId).HasFilter("call_id IS NOT NULL");
        });
        model.Entity<DoneCommand>(command =>
        {
            command.ToTable("command");
            command.HasKey(c => new { c.PersonId, c.Id });
            command.HasIndex(c => c.At);
        });
        model.Entity<Appointment>(appointment =>
        {
            appointment.ToTable("appointment");
            appointment.Property(a => a.State).HasConversion<string>();
            appointment.HasIndex(a => new { a.WaveId, a.At }).HasFilter("state = 'Waiting'").HasDatabaseName("appointment_waiting");
            appointment.HasIndex(a => a.CaseId).IsUnique().HasFilter("state = 'Waiting'").HasDatabaseName("appointment_once");
        });
        model.Entity<Notice>(notice =>
        {
            notice.ToTable("notice");
            notice.Property(n => n.Text).HasMaxLength(Notice.TextLength);
            notice.Property(n => n.Kind).HasMaxLength(20).HasDefaultValue(Notice.Words);
            notice.HasIndex(n => n.At);
        });
    }

    private static void MapQuotas(ModelBuilder model)
    {
        model.Entity<Quota>(quota =>
        {
            quota.ToTable("quota");
            quota.Property(q => q.Name).HasMaxLength(Quota.NameLength);
            quota.HasIndex(q => new { q.WaveId, q.Name }).IsUnique();
        });
        model.Entity<QuotaCell>(cell =>
        {
            cell.ToTable("quota_cell", table => table.HasCheckConstraint("quota_cell_counts", "reserved >= 0 AND completed >= 0"));
            cell.Property(c => c.Conditions).HasColumnType("jsonb");
            cell.Property(c => c.Shut).HasComputedColumnSql("closed OR (hard AND reserved + completed >= target)", stored: true);
            cell.HasIndex(c => new { c.QuotaId, c.Conditions }).IsUnique();
            cell.HasIndex(c => c.WaveId);
            cell.HasOne<Quota>().WithMany().HasForeignKey(c => c.QuotaId);
        });
        model.Entity<Reservation>(reservation =>
        {
            reservation.ToTable("reservation");
            reservation.HasKey(r => new { r.CaseId, r.CellId });
            reservation.HasOne<QuotaCell>().WithMany().HasForeignKey(r => r.CellId).OnDelete(DeleteBehavior.Restrict);
        });
    }

    private static void MapSamples(ModelBuilder model)
    {
        model.Entity<Suppression>(suppression =>
        {
            suppression.ToTable("suppression");
            suppression.HasKey(s => s.Number);
            suppression.Property(s => s.Number).ValueGeneratedNever();
        });
        model.Entity<CaseCount>(count =>
        {
            count.ToTable("case_count");
            count.HasIndex(c => c.WaveId);
        });
        model.Entity<SampleBatch>(batch =>
        {
            batch.ToTable("sample_batch");
            batch.HasIndex(b => new { b.WaveId, b.At });
        });
        model.Entity<SampleFault>(fault =>
        {
            fault.ToTable("sample_fault");
            fault.HasKey(f => new { f.BatchId, f.Position });
            fault.HasOne<SampleBatch>().WithMany().HasForeignKey(f => f.BatchId);
        });
    }
}
