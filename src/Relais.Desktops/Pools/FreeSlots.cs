using Microsoft.EntityFrameworkCore;

namespace Relais.Desktops.Pools;

/// <summary>Places in the desktops' network that no row has.</summary>
internal static class FreeSlots
{
    private const string Lowest = """
        SELECT s.slot AS "Value" FROM generate_series(0, (SELECT count(*) FROM desktops.desktop)::int + {0}) AS s(slot)
        WHERE NOT EXISTS (SELECT 1 FROM desktops.desktop d WHERE d."Slot" = s.slot) ORDER BY s.slot LIMIT {0}
        """;

    /// <summary>The lowest; somebody else may take one in the same moment, which the row's index refuses.</summary>
    public static Task<List<int>> FindAsync(DesktopsDb db, int count, CancellationToken cancel) =>
        db.Database.SqlQueryRaw<int>(Lowest, count).ToListAsync(cancel);
}
