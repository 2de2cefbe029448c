using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Relais.Traffic.History;
using Relais.Traffic.Measures.Logs;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Imports;

/// <summary>What is to be read how.</summary>
/// <param name="Site">For logs that do not name one.</param>
/// <param name="Format">Null: as the first line says.</param>
/// <param name="Columns">What columns mean whose names are not known.</param>
/// <param name="Batch">Lines between two points at which an import can go on.</param>
internal sealed record ImportOrder(string Site, LogFormat? Format, IReadOnlyDictionary<string, LogField> Columns, int Batch);

/// <summary>What came of an import.</summary>
internal abstract record ImportResult
{
    private ImportResult() { }

    /// <param name="From">Lines that an earlier import had read.</param>
    /// <param name="LeftHalf">Whether the log ends in the midst of a line.</param>
    public sealed record Read(ImportState State, long From, bool LeftHalf) : ImportResult;

    /// <param name="Problem">What is wrong and what to do.</param>
    public sealed record Refused(string Problem) : ImportResult;
}

/// <summary>
/// Reads a log into the history, batch by batch: first a batch's rows, under a name made of the log and the batch, then the state that says so. Killed in
/// between, the next import writes the same rows into the same files.
/// </summary>
internal static class ImportLog
{
    private const int SamplesOfFault = 5;

    public static ImportResult Run(HistoryFolder history, string path, ImportOrder order, Action<ImportState, double> told, CancellationToken cancel)
    {
        using var file = LogFile.Open(path);
        using var source = new LineSource(file.Content, file.IsCompressed);
        var head = source.Peek(ImportState.LongestHead);
        if (head.IsEmpty)
            return new ImportResult.Refused("there is nothing in it.");
        var state = Known(history, source) is { } known ? known with { Name = Path.GetFileName(path) } : null;
        if (state is not null)
        {
            if (!source.Skip(state.Offset) || source.Hash != state.Hash)
                return new ImportResult.Refused($"it begins as {state.Name}, which was imported before, and goes on otherwise or is shorter. A log may grow, but not change: was it put together from others?");
            if (state.Site != order.Site || (order.Format is { } asked && asked != state.Format))
                return new ImportResult.Refused($"an earlier import read it as {state.Format.ToString().ToLowerInvariant()} of site {state.Site}: go on with the same.");
        }
        else if (Begin(head, Path.GetFileName(path), order, out state) is { } problem)
        {
            return new ImportResult.Refused(problem);
        }

        history.Forget(state!.Id, state.Batches);
        source.Line = state.Lines;
        var from = state.Lines;
        using var batches = new Batches(history, source, state, order);
        while (batches.Next(cancel))
            told(batches.State, file.Read);
        return new ImportResult.Read(batches.State, from, source.LeftHalf);
    }

    private static ImportState? Known(HistoryFolder history, LineSource source) =>
        ImportState.All(history).Where(s => source.Peek(s.HeadLength) is var head && head.Length == s.HeadLength && ImportState.HashOf(head) == s.HeadHash).MaxBy(s => s.HeadLength);

    private static string? Begin(ReadOnlySpan<byte> head, string name, ImportOrder order, out ImportState? state)
    {
        state = null;
        var end = head.IndexOf((byte)'\n');
        var first = (end < 0 ? head : head[..end]).TrimEnd((byte)'\r');
        if (first.StartsWith(Encoding.UTF8.Preamble))
            first = first[Encoding.UTF8.Preamble.Length..];
        if ((order.Format ?? LogReader.FormatOf(first)) is not { } format)
            return "its first line is none of a combined or Icecast log, of a table with columns' names, or of JSON. If only that line is damaged, say --format.";
        if (format == LogFormat.Table && TableLog.FromHeader(Encoding.UTF8.GetString(first), order.Columns) is { Missing: { Count: > 0 } missing } table)
        {
            return $"no column gives {string.Join(" and ", missing.Select(m => m.ToString().ToLowerInvariant()))}; there are {string.Join(", ", table.Columns)}. "
                + $"Say which it is: --column {missing[0].ToString().ToLowerInvariant()}=NAME.";
        }

        var hash = ImportState.HashOf(head);
        state = new ImportState { Id = hash[..16], Name = name, Site = order.Site, Format = format, HeadLength = head.Length, HeadHash = hash };
        return null;
    }

