using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Dialling;

internal static class DiallingModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<WaveDialler>(dialler =>
        {
            dialler.ToTable("wave_dialler");
            dialler.HasKey(d => d.WaveId);
            dialler.Property(d => d.WaveId).ValueGeneratedNever();
            dialler.Property(d => d.Message).HasMaxLength(WaveDialler.MessageLength);
            dialler.Property(d => d.Holding).HasMaxLength(40);
            dialler.HasOne<Wave>().WithMany().HasForeignKey(d => d.WaveId);
        });
        model.Entity<DialledCall>(call =>
        {
            call.ToTable("dialled_call");
            call.Property(c => c.Id).ValueGeneratedNever();
            call.HasIndex(c => c.CaseId).IsUnique();
            call.HasIndex(c => c.WaveId);
        });
        model.Entity<DialSeat>(seat =>
        {
            seat.ToTable("dial_seat");
            seat.HasKey(s => s.PersonId);
            seat.HasIndex(s => s.WaveId);
        });
        model.Entity<DialMinute>(minute =>
        {
            minute.ToTable("dial_minute");
            minute.HasKey(m => new { m.WaveId, m.Minute });
            minute.Property(m => m.Minute).ValueGeneratedNever();
        });
    }
}
