using Microsoft.EntityFrameworkCore;

namespace Relais.Fieldwork.Steering;

/// <summary>A change, with the id that the sample gave its case.</summary>
/// <param name="Key">Null for a change of no case, and when the id was a number or was erased.</param>
internal sealed record ChangeRow(StudyChange Change, string? Key);

/// <summary>
/// The changes of studies in one order that never changes. Transactions end in another order than their rows were numbered in; so places are dealt by whoever
/// reads, one dealer at a time, to rows that are committed: what comes later stands later, and nothing slips in behind a reader's back. Within one case the
/// order is that of its transactions.
/// </summary>
internal static class ChangeFeed
{
    private const int DealtAtOnce = 5000;

    private const string Waiting = "SELECT EXISTS (SELECT FROM fieldwork.study_change WHERE position IS NULL)";

    private const string Turn = "SELECT position FROM fieldwork.feed_head WHERE id = 1 FOR UPDATE";

    // A statement of its own after the lock: it sees all that earlier dealers committed.
    private const string Deal = """
        WITH fresh AS (
          SELECT id, row_number() OVER (ORDER BY id) AS n
          FROM (SELECT id FROM fieldwork.study_change WHERE position IS NULL ORDER BY id LIMIT 5000) f),
        dealt AS (UPDATE fieldwork.study_change c SET position = $1 + f.n FROM fresh f WHERE c.id = f.id),
        head AS (UPDATE fieldwork.feed_head SET position = $1 + (SELECT count(*) FROM fresh) WHERE id = 1)
        SELECT count(*) FROM fresh
        """;

    private const string ForgetOld = """
        WITH gone AS (
          DELETE FROM fieldwork.study_change c WHERE c.position <= (SELECT max(position) FROM fieldwork.study_change WHERE at < $1 AND position IS NOT NULL)
            AND c.at < $1 AND NOT EXISTS (SELECT FROM fieldwork.webhook_delivery d WHERE d.change_id = c.id AND d.state = 0)
          RETURNING c.position)
        UPDATE fieldwork.feed_head SET forgotten = greatest(forgotten, (SELECT max(position) FROM gone)) WHERE id = 1 AND EXISTS (SELECT FROM gone)
        """;

    /// <summary>Gives a place to every change whose transaction is over.</summary>
    public static async Task DealAsync(FieldworkDb db, CancellationToken cancel)
    {
        while (await db.InTurnAsync(async () =>
        {
            if (!await db.ScalarAsync<bool>(Waiting, [], cancel))
                return false;
            var head = await db.ScalarAsync<long?>(Turn, [], cancel) ?? throw new InvalidOperationException("The feed has no head.");
            return await db.ScalarAsync<long?>(Deal, [head], cancel) == DealtAtOnce;
        }, cancel))
        {
            // More than fit into one turn.
        }
    }

    /// <summary>The place of a cursor; null: this is none that the feed gave.</summary>
    public static long? Place(string? cursor) =>
        string.IsNullOrEmpty(cursor) ? 0 : long.TryParse(cursor, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var place) ? place : null;

    /// <summary>Whether changes after this place may have been forgotten already, so that a reader who was there has missed some.</summary>
    public static async Task<bool> IsForgottenAsync(FieldworkDb db, long after, CancellationToken cancel) =>
        after > 0 && await db.FeedHeads.AsNoTracking().Select(h => h.Forgotten).SingleAsync(cancel) > after;

    /// <summary>Changes of a study after a place, in their order, and the place up to which the feed was read.</summary>
    /// <param name="kinds">Only of these; empty: all.</param>
    public static async Task<(List<ChangeRow> Rows, long Head)> ReadAsync(FieldworkDb db, Guid study, long after, IReadOnlyCollection<string> kinds, int most, CancellationToken cancel)
    {
        await DealAsync(db, cancel);
        var head = await db.FeedHeads.AsNoTracking().Select(h => h.Position).SingleAsync(cancel);
        var wanted = kinds.Count == 0 ? ChangeKinds.All : kinds;
        var rows = await (from c in db.Changes.AsNoTracking()
                          where c.StudyId == study && c.Position > after && c.Position <= head && wanted.Contains(c.Kind)
                          orderby c.Position
                          select new { Change = c, Key = db.Records.Where(r => r.CaseId == c.CaseId).Select(r => r.Key).FirstOrDefault() }).Take(most).ToListAsync(cancel);
        return (rows.ConvertAll(r => new ChangeRow(r.Change, ShownKey(r.Key))), Math.Max(head, after));
    }

    public static async Task<ChangeRow?> FindAsync(FieldworkDb db, long id, CancellationToken cancel) =>
        await db.Changes.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancel) is not { } change ? null
        : new ChangeRow(change, ShownKey(await db.Records.Where(r => r.CaseId == change.CaseId).Select(r => r.Key).FirstOrDefaultAsync(cancel)));

    public static Task<int> ForgetAsync(FieldworkDb db, DateTimeOffset before, CancellationToken cancel) => db.InTurnAsync(() => db.ExecuteAsync(ForgetOld, [before], cancel), cancel);

    /// <summary>Cases that were drawn at random are named by their number, which other systems are not told.</summary>
    public static string? ShownKey(string? key) => key is null || key.StartsWith('+') || Privacy.ErasedCase.IsErased(key) ? null : key;
}
