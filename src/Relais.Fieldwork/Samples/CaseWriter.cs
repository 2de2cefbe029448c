using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Relais.Fieldwork.Privacy;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Samples;

/// <summary>
/// Writes new cases of a wave by binary COPY, some ten thousand at a time, in the transaction that is under way. One writer at a time: it takes a lock
/// that ends with the transaction, and with it a range of ids.
/// </summary>
internal sealed class CaseWriter
{
    public const int MostStrata = 20_000;

    private const int ChunkLength = 20_000;

    private const string Turn = "SELECT pg_advisory_xact_lock(hashtextextended('fieldwork.cases', 0))";

    private const string CopyCases = "COPY fieldwork.cases (id, wave_id, replicate, pool_id, state, due_at, shuffle, tries, slot_tries, fence, outcome) FROM STDIN (FORMAT BINARY)";

    private const string CopyRecords = "COPY fieldwork.case_record (case_id, wave_id, key, fields) FROM STDIN (FORMAT BINARY)";

    private const string CopyNumbers = "COPY fieldwork.case_number (case_id, position, number, dead) FROM STDIN (FORMAT BINARY)";

    private const string Suppress = """
        UPDATE fieldwork.cases c SET state = 6
        WHERE c.id >= $1 AND c.wave_id = $2 AND c.state < 2 AND NOT EXISTS (
          SELECT 1 FROM fieldwork.case_number n WHERE n.case_id = c.id AND NOT EXISTS (SELECT 1 FROM fieldwork.suppression s WHERE s.number = n.number))
        """;

    private const string Interviewed = """
        UPDATE fieldwork.cases c SET state = 6
        FROM fieldwork.case_number n JOIN fieldwork.number_state t ON t.number = n.number AND t.interviewed_at > $3
        WHERE n.case_id = c.id AND c.id >= $1 AND c.wave_id = $2 AND c.state < 2
        """;

    private readonly FieldworkDb _db;
    private readonly Wave _wave;
    private readonly ErasedNumbers _erased;
    private readonly DateTimeOffset _now;
    private readonly List<NewCase> _chunk = new(ChunkLength);
    private readonly Dictionary<NewPool, (int Id, int Count)> _pools = [];
    private readonly Dictionary<string, int> _strata = new(StringComparer.Ordinal);
    private readonly HashSet<string> _zones = new(StringComparer.Ordinal);
    private readonly long _first;
    private long _next;

    private CaseWriter(FieldworkDb db, Wave wave, ErasedNumbers erased, DateTimeOffset now, long first) =>
        (_db, _wave, _erased, _now, _first, _next) = (db, wave, erased, now, first, first);

    /// <summary>The id of the first case that is added; the others follow one by one.</summary>
    public long First => _first;

    public long Written => _next - _first;

    public static async Task<CaseWriter> BeginAsync(FieldworkDb db, Wave wave, NumberHashes hashes, DateTimeOffset now, CancellationToken cancel)
    {
        await TurnAsync(db, cancel);
        var first = await db.ScalarAsync<long?>("SELECT last_value + 1 FROM fieldwork.case_id", [], cancel) ?? 1;
        // After the turn: whoever erases a number takes it too, so that no case of theirs slips in meanwhile.
        return new CaseWriter(db, wave, await hashes.ReadAsync(db, cancel), now, first);
    }

    /// <summary>Waits until nobody else adds cases, and lets nobody, until the transaction ends.</summary>
    public static Task<int> TurnAsync(FieldworkDb db, CancellationToken cancel) => db.ExecuteAsync(Turn, [], cancel);

    public bool IsErased(long number) => _erased.Has(number);

    public bool HasRoomFor(string known) => _strata.Count < MostStrata || _strata.ContainsKey(known);

    /// <returns>Whether a chunk was written.</returns>
    public async Task<bool> AddAsync(NewCase added, CancellationToken cancel)
    {
        // Somebody who asked to be forgotten: the case counts, and nothing is kept of them. Without a number it is not called.
        _chunk.Add(_erased.Any && added.Numbers.Any(_erased.Has)
            ? added with { Numbers = [], Fields = "{}", Key = added.Key.StartsWith('+') ? ErasedCase.NewKey() : added.Key }
            : added);
        if (_chunk.Count < ChunkLength)
            return false;
        await FlushAsync(cancel);
        return true;
    }

    /// <summary>Writes the rest, leaves out who is not to be called, and opens the strata that no closed cell contains.</summary>
    /// <param name="interviewedSince">Whoever was interviewed since then is left out; null: nobody.</param>
    /// <returns>How many were left out.</returns>
    public async Task<int> EndAsync(DateTimeOffset? interviewedSince, CancellationToken cancel)
    {
        await FlushAsync(cancel);
        await _db.ScalarAsync<long?>("SELECT setval('fieldwork.case_id', $1)", [Math.Max(1, _next - 1)], cancel);
        var suppressed = await _db.ExecuteAsync(Suppress, [_first, _wave.Id], cancel);
        if (interviewedSince is { } since)
            suppressed += await _db.ExecuteAsync(Interviewed, [_first, _wave.Id, since], cancel);
        foreach (var (id, count) in _pools.Values)
            await _db.ExecuteAsync("UPDATE fieldwork.pool SET weight = weight + $2, due_at = least(due_at, $3) WHERE id = $1", [id, count, _now], cancel);
        await _db.ExecuteAsync(
            "UPDATE fieldwork.wave SET zones = (SELECT array_agg(DISTINCT z ORDER BY z) FROM unnest(zones || $2::text[]) AS u (z)) WHERE id = $1",
            [_wave.Id, _zones.ToArray()], cancel);
        // Locked first: who closes a cell meanwhile would not see strata that are not committed.
        var cells = await _db.QuotaCells.FromSqlRaw("SELECT * FROM fieldwork.quota_cell WHERE wave_id = {0} ORDER BY id FOR UPDATE", _wave.Id)
            .AsNoTracking().Select(c => c.Id).ToListAsync(cancel);
        await Strata.ComputeAsync(_db, [.. cells], cancel);
        return suppressed;
    }