    private sealed class Batches(HistoryFolder history, LineSource source, ImportState begun, ImportOrder order) : IDisposable
    {
        private readonly HistoryWriter _writer = new(history);
        private readonly LogReader _reader = Reader(begun, order);
        private readonly List<RequestRow> _requests = [];
        private readonly List<ListenRow> _listens = [];
        private readonly Dictionary<LineFault, long> _faults = new(begun.Faults);
        private readonly List<FaultSample> _samples = [.. begun.Samples];
        private long _noStream = begun.NoStream;
        private bool _ended;

        public ImportState State { get; private set; } = begun;

        /// <summary>Reads a batch and commits it.</summary>
        /// <returns>False after the last one.</returns>
        public bool Next(CancellationToken cancel)
        {
            if (_ended)
                return false;
            (var before, _requests.Capacity) = (source.Line, Math.Max(_requests.Capacity, 1024));
            _requests.Clear();
            _listens.Clear();
            while (source.Line - before < order.Batch || !source.IsBetweenLines)
            {
                cancel.ThrowIfCancellationRequested();
                if (!source.TryNext(out var line))
                {
                    _ended = true;
                    break;
                }

                Take(_reader.TryRead(line, out var entry), entry);
            }

            Commit();
            return true;
        }

        public void Dispose() => _writer.Dispose();

        private static LogReader Reader(ImportState state, ImportOrder order)
        {
            var reader = new LogReader(state.Format, order.Columns);
            if (state.Header is { } header)
                reader.TryRead(Encoding.UTF8.GetBytes(header), out _);
            return reader;
        }

        private void Commit()
        {
            if (source.Offset == State.Offset && State.Complete == _ended)
                return;
            var name = string.Create(CultureInfo.InvariantCulture, $"{State.Id}-{State.Batches:D6}");
            var late = _writer.Write(name, _requests) + _writer.Write(name, _listens);
            State = State with
            {
                Offset = source.Offset, Hash = source.Hash, Lines = source.Line, Batches = State.Batches + 1, Requests = State.Requests + _requests.Count,
                Listens = State.Listens + _listens.Count, ByBots = State.ByBots + CountBots(), NoStream = _noStream, TooOld = State.TooOld + late,
                Faults = new(_faults), Samples = [.. _samples],
                Header = _reader.Table?.Header, Complete = _ended,
            };
            State.Save(history);
        }

        private long CountBots()
        {
            var bots = 0L;
            foreach (ref readonly var row in CollectionsMarshal.AsSpan(_requests))
                bots += row.Bot ? 1 : 0;
            foreach (ref readonly var row in CollectionsMarshal.AsSpan(_listens))
                bots += row.Bot ? 1 : 0;
            return bots;
        }

        private void Take(LineFault fault, LogEntry? entry)
        {
            if (fault != LineFault.None)
            {
                var count = CollectionsMarshal.GetValueRefOrAddDefault(_faults, fault, out _)++;
                if (count < SamplesOfFault)
                    _samples.Add(new FaultSample(source.Line, fault));
            }
            else if (entry is not null)
            {
                var site = entry.Host.Length > 0 ? entry.Host : order.Site;
                var device = entry.Agent.Length == 0 ? "" : Agents.DeviceOf(entry.Agent) is not DeviceKind.Unknown and var kind ? kind.ToString().ToLowerInvariant() : "";
                var player = entry.Agent.Length == 0 ? "" : Agents.PlayerOf(entry.Agent);
                var who = history.VisitorOf(site, entry.Address, entry.Agent);
                if (entry.Seconds is not { } seconds)
                    _requests.Add(new RequestRow(entry.At, site, entry.Path, entry.Method, entry.Status, !Assets.Is(entry.Path), Bots.Is(entry.Agent), who, device, player, entry.Region));
                else if (!Mounts.Is(entry))
                    _noStream++;
                else
                    _listens.Add(Listening(entry, seconds, site) with { Listener = who, Device = device, Player = player });
            }
        }

        // Icecast writes its line when the listener leaves; tables name when they came.
        private ListenRow Listening(LogEntry entry, long seconds, string site)
        {
            var start = State.Format == LogFormat.Icecast ? entry.At - seconds : entry.At;
            return new ListenRow(start, start + seconds, site, Mounts.ChannelOf(entry), Bots.IsInStream(entry.Agent), 0, "", "", entry.Region);
        }
    }
}
