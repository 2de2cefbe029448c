using System.Globalization;
using System.Text;
using Relais.Traffic.History;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Bench;

/// <summary>A day of a radio's beats, the same each time, put together to rows and written by what does so of a collector's log: a file each half million records.</summary>
internal sealed class BroadcastDay
{
    public const int Seconds = 24 * 3600;

    private const int BeatSeconds = 30;
    private const int MeanSeconds = 45 * 60;
    // KeepHistory.MostRecords.
    private const int EventsOfFile = 500_000;

    private static readonly byte[][] Channels = [.. Enumerable.Range(1, Crowd.Channels).Select(n => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Radio {n}")))];

    private readonly List<(int Start, int Stop, ulong Who)> _sessions = [];
    private readonly List<int>[] _ofFile;
    private readonly double _window;
    private long _events;
    private long _rows;

    public BroadcastDay(long events)
    {
        var chance = new Random(1);
        var sessions = (int)(events * BeatSeconds / MeanSeconds);
        _ofFile = [.. Enumerable.Range(0, Math.Max(1, (int)(events / EventsOfFile))).Select(_ => new List<int>())];
        _window = Seconds / (double)_ofFile.Length;
        for (var session = 0; session < sessions; session++)
        {
            // Nearly nobody by night; lengths as of a shop that people leave by chance. Half as many people as sessions.
            var start = (int)(Seconds * (0.02 + (0.98 * Math.Max(chance.NextDouble(), 0.2 + (chance.NextDouble() * 0.05)))));
            var stop = Math.Min(Seconds, start + (int)(-Math.Log(1 - chance.NextDouble()) * MeanSeconds));
            _sessions.Add((start, stop, Crowd.Mix((ulong)chance.Next(sessions / 2))));
            for (var file = (int)(start / _window); file < _ofFile.Length && file * _window < stop; file++)
                _ofFile[file].Add(session);
        }
    }

    /// <summary>Writes all files, on all cores.</summary>
    /// <param name="from">The day's first second.</param>
    public (long Events, long Rows, int Files) Write(HistoryFolder history, long from)
    {
        Parallel.For(
            0, _ofFile.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, () => new HistoryWriter(history),
            (file, _, writer) =>
            {
                var rows = RowsOf(file, from);
                var listens = rows.Listens.ToList();
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"log-bench-{file:D4}"), listens);
                Interlocked.Add(ref _events, rows.Count);
                Interlocked.Add(ref _rows, listens.Count);
                return writer;
            },
            static writer => writer.Dispose());
        return (_events, _rows, _ofFile.Length);
    }

    private RecordRows RowsOf(int file, long from)
    {
        var rows = new RecordRows(static _ => "Radio Relais");
        var (opens, closes) = ((int)(file * _window), (int)((file + 1) * _window));
        foreach (var session in _ofFile[file])
        {
            var (start, stop, who) = _sessions[session];
            var beat = Math.Max(1, ((opens - start - 1) / BeatSeconds) + 1);
            for (var at = start + (beat * BeatSeconds); at < closes && at <= stop; at += BeatSeconds, beat++)
            {
                rows.Take(new Record
                {
                    Id = ((UInt128)(uint)session << 64) | (uint)beat, Kind = RecordKind.Heartbeat, Device = (DeviceKind)(1 + (who % 3)), Site = 1, ReceivedMs = (from + at) * 1000, Visitor = who, Session = (ulong)session + 1,
                    PositionMs = (uint)beat * 30_000, PlayedMs = 30_000, Channel = Channels[Crowd.ChannelOf(who)], Region = (who & 1) == 0 ? "FR-IDF"u8 : "FR-BRE"u8, Player = "web"u8,
                });
            }
        }

        return rows;
    }
}
