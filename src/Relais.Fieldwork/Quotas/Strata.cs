namespace Relais.Fieldwork.Quotas;

/// <summary>
/// Opens and closes strata after their cells: a stratum is open while no shut cell contains it by what was known beforehand. That is a few rows, however
/// many cases lie in them. Strata are locked in their order before they are computed, so that of two changes the later one sees the earlier.
/// </summary>
internal static class Strata
{
    private const string Turned = "SELECT id FROM fieldwork.quota_cell WHERE id = ANY ($1) AND shut <> ($2::bool[])[array_position($1, id)]";

    private const string Lock = """
        SELECT s.id FROM fieldwork.stratum s
        WHERE EXISTS (SELECT 1 FROM fieldwork.quota_cell c WHERE c.id = ANY ($1) AND c.wave_id = s.wave_id AND s.known @> c.conditions)
        ORDER BY s.id FOR UPDATE
        """;

    private const string Compute = """
        UPDATE fieldwork.stratum s SET open = o.open
        FROM (
          SELECT s.id, NOT EXISTS (SELECT 1 FROM fieldwork.quota_cell c WHERE c.wave_id = s.wave_id AND c.shut AND s.known @> c.conditions) AS open
          FROM fieldwork.stratum s WHERE s.id = ANY ($1)) o
        WHERE s.id = o.id AND s.open <> o.open
        """;

    /// <param name="cells">Cells that were changed in this transaction.</param>
    /// <param name="before">Whether each was shut before.</param>
    public static async Task FollowAsync(FieldworkDb db, List<int> cells, List<bool> before, CancellationToken cancel)
    {
        var turned = await IdsAsync(db, Turned, [cells.ToArray(), before.ToArray()], cancel);
        if (turned.Length > 0)
            await ComputeAsync(db, turned, cancel);
    }

    public static async Task ComputeAsync(FieldworkDb db, int[] cells, CancellationToken cancel)
    {
        var strata = await IdsAsync(db, Lock, [cells], cancel);
        if (strata.Length > 0)
            await db.ExecuteAsync(Compute, [strata], cancel);
    }

    private static async Task<int[]> IdsAsync(FieldworkDb db, string sql, object?[] values, CancellationToken cancel)
    {
        var ids = new List<int>();
        await using var command = db.Command(sql, values);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            ids.Add(row.GetInt32(0));
        return [.. ids];
    }
}
