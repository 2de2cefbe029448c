using Microsoft.EntityFrameworkCore;
using Relais.Audience.Figures;
using Relais.Audience.Inputs;
using Relais.Audience.Interviews;
using Relais.Audience.Runs;
using Relais.Audience.Studies;
using Relais.Audience.Universes;
using Relais.Audience.Waves;

namespace Relais.Audience;

internal static class AudienceModel
{
    /// <summary>
    /// Whatever a program does, results stay as they were written: the database refuses to change what is over, and to publish what one person alone
    /// proposed. Run once, by the first migration.
    /// </summary>
    public const string Frozen = """
        CREATE FUNCTION audience.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'what a run or an import wrote is not changed'; END $$;

        CREATE TRIGGER run_frozen BEFORE UPDATE ON audience.run FOR EACH ROW
          WHEN (OLD."State" IN ('Done', 'Failed', 'Cancelled')) EXECUTE FUNCTION audience.refuse_change();
        CREATE TRIGGER figure_frozen BEFORE UPDATE ON audience.figure FOR EACH ROW EXECUTE FUNCTION audience.refuse_change();
        CREATE TRIGGER curve_frozen BEFORE UPDATE ON audience.curve FOR EACH ROW EXECUTE FUNCTION audience.refuse_change();
        CREATE TRIGGER weights_frozen BEFORE UPDATE ON audience.run_weights FOR EACH ROW EXECUTE FUNCTION audience.refuse_change();
        CREATE TRIGGER input_frozen BEFORE UPDATE ON audience.input FOR EACH ROW EXECUTE FUNCTION audience.refuse_change();
        CREATE TRIGGER chunk_frozen BEFORE UPDATE ON audience.input_chunk FOR EACH ROW EXECUTE FUNCTION audience.refuse_change();
        CREATE TRIGGER universe_frozen BEFORE UPDATE ON audience.universe FOR EACH ROW EXECUTE FUNCTION audience.refuse_change();
        CREATE TRIGGER version_frozen BEFORE UPDATE ON audience.study_version FOR EACH ROW EXECUTE FUNCTION audience.refuse_change();
        """;

    /// <summary>
    /// Results may be removed, and nothing else of a run may change, unless the run is the one that is proposed or published: then never. Run once, by the
    /// migration that brought it.
    /// </summary>
    public const string Removal = """
        DROP TRIGGER run_frozen ON audience.run;
        CREATE FUNCTION audience.refuse_run_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD."State" = 'Done' AND NEW."State" = 'Removed'
            AND to_jsonb(NEW) - 'State' - 'RemovedAt' = to_jsonb(OLD) - 'State' - 'RemovedAt'
            AND NOT EXISTS (SELECT 1 FROM audience.wave w WHERE w."RunId" = OLD."Id") THEN
            RETURN NEW;
          END IF;
          RAISE EXCEPTION 'what a run or an import wrote is not changed';
        END $$;
        CREATE TRIGGER run_frozen BEFORE UPDATE ON audience.run FOR EACH ROW
          WHEN (OLD."State" IN ('Done', 'Failed', 'Cancelled', 'Removed')) EXECUTE FUNCTION audience.refuse_run_change();

        CREATE FUNCTION audience.refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (SELECT 1 FROM audience.wave w WHERE w."RunId" IN (SELECT gone."RunId" FROM gone)) THEN
            RAISE EXCEPTION 'results that are proposed or published are not removed';
          END IF;
          RETURN NULL;
        END $$;
        CREATE TRIGGER figure_kept AFTER DELETE ON audience.figure REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION audience.refuse_removal();
        CREATE TRIGGER curve_kept AFTER DELETE ON audience.curve REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION audience.refuse_removal();
        CREATE TRIGGER weights_kept AFTER DELETE ON audience.run_weights REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION audience.refuse_removal();
        """;

