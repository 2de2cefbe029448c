using Microsoft.EntityFrameworkCore;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Workstations;

internal static class WorkstationModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<Workstation>(workstation =>
        {
            workstation.ToTable("workstation");
            workstation.Ignore(w => w.PinState);
            workstation.Property(w => w.Name).HasMaxLength(Workstation.NameLength);
            workstation.Property(w => w.Host).HasMaxLength(WorkstationFields.HostLength);
            workstation.Property(w => w.Site).HasMaxLength(WorkstationFields.SiteLength);
            workstation.Property(w => w.Protocol).HasConversion<string>();
            workstation.Property(w => w.Clipboard).HasConversion<string>();
            workstation.Property(w => w.Recording).HasConversion<string>().HasDefaultValue(RecordingPolicy.Off);
            workstation.Property(w => w.Reach).HasConversion<string>();
            workstation.HasIndex(w => w.NormalizedName).IsUnique();
            workstation.HasIndex(w => w.OwnerId);
            workstation.HasMany(w => w.Groups).WithOne().HasForeignKey(g => g.WorkstationId).OnDelete(DeleteBehavior.Cascade);
            workstation.Property<uint>("Version").IsRowVersion();
        });
        model.Entity<WorkstationGroup>(group =>
        {
            group.ToTable("workstation_group");
            group.HasKey(g => new { g.WorkstationId, g.GroupId });
            group.HasIndex(g => g.GroupId);
        });
        model.Entity<WorkstationAccount>(account =>
        {
            account.ToTable("workstation_account");
            account.HasKey(a => new { a.WorkstationId, a.PersonId, a.SignInId });
            account.Property(a => a.UserName).HasMaxLength(WorkstationAccount.UserNameLength);
            account.HasOne<Workstation>().WithMany().HasForeignKey(a => a.WorkstationId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<WorkstationAsk>(ask =>
        {
            ask.ToTable("workstation_ask");
            ask.Property(a => a.Wanted).HasMaxLength(Workstation.NameLength);
            ask.Property(a => a.Reason).HasMaxLength(WorkstationAsk.ReasonLength);
            ask.HasIndex(a => new { a.WorkstationId, a.PersonId });
            ask.HasOne<Workstation>().WithMany().HasForeignKey(a => a.WorkstationId).OnDelete(DeleteBehavior.Cascade);
            ask.Property<uint>("Version").IsRowVersion();
        });
    }
}
