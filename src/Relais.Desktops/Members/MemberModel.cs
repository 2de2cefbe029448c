using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Desktops;

namespace Relais.Desktops.Members;

internal static class MemberModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<MemberDrain>(drain =>
        {
            drain.ToTable("member_drain");
            drain.HasKey(d => d.Member);
        });
        model.Entity<DesktopMove>(move =>
        {
            move.ToTable("desktop_move");
            move.HasKey(m => m.DesktopId);
            move.HasOne<Desktop>().WithOne().HasForeignKey<DesktopMove>(m => m.DesktopId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