    private async Task FlushAsync(CancellationToken cancel)
    {
        if (_chunk.Count == 0)
            return;
        var pools = new int[_chunk.Count];
        for (var i = 0; i < pools.Length; i++)
            pools[i] = await PoolAsync(_chunk[i].Pool, cancel);
        var connection = (NpgsqlConnection)_db.Database.GetDbConnection();
        await CopyCasesAsync(connection, pools, cancel);
        await CopyRecordsAsync(connection, cancel);
        await CopyNumbersAsync(connection, cancel);
        _next += _chunk.Count;
        _chunk.Clear();
    }

    private async Task CopyCasesAsync(NpgsqlConnection connection, int[] pools, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyCases, cancel);
        for (var i = 0; i < _chunk.Count; i++)
        {
            var id = _next + i;
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(id, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(_wave.Id, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(_chunk[i].Replicate, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(pools[i], NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync((short)(_chunk[i].Replicate <= _wave.ReleasedReplicate ? 1 : 0), NpgsqlDbType.Smallint, cancel);
            await copy.WriteAsync(_now, NpgsqlDbType.TimestampTz, cancel);
            await copy.WriteAsync((int)(Scramble((ulong)id) >> 33), NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(0, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(0L, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(0L, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync((short)0, NpgsqlDbType.Smallint, cancel);
        }

        await copy.CompleteAsync(cancel);
    }

    private async Task CopyRecordsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyRecords, cancel);
        for (var i = 0; i < _chunk.Count; i++)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(_next + i, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(_wave.Id, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(_chunk[i].Key, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(_chunk[i].Fields, NpgsqlDbType.Jsonb, cancel);
        }

        await copy.CompleteAsync(cancel);
    }

    private async Task CopyNumbersAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyNumbers, cancel);
        for (var i = 0; i < _chunk.Count; i++)
        {
            for (var position = 0; position < _chunk[i].Numbers.Count; position++)
            {
                await copy.StartRowAsync(cancel);
                await copy.WriteAsync(_next + i, NpgsqlDbType.Bigint, cancel);
                await copy.WriteAsync((short)position, NpgsqlDbType.Smallint, cancel);
                await copy.WriteAsync(_chunk[i].Numbers[position], NpgsqlDbType.Bigint, cancel);
                await copy.WriteAsync(false, NpgsqlDbType.Boolean, cancel);
            }
        }

        await copy.CompleteAsync(cancel);
    }

    private async Task<int> PoolAsync(NewPool pool, CancellationToken cancel)
    {
        if (_pools.TryGetValue(pool, out var known))
        {
            _pools[pool] = (known.Id, known.Count + 1);
            return known.Id;
        }

        if (!_strata.TryGetValue(pool.Known, out var stratum))
        {
            await _db.ExecuteAsync("INSERT INTO fieldwork.stratum (wave_id, known, open) VALUES ($1, $2::jsonb, true) ON CONFLICT (wave_id, known) DO NOTHING", [_wave.Id, pool.Known], cancel);
            stratum = await _db.ScalarAsync<int?>("SELECT id FROM fieldwork.stratum WHERE wave_id = $1 AND known = $2::jsonb", [_wave.Id, pool.Known], cancel) ?? 0;
            _strata.Add(pool.Known, stratum);
        }

        object?[] alike = [_wave.Id, stratum, pool.Zone, pool.Language, pool.Skill, pool.Priority];
        await _db.ExecuteAsync("""
            INSERT INTO fieldwork.pool (wave_id, stratum_id, zone, language, skill, priority, tried, spent, weight, due_at) VALUES ($1, $2, $3, $4, $5, $6, false, 0, 1, 'infinity')
            ON CONFLICT (wave_id, stratum_id, zone, language, skill, priority, tried, spent) DO NOTHING
            """, alike, cancel);
        var id = await _db.ScalarAsync<int?>("""
            SELECT id FROM fieldwork.pool WHERE wave_id = $1 AND stratum_id = $2 AND zone = $3 AND language = $4 AND skill = $5 AND priority = $6 AND NOT tried AND spent = 0
            """, alike, cancel) ?? 0;
        _pools.Add(pool, (id, 1));
        _zones.Add(pool.Zone);
        return id;
    }

    /// <summary>Known values as they are written into a stratum: in the order of their names.</summary>
    public static string Known(IEnumerable<KeyValuePair<string, string>> values) =>
        JsonSerializer.Serialize(values.OrderBy(v => v.Key, StringComparer.Ordinal).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal));

    /// <summary>The step of SplitMix64 (Steele, Lea and Flood, 2014): neighbours get unlike values, always the same.</summary>
    public static ulong Scramble(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
        x = (x ^ x >> 27) * 0x94D049BB133111EB;
        return x ^ x >> 31;
    }
}
