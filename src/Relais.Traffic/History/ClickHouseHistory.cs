using System.Data.Common;
using System.Globalization;
using ClickHouse.Driver;

namespace Relais.Traffic.History;

/// <summary>The history in ClickHouse: the same rows as in Parquet files, and cells of quarters of an hour with sketches that can be merged.</summary>
/// <param name="connection">A connection string that <see cref="ClickHouseAddress"/> has nothing against.</param>
/// <param name="wanted">Whose days a new history has, and an old one must have; null for whatever it has.</param>
/// <param name="kept">How long it is to be kept; null for as long as it is.</param>
internal sealed class ClickHouseHistory(string connection, TimeZoneInfo? wanted, HistoryRetention? kept) : IDisposable
{
    private const int UnknownTable = 60;
    private const int UnknownDatabase = 81;
    private const int LongestReason = 300;
    private static readonly int[] Refusals = [192, 193, 194, 516];

    // A report by quarters of an hour names each of them; and what is inserted is never put off.
    private static readonly Dictionary<string, object> Asking = new(StringComparer.Ordinal) { ["max_query_size"] = 8 << 20 };

    private readonly ClickHouseClient _client = new(connection);
    private readonly SemaphoreSlim _opening = new(1);
    private TimeZoneInfo? _zone;
    private volatile bool _open;

    /// <summary>Whose days it has; known when it is open, and before where it was told.</summary>
    public TimeZoneInfo Zone => _zone ?? wanted ?? TimeZoneInfo.FindSystemTimeZoneById(HistoryFolder.DefaultZone);

    public HistoryRetention Retention { get; } = kept ?? new HistoryRetention();

    public string Place => $"{_client.Settings.Host}:{_client.Settings.Port.ToString(CultureInfo.InvariantCulture)}/{_client.Settings.Database}";

