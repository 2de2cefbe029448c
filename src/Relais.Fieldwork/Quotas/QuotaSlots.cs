namespace Relais.Fieldwork.Quotas;

/// <summary>
/// The slots of quota cells: reserved at the screening, then either committed once by a completed interview or released. Cells are locked in their order,
/// so reservations wait for one another instead of meeting in a deadlock, and the last free slot goes to one of two that want it.
/// </summary>
internal static class QuotaSlots
{
    private const string Lock = """
        SELECT id, shut FROM fieldwork.quota_cell WHERE wave_id = $1 AND $2::jsonb @> conditions ORDER BY id FOR UPDATE
        """;

    private const string LockReserved = """
        SELECT c.id, c.shut FROM fieldwork.quota_cell c WHERE c.id IN (SELECT cell_id FROM fieldwork.reservation WHERE case_id = $1) ORDER BY c.id FOR UPDATE
        """;

    private const string Reserve = """
        WITH added AS (INSERT INTO fieldwork.reservation (case_id, cell_id, at) SELECT $1, c, $3 FROM unnest($2::int[]) AS u (c))
        UPDATE fieldwork.quota_cell SET reserved = reserved + 1 WHERE id = ANY ($2)
        """;

    // A reservation is a row, and a row is deleted once: whoever comes second finds none.
    private const string Commit = """
        WITH gone AS (DELETE FROM fieldwork.reservation WHERE case_id = $1 RETURNING cell_id),
        kept AS (INSERT INTO fieldwork.committed_slot (case_id, cell_id, at) SELECT $1, cell_id, $2 FROM gone)
        UPDATE fieldwork.quota_cell SET reserved = reserved - 1, completed = completed + 1 WHERE id IN (SELECT cell_id FROM gone)
        """;

    private const string LockCommitted = """
        SELECT c.id, c.shut FROM fieldwork.quota_cell c WHERE c.id IN (SELECT cell_id FROM fieldwork.committed_slot WHERE case_id = $1) ORDER BY c.id FOR UPDATE
        """;

    private const string GiveBack = """
        WITH gone AS (DELETE FROM fieldwork.committed_slot WHERE case_id = $1 RETURNING cell_id)
        UPDATE fieldwork.quota_cell SET completed = completed - 1 WHERE id IN (SELECT cell_id FROM gone)
        """;

    private const string LockCells = "SELECT id, hard AND reserved + completed >= target FROM fieldwork.quota_cell WHERE id = ANY ($1) ORDER BY id FOR UPDATE";

    private const string Shut = "SELECT id, shut FROM fieldwork.quota_cell WHERE id = ANY ($1) ORDER BY id";

    private const string TakeBack = """
        WITH kept AS (INSERT INTO fieldwork.committed_slot (case_id, cell_id, at) SELECT $1, c, $3 FROM unnest($2::int[]) AS u (c))
        UPDATE fieldwork.quota_cell SET completed = completed + 1 WHERE id = ANY ($2)
        """;

    private const string Release = """
        WITH gone AS (DELETE FROM fieldwork.reservation WHERE case_id = $1 RETURNING cell_id)
        UPDATE fieldwork.quota_cell SET reserved = reserved - 1 WHERE id IN (SELECT cell_id FROM gone)
        """;

    /// <summary>Reserves a slot in every cell of the wave that these values fall into, or in none of them. What the case had reserved before is let go.</summary>
    /// <param name="values">A JSON object of texts, by variable.</param>
    /// <returns>The closed or full cell that refuses; null: reserved.</returns>
    public static async Task<int?> ReserveAsync(FieldworkDb db, long id, int wave, string values, DateTimeOffset now, CancellationToken cancel)
    {
        await ReleaseAsync(db, id, cancel);
        var cells = await LockAsync(db, Lock, [wave, values], cancel);
        if (cells.Find(c => c.Shut) is { Id: > 0 } shut)
            return shut.Id;
        if (cells.Count == 0)
            return null;
        await db.ExecuteAsync(Reserve, [id, cells.Select(c => c.Id).ToArray(), now], cancel);
        await Strata.FollowAsync(db, cells.ConvertAll(c => c.Id), cells.ConvertAll(c => c.Shut), cancel);
        return null;
    }

    /// <returns>Whether there was a reservation.</returns>
    public static Task<bool> CommitAsync(FieldworkDb db, long id, DateTimeOffset now, CancellationToken cancel) => SettleAsync(db, Commit, id, [id, now], cancel);

    public static Task<bool> ReleaseAsync(FieldworkDb db, long id, CancellationToken cancel) => SettleAsync(db, Release, id, [id], cancel);

    /// <summary>Gives the slots of a completed interview back; its cells may open again.</summary>
    /// <returns>The cells.</returns>
    public static async Task<int[]> GiveBackAsync(FieldworkDb db, long id, CancellationToken cancel)
    {
        var cells = await LockAsync(db, LockCommitted, [id], cancel);
        if (cells.Count == 0)
            return [];
        await db.ExecuteAsync(GiveBack, [id], cancel);
        await Strata.FollowAsync(db, cells.ConvertAll(c => c.Id), cells.ConvertAll(c => c.Shut), cancel);
        return [.. cells.Select(c => c.Id)];
    }

    /// <summary>Gives the case its slots again, in all of these cells or in none: one that was closed by a person still counts what was done before.</summary>
    /// <returns>The cell that has no room any more; null: done.</returns>
    public static async Task<int?> TakeBackAsync(FieldworkDb db, long id, int[] cells, DateTimeOffset now, CancellationToken cancel)
    {
        if ((await LockAsync(db, LockCells, [cells], cancel)).Find(c => c.Shut) is { Id: > 0 } full)
            return full.Id;
        var before = await LockAsync(db, Shut, [cells], cancel);
        await db.ExecuteAsync(TakeBack, [id, before.Select(c => c.Id).ToArray(), now], cancel);
        await Strata.FollowAsync(db, before.ConvertAll(c => c.Id), before.ConvertAll(c => c.Shut), cancel);
        return null;
    }

    private static async Task<bool> SettleAsync(FieldworkDb db, string sql, long id, object?[] values, CancellationToken cancel)
    {
        var cells = await LockAsync(db, LockReserved, [id], cancel);
        if (cells.Count == 0)
            return false;
        await db.ExecuteAsync(sql, values, cancel);
        await Strata.FollowAsync(db, cells.ConvertAll(c => c.Id), cells.ConvertAll(c => c.Shut), cancel);
        return true;
    }

    private static async Task<List<(int Id, bool Shut)>> LockAsync(FieldworkDb db, string sql, object?[] values, CancellationToken cancel)
    {
        var cells = new List<(int, bool)>();
        await using var command = db.Command(sql, values);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            cells.Add((row.GetInt32(0), row.GetBoolean(1)));
        return cells;
    }
}
