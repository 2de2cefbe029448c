using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Interviews;

internal static class InterviewModel
{
    /// <summary>What was answered stays as it was sent: another answer is another row. Run once, by a migration.</summary>
    public const string Triggers = """
        CREATE TRIGGER interview_event_frozen BEFORE UPDATE ON fieldwork.interview_event FOR EACH ROW EXECUTE FUNCTION fieldwork.refuse_change();
        """;

    public static void Map(ModelBuilder model)
    {
        model.Entity<Interview>(interview =>
        {
            interview.ToTable("interview");
            interview.Property(i => i.Id).ValueGeneratedNever();
            interview.Property(i => i.State).HasConversion<short>();
            interview.Property(i => i.Known).HasColumnType("jsonb");
            interview.HasIndex(i => i.CaseId).IsUnique().HasFilter("state = 0").HasDatabaseName("interview_running");
            interview.HasIndex(i => new { i.WaveId, i.State });
            interview.HasOne<Questionnaire>().WithMany().HasForeignKey(i => i.QuestionnaireId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<InterviewEvent>(step =>
        {
            step.ToTable("interview_event");
            step.HasKey(e => new { e.InterviewId, e.Sequence });
            step.Property(e => e.Kind).HasConversion<short>();
            step.HasOne<Interview>().WithMany().HasForeignKey(e => e.InterviewId).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
