using System.Globalization;
using System.Security.Cryptography;

namespace Relais.Traffic.History;

/// <summary>
/// Moves the files of a history into ClickHouse. A file is removed when ClickHouse has each of its rows; whoever is killed in between calls it again, and nothing
/// counts twice.
/// </summary>
internal sealed class MoveHistory(HistoryFolder from, ClickHouseHistory to) : IDisposable
{
    private const long MostRows = 500_000;
    private readonly Duck _duck = new();

    /// <returns>Files and rows that were moved.</returns>
    /// <exception cref="InvalidDataException">A file is not in ClickHouse as it is here.</exception>
    public async Task<(int Files, long Rows)> RunAsync(Action<string> said, CancellationToken cancel)
    {
        await to.OpenAsync(cancel);
        var (files, rows) = (0, 0L);
        foreach (var table in ClickHouseTable.All)
        {
            foreach (var day in from.Days(table.Kind))
            {
                foreach (var file in from.FilesOf(table.Kind, day))
                {
                    rows += await MoveAsync(table, day, file, cancel);
                    files++;
                }

                if (!Directory.EnumerateFileSystemEntries(from.Folder(table.Kind, day)).Any())
                    Directory.Delete(from.Folder(table.Kind, day));
                said(string.Create(CultureInfo.InvariantCulture, $"{table.Kind} {day:yyyy-MM-dd}: {files} files, {rows} rows"));
            }
        }

        return (files, rows);
    }

    public void Dispose() => _duck.Dispose();

    private async Task<long> MoveAsync(ClickHouseTable table, DateOnly day, string file, CancellationToken cancel)
    {
        var name = await NameAsync(day, file, cancel);
        var dealt = Path.GetFileName(file) == HistoryFolder.Unlinked;
        if (dealt)
            await ClickHouseRetention.MarkAsync(to, table, ClickHouseHistory.Number(day), done: true, cancel);
        var count = 0L;
        _duck.Each($"SELECT count(*) FROM read_parquet({Duck.Text(file)})", row => count = row.GetInt64(0), cancel);
        for (var first = 0L; first < count; first += MostRows)
        {
            var batch = string.Create(CultureInfo.InvariantCulture, $"{table.Kind}-{name}-{first}");
            var rows = Rows(table, file, batch, first, cancel);
            if (await to.CountAsync(table, batch, cancel) == 0)
                await to.InsertAsync(table, rows, batch, cancel);
            if (await to.CountAsync(table, batch, cancel) is var there && there != rows.Count)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{file} has {rows.Count} rows from {first} on, and ClickHouse {there} under the name {batch}: the file stays."));
        }

        // Who is who in rows that came late to a day that was dealt is dealt with the next purge.
        if (!dealt)
            await to.RunAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {ClickHouseTables.Unlinked} (kind, day, done) SELECT kind, day, false FROM {ClickHouseTables.Unlinked} WHERE kind = '{table.Kind}' AND day = {ClickHouseHistory.Number(day)} LIMIT 1"), cancel);
        File.Delete(file);
        return count;
    }

    // Files of one name may lie on two nodes, and be two files: only an import's name and a log's place say what is in them.
    private static async Task<string> NameAsync(DateOnly day, string file, CancellationToken cancel)
    {
        if (Path.GetFileName(file) != HistoryFolder.Unlinked)
            return string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMMdd}-{Path.GetFileNameWithoutExtension(file)}");
        await using var content = File.OpenRead(file);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel));
        return string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMMdd}-{hash[..16]}");
    }

    private List<object[]> Rows(ClickHouseTable table, string file, string batch, long first, CancellationToken cancel)
    {
        var names = table.Columns.Where(c => c.Key != "batch").ToList();
        var rows = new List<object[]>();
        _duck.Each(
            string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT {string.Join(", ", names.Select(n => n.Key))} FROM read_parquet({Duck.Text(file)}, file_row_number = true) WHERE file_row_number >= {first} AND file_row_number < {first + MostRows}"),
            row =>
            {
                var made = new object[names.Count + 1];
                made[0] = batch;
                for (var i = 0; i < names.Count; i++)
                {
                    made[i + 1] = names[i].Value switch
                    {
                        "Int64" => row.GetInt64(i),
                        "UInt64" => row.GetFieldValue<ulong>(i),
                        "UInt32" => (uint)row.GetInt32(i),
                        "UInt16" => (ushort)row.GetInt16(i),
                        "Bool" => row.GetBoolean(i),
                        _ => row.GetString(i),
                    };
                }

                rows.Add(made);
            },
            cancel);
        return rows;
    }
}
