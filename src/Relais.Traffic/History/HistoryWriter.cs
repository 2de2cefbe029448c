using System.Globalization;

namespace Relais.Traffic.History;

/// <summary>
/// Writes rows as Parquet (zstd), a file a day under the writer's own name: the same name again takes the place of what it wrote before, so that who writes
/// the same rows twice has them once.
/// </summary>
internal sealed class HistoryWriter(HistoryFolder history) : IDisposable
{
    public const string RequestColumns =
        "moment BIGINT, day INTEGER, site VARCHAR, path VARCHAR, method VARCHAR, status SMALLINT, page BOOLEAN, bot BOOLEAN, visitor UBIGINT, device VARCHAR, player VARCHAR, region VARCHAR";

    public const string ListenColumns =
        "start BIGINT, stop BIGINT, day INTEGER, site VARCHAR, channel VARCHAR, bot BOOLEAN, listener UBIGINT, device VARCHAR, player VARCHAR, region VARCHAR";

    private readonly Duck _duck = new(threads: 1);

    /// <returns>Rows that were left out: of days in which visitors have other numbers by now.</returns>
    public long Write(string name, IEnumerable<RequestRow> rows)
    {
        var late = 0L;
        foreach (var day in rows.GroupBy(r => history.DayOf(r.At)))
        {
            if (history.IsUnlinked(HistoryFolder.Requests, day.Key))
            {
                late += day.Count();
                continue;
            }

            _duck.Run($"CREATE OR REPLACE TEMP TABLE request ({RequestColumns})");
            using (var appender = _duck.Appender("request"))
            {
                foreach (var row in day)
                {
                    appender.CreateRow().AppendValue(row.At).AppendValue(Number(day.Key)).AppendValue(row.Site).AppendValue(row.Path).AppendValue(row.Method).AppendValue((short)row.Status)
                        .AppendValue(row.Page).AppendValue(row.Bot).AppendValue(row.Visitor).AppendValue(row.Device).AppendValue(row.Player).AppendValue(row.Region).EndRow();
                }
            }

            Copy("SELECT * FROM request ORDER BY moment", HistoryFolder.Requests, day.Key, name);
        }

        return late;
    }

    /// <returns>Rows that were left out: of days in which visitors have other numbers by now.</returns>
    public long Write(string name, IEnumerable<ListenRow> rows)
    {
        var late = 0L;
        foreach (var day in rows.GroupBy(r => history.DayOf(r.Start)))
        {
            if (history.IsUnlinked(HistoryFolder.Listens, day.Key))
            {
                late += day.Count();
                continue;
            }

            _duck.Run($"CREATE OR REPLACE TEMP TABLE listen ({ListenColumns})");
            using (var appender = _duck.Appender("listen"))
            {
                foreach (var row in day)
                {
                    appender.CreateRow().AppendValue(row.Start).AppendValue(row.Stop).AppendValue(Number(day.Key)).AppendValue(row.Site).AppendValue(row.Channel).AppendValue(row.Bot)
                        .AppendValue(row.Listener).AppendValue(row.Device).AppendValue(row.Player).AppendValue(row.Region).EndRow();
                }
            }

            Copy("SELECT * FROM listen ORDER BY start", HistoryFolder.Listens, day.Key, name);
        }

        return late;
    }

    /// <summary>The files of a day as one, in which visitors have numbers dealt by chance for this day alone.</summary>
    public void Unlink(string table, DateOnly day)
    {
        if (!history.IsUnlinked(table, day))
            CopyUnlinked(table, day, table == HistoryFolder.Requests ? "visitor" : "listener");
        // Also what a purge that was killed has left.
        foreach (var file in Directory.EnumerateFiles(history.Folder(table, day), "*.parquet").Where(f => Path.GetFileName(f) != HistoryFolder.Unlinked))
            File.Delete(file);
    }

    public void Dispose() => _duck.Dispose();

    private void CopyUnlinked(string table, DateOnly day, string who) =>
        Copy(
            $"""
             WITH linked AS (SELECT * FROM read_parquet({Duck.List(history.FilesOf(table, day))})),
                  dealt AS (SELECT {who}, CAST(row_number() OVER (ORDER BY random()) AS UBIGINT) AS number FROM (SELECT DISTINCT {who} FROM linked))
             SELECT linked.* REPLACE (dealt.number AS {who}) FROM linked JOIN dealt USING ({who})
             """,
            table,
            day,
            Path.GetFileNameWithoutExtension(HistoryFolder.Unlinked));

    private void Copy(string select, string table, DateOnly day, string name)
    {
        var folder = history.Folder(table, day);
        Directory.CreateDirectory(folder);
        WholeFile.Make(Path.Combine(folder, $"{name}.parquet"), path => _duck.Run($"COPY ({select}) TO {Duck.Text(path)} (FORMAT parquet, COMPRESSION zstd)"));
    }

    // 2015-05-17 as 20150517.
    private static int Number(DateOnly day) => int.Parse(day.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
