using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Reviews;
using Relais.Fieldwork.Teams;

namespace Relais.Fieldwork;

/// <summary>What supervision keeps: who read what, when consoles were open, verdicts on interviews, the slots of completed ones, cells' targets of the day.</summary>
internal static class SupervisionModel
{
    /// <summary>A verdict stays as it was given: another one is another row. Run once, by a migration.</summary>
    public const string Triggers = """
        CREATE TRIGGER review_frozen BEFORE UPDATE ON fieldwork.review FOR EACH ROW EXECUTE FUNCTION fieldwork.refuse_change();
        ALTER TABLE fieldwork.presence SET (fillfactor = 80);
        """;

    public static void Map(ModelBuilder model)
    {
        model.Entity<NoticeRead>(read =>
        {
            read.ToTable("notice_read");
            read.HasKey(r => new { r.NoticeId, r.PersonId });
            read.HasOne<Notice>().WithMany().HasForeignKey(r => r.NoticeId);
        });
        model.Entity<Presence>(presence =>
        {
            presence.ToTable("presence");
            presence.Property(p => p.Doing).HasConversion<short>();
            presence.HasIndex(p => new { p.PersonId, p.Until });
            presence.HasIndex(p => p.Until);
        });
        model.Entity<CommittedSlot>(slot =>
        {
            slot.ToTable("committed_slot");
            slot.HasKey(s => new { s.CaseId, s.CellId });
            slot.HasIndex(s => new { s.CellId, s.At });
            slot.HasOne<QuotaCell>().WithMany().HasForeignKey(s => s.CellId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<CellDay>(day =>
        {
            day.ToTable("cell_day");
            day.HasKey(d => new { d.CellId, d.Day });
            day.HasOne<QuotaCell>().WithMany().HasForeignKey(d => d.CellId);
        });
        model.Entity<Review>(review =>
        {
            review.ToTable("review");
            review.Property(r => r.Verdict).HasConversion<string>();
            review.Property(r => r.Reason).HasMaxLength(Review.ReasonLength);
            review.HasIndex(r => new { r.InterviewId, r.Id });
            review.HasOne<Interview>().WithMany().HasForeignKey(r => r.InterviewId);
        });
    }
}
