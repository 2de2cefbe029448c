using Relais.Traffic.Reports;

namespace Relais.Traffic.History;

/// <summary>How long history is kept, by the day it tells of: CNIL allows identifiers for 13 months and data for 25.</summary>
/// <param name="Identifiers">Months after which a visitor of one day cannot be told from one of another.</param>
/// <param name="Data">Months after which nothing is left.</param>
internal sealed record HistoryRetention(int Identifiers = 13, int Data = 25);

/// <summary>What a purge did.</summary>
internal sealed record Purged(int Unlinked, int Removed, bool NewSecret);

/// <summary>Keeps the history within its times. It may be killed at any point, and does the rest when it runs again.</summary>
internal static class PurgeHistory
{
    public static Purged Run(HistoryFolder history, HistoryRetention retention, DateTimeOffset now, CancellationToken cancel)
    {
        var today = history.DayOf(now.ToUnixTimeSeconds());
        var (unlink, remove) = (today.AddMonths(-retention.Identifiers), today.AddMonths(-retention.Data));
        var (unlinked, removed) = (0, 0);
        using var writer = new HistoryWriter(history);
        foreach (var table in (string[])[HistoryFolder.Requests, HistoryFolder.Listens])
        {
            foreach (var day in history.Days(table))
            {
                cancel.ThrowIfCancellationRequested();
                if (day < remove)
                {
                    Directory.Delete(history.Folder(table, day), recursive: true);
                    removed++;
                }
                else if (day < unlink && HasLinked(history, table, day))
                {
                    writer.Unlink(table, day);
                    unlinked++;
                }
            }
        }

        KeptAnswers.Purge(history, now);
        // Who came back would otherwise have the same number for ever.
        var old = new DateTimeOffset(File.GetLastWriteTimeUtc(history.SecretFile), TimeSpan.Zero) < now.AddMonths(-retention.Identifiers);
        if (old)
            history.ChangeSecret(now);
        return new Purged(unlinked, removed, old);
    }

    private static bool HasLinked(HistoryFolder history, string table, DateOnly day) =>
        Directory.EnumerateFiles(history.Folder(table, day), "*.parquet").Any(f => Path.GetFileName(f) != HistoryFolder.Unlinked);
}