    /// <summary>Makes what is missing there, or brings it up to date; once in the life of this process, unless somebody takes it away.</summary>
    /// <exception cref="HistoryAwayException">It cannot be reached, refuses, or belongs to a newer Relais or to days of another zone.</exception>
    public async Task OpenAsync(CancellationToken cancel)
    {
        if (_open)
            return;
        await _opening.WaitAsync(cancel);
        try
        {
            if (_open)
                return;
            await RunAsync(ClickHouseTables.MakeSchema, cancel);
            var (step, zone) = await SchemaAsync(cancel);
            if (step > ClickHouseTables.Steps)
                throw new HistoryAwayException(string.Create(CultureInfo.InvariantCulture, $"the history in ClickHouse ({Place}) is of step {step}, which only a newer Relais reads: update this node."));
            if (zone.Length > 0 && wanted is not null && zone != wanted.Id)
                throw new HistoryAwayException($"the history in ClickHouse ({Place}) has days of {zone}, and this node's are of {wanted.Id}: give all nodes one zone (Portal:Place:TimeZone), or name another database.");
            _zone = zone.Length > 0 ? TimeZoneInfo.FindSystemTimeZoneById(zone) : Zone;
            for (var next = step + 1; next <= ClickHouseTables.Steps; next++)
            {
                foreach (var statement in ClickHouseTables.Step(next, Retention))
                    await RunAsync(statement, cancel);
                await RunAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {ClickHouseTables.Schema} SELECT {next}, {Text(_zone.Id)}"), cancel);
            }

            if (kept is not null)
                await KeepTimesAsync(kept, cancel);
            _open = true;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Whether there is a history that somebody began.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancel)
    {
        var there = 0L;
        await EachAsync($"SELECT toInt64(count()) FROM system.tables WHERE database = currentDatabase() AND name = {Text(ClickHouseTables.Schema)}", row => there = row.GetInt64(0), cancel);
        return there > 0;
    }

    /// <summary>Inserts rows, once however often it is called for the same batch: ClickHouse remembers the tokens of the last <see cref="ClickHouseTables.Tokens"/> inserts.</summary>
    public Task InsertAsync(ClickHouseTable table, IReadOnlyCollection<object[]> rows, string batch, CancellationToken cancel) => rows.Count == 0
        ? Task.CompletedTask
        : TryAsync(
            () => _client.InsertBinaryAsync(
                table.Name,
                table.Columns.Keys,
                rows,
                new InsertOptions
                {
                    BatchSize = rows.Count,
                    ColumnTypes = table.Columns,
                    CustomSettings = new Dictionary<string, object>(StringComparer.Ordinal)
                    {
                        ["async_insert"] = 0,
                        ["insert_deduplicate"] = 1,
                        ["insert_deduplication_token"] = batch,
                        // Or the cells would count twice what the rows have once.
                        ["deduplicate_blocks_in_dependent_materialized_views"] = 1,
                    },
                },
                cancel),
            cancel);

    public Task RunAsync(string sql, CancellationToken cancel) => TryAsync(() => _client.ExecuteNonQueryAsync(sql, options: new QueryOptions { CustomSettings = Asking }, cancellationToken: cancel), cancel);

    public Task EachAsync(string sql, Action<DbDataReader> row, CancellationToken cancel) => TryAsync(
        async () =>
        {
            await using var reader = await _client.ExecuteReaderAsync(sql, options: new QueryOptions { CustomSettings = Asking }, cancellationToken: cancel);
            var count = 0;
            for (; await reader.ReadAsync(cancel); count++)
                row(reader);
            return count;
        },
        cancel);

    public async Task<long> CountAsync(ClickHouseTable table, string batch, CancellationToken cancel)
    {
        var count = 0L;
        await EachAsync($"SELECT toInt64(count()) FROM {table.Name} WHERE batch = {Text(batch)}", row => count = row.GetInt64(0), cancel);
        return count;
    }

    /// <summary>2015-05-17 as 20150517.</summary>
    public uint DayOf(long second) => Number(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(second), Zone).DateTime));

    public static uint Number(DateOnly day) => (uint)((day.Year * 10_000) + (day.Month * 100) + day.Day);

    /// <summary>A text as ClickHouse's SQL writes it, where a backslash means something too.</summary>
    public static string Text(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    public void Dispose()
    {
        _client.Dispose();
        _opening.Dispose();
    }

    private async Task<(int Step, string Zone)> SchemaAsync(CancellationToken cancel)
    {
        var found = (0, "");
        await EachAsync($"SELECT toInt64(max(step)), max(zone) FROM {ClickHouseTables.Schema}", row => found = ((int)row.GetInt64(0), row.GetString(1)), cancel);
        return found;
    }

    private async Task KeepTimesAsync(HistoryRetention retention, CancellationToken cancel)
    {
        var changes = new List<string>();
        string[] tables = [.. ClickHouseTable.All.Select(t => t.Name), ClickHouseTables.PageCells, ClickHouseTables.ListenCells];
        await EachAsync(
            $"SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase() AND name IN ({string.Join(", ", tables.Select(Text))})",
            row => changes.AddRange(ClickHouseTables.Times(row.GetString(0), row.GetString(1), retention)),
            cancel);
        foreach (var change in changes)
            await RunAsync(change, cancel);
    }

    private async Task TryAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        try
        {
            await ask();
        }
        catch (ClickHouseServerException e)
        {
            if (e.ErrorCode is UnknownTable or UnknownDatabase)
                _open = false;
            throw new HistoryAwayException(e.ErrorCode switch
            {
                UnknownDatabase => $"ClickHouse ({Place}) has no such database: make it (CREATE DATABASE {_client.Settings.Database}), or name another one.",
                _ when Refusals.Contains(e.ErrorCode) => $"ClickHouse ({Place}) refuses the user or password: set them in {TrafficOptions.Section}:{nameof(TrafficOptions.ClickHouse)}.",
                _ => $"ClickHouse ({Place}) refuses: {(e.Message.Length > LongestReason ? e.Message[..LongestReason] : e.Message)}",
            }, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException and not HistoryAwayException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new HistoryAwayException($"ClickHouse ({Place}) does not answer: {e.Message}", e);
        }
    }
}
