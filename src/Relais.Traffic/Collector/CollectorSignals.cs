using System.Diagnostics;
using Relais.Traffic.Log;

namespace Relais.Traffic.Collector;

/// <summary>What tells whether this node takes as much as comes, as metrics: what to scale on, and what to wait for before a node is taken away.</summary>
internal sealed class CollectorSignals
{
    private const int Seconds = 10;

    private readonly Lock _gate = new();
    private readonly Queue<(long At, long Accepted)> _samples = new();
    private readonly BeaconCounts _counts;
    private readonly CollectorLog _collector;
    private LogPosition _stored;
    private long _storedAt = Stopwatch.GetTimestamp();
    private int _collectors;

    public CollectorSignals(BeaconCounts counts, CollectorLog collector)
    {
        (_counts, _collector) = (counts, collector);
        counts.Meter.CreateObservableGauge("relais.traffic.accept.rate", Rate, null, "Beacons accepted a second, over the last ten seconds");
        counts.Meter.CreateObservableGauge("relais.traffic.queue.size", () => collector.Open?.Log.WaitingBytes ?? 0, "By", "Bytes of beacons that are not on disk yet");
        counts.Meter.CreateObservableGauge("relais.traffic.log.lag", Lag, "s", "For how long there has been something on disk that is not counted; 0 when all is");
        counts.Meter.CreateObservableGauge("relais.traffic.collectors", () => Volatile.Read(ref _collectors), null, "Collectors that answer, this node among them");
    }

    /// <summary>All that was on disk is stored up to here.</summary>
    public void Stored(LogPosition position, int collectors)
    {
        lock (_gate)
        {
            (_stored, _storedAt) = (position, Stopwatch.GetTimestamp());
            Volatile.Write(ref _collectors, collectors);
            _samples.Enqueue((_storedAt, _counts.Of(BeaconOutcome.Accepted)));
            while (_samples.Count > 2 && Stopwatch.GetElapsedTime(_samples.Peek().At, _storedAt).TotalSeconds > Seconds)
                _samples.Dequeue();
        }
    }

    private double Rate()
    {
        lock (_gate)
        {
            if (_samples.Count == 0)
                return 0;
            var (at, accepted) = _samples.Peek();
            var seconds = Stopwatch.GetElapsedTime(at).TotalSeconds;
            return seconds < 1 ? 0 : (_counts.Of(BeaconOutcome.Accepted) - accepted) / seconds;
        }
    }

    private double Lag()
    {
        if (_collector.Open is not { } open)
            return 0;
        lock (_gate)
            return open.Log.End == _stored ? 0 : Stopwatch.GetElapsedTime(_storedAt).TotalSeconds;
    }
}