    public static void Map(ModelBuilder model)
    {
        model.Entity<Study>(study =>
        {
            study.ToTable("study");
            study.Property(s => s.Name).HasMaxLength(Study.NameLength);
            study.HasIndex(s => s.Name).IsUnique();
            study.HasMany(s => s.Versions).WithOne().HasForeignKey(v => v.StudyId).OnDelete(DeleteBehavior.Restrict);
            study.Property<uint>("Version").IsRowVersion();
        });
        model.Entity<StudyVersion>(version =>
        {
            version.ToTable("study_version");
            version.HasKey(v => new { v.StudyId, v.Number });
        });
        model.Entity<Universe>(universe =>
        {
            universe.ToTable("universe");
            universe.Property(u => u.Name).HasMaxLength(Universe.NameLength);
            universe.Property(u => u.Source).HasMaxLength(Universe.SourceLength);
            universe.HasIndex(u => new { u.Name, u.Version }).IsUnique();
        });
        model.Entity<Wave>(wave =>
        {
            wave.ToTable("wave", table => table.HasCheckConstraint(
                "four_eyes", "\"State\" <> 'Published' OR (\"PublishedById\" IS NOT NULL AND \"ProposedById\" IS NOT NULL AND \"PublishedById\" <> \"ProposedById\")"));
            wave.Property(w => w.Name).HasMaxLength(Wave.NameLength);
            wave.Property(w => w.SentBackReason).HasMaxLength(Wave.ReasonLength);
            wave.Property(w => w.State).HasConversion<string>();
            wave.HasIndex(w => new { w.StudyId, w.Name }).IsUnique();
            wave.HasOne<Study>().WithMany().HasForeignKey(w => w.StudyId).OnDelete(DeleteBehavior.Restrict);
            wave.HasOne<Universe>().WithMany().HasForeignKey(w => w.UniverseId).OnDelete(DeleteBehavior.Restrict);
            wave.Property<uint>("Version").IsRowVersion();
        });
        model.Entity<WaveInput>(input =>
        {
            input.ToTable("input");
            input.Property(i => i.Kind).HasConversion<string>();
            input.Property(i => i.FileName).HasMaxLength(WaveInput.NameLength);
            input.HasIndex(i => new { i.WaveId, i.Kind, i.ImportedAt });
            input.HasOne<Wave>().WithMany().HasForeignKey(i => i.WaveId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<InputChunk>(chunk =>
        {
            chunk.ToTable("input_chunk");
            chunk.HasKey(c => new { c.InputId, c.Number });
            chunk.HasOne<WaveInput>().WithMany().HasForeignKey(c => c.InputId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<FieldInterview>(interview =>
        {
            interview.ToTable("field_interview");
            interview.Property(i => i.Id).ValueGeneratedNever();
            interview.HasIndex(i => new { i.Day, i.FieldWave });
        });
        MapRuns(model);
    }

    private static void MapRuns(ModelBuilder model)
    {
        model.Entity<Run>(run =>
        {
            run.ToTable("run");
            run.Ignore(r => r.IsOver);
            run.Property(r => r.State).HasConversion<string>();
            run.Property(r => r.Step).HasConversion<string>();
            run.HasIndex(r => new { r.WaveId, r.Number }).IsUnique();
            run.HasIndex(r => r.State);
            run.HasOne<Wave>().WithMany().HasForeignKey(r => r.WaveId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<RunWeights>(weights =>
        {
            weights.ToTable("run_weights");
            weights.HasKey(w => w.RunId);
            weights.HasOne<Run>().WithOne().HasForeignKey<RunWeights>(w => w.RunId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<Figure>(figure =>
        {
            figure.ToTable("figure");
            figure.HasKey(f => new { f.RunId, f.Place });
            figure.Property(f => f.Kind).HasConversion<short>();
            figure.HasIndex(f => new { f.RunId, f.Target, f.Band });
            figure.HasIndex(f => new { f.RunId, f.Station });
            figure.HasOne<Run>().WithMany().HasForeignKey(f => f.RunId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<Curve>(curve =>
        {
            curve.ToTable("curve");
            curve.HasKey(c => new { c.RunId, c.Target, c.Station });
            curve.HasOne<Run>().WithMany().HasForeignKey(c => c.RunId).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
