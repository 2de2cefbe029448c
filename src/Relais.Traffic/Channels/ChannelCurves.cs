using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Relais.Traffic.Live;

namespace Relais.Traffic.Channels;

/// <summary>A channel in a second.</summary>
/// <param name="At">Seconds since 1970, UTC.</param>
internal sealed record ChannelSecond(long At, int Listeners, int Visitors, long LagMs);

/// <summary>The last ten minutes of each channel that is among the most heard, beside those of all: what a channel's card and a public link of one channel show.</summary>
internal sealed class ChannelCurves(LiveFigures figures) : BackgroundService
{
    // Made-up channels must not take memory without end.
    private const int MostChannels = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ChannelCurve> _curves = new(StringComparer.Ordinal);

    /// <summary>A second of one channel, out of a second of all; nobody where it is not among the most heard.</summary>
    public static ChannelSecond Of(LiveSecond all, string channel)
    {
        var share = all.Channels.FirstOrDefault(c => c.Name == channel);
        return new ChannelSecond(all.At, share?.Listeners ?? 0, share?.Visitors ?? 0, all.LagMs);
    }

    public static string Json(ChannelSecond second) => JsonSerializer.Serialize(second, JsonSerializerOptions.Web);

    /// <summary>As JSON: an array of [at, listeners, visitors].</summary>
    public string CurveOf(string channel)
    {
        lock (_gate)
            return JsonSerializer.Serialize(_curves.TryGetValue(channel, out var curve) ? curve.Points.Select(p => new[] { p.At, p.Listeners, p.Visitors }) : []);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await figures.NextAsync(stoppingToken);
                if (figures.Last is { } second)
                    Keep(second);
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    private void Keep(LiveSecond second)
    {
        lock (_gate)
        {
            foreach (var share in second.Channels)
            {
                if (!_curves.TryGetValue(share.Name, out var curve))
                {
                    if (_curves.Count >= MostChannels)
                        continue;
                    _curves[share.Name] = curve = new ChannelCurve();
                }

                curve.Add(new LivePoint(second.At, share.Listeners, share.Visitors));
            }

            // A channel that nobody hears falls to nothing, and is forgotten after ten minutes.
            foreach (var (name, curve) in _curves)
            {
                if (curve.Last != second.At)
                    curve.Add(new LivePoint(second.At, 0, 0));
                if (curve.Heard < second.At - LiveFigures.CurveSeconds)
                    _curves.Remove(name);
            }
        }
    }

    private sealed class ChannelCurve
    {
        public Queue<LivePoint> Points { get; } = new();

        public long Last { get; private set; }

        /// <summary>When last somebody was there.</summary>
        public long Heard { get; private set; }

        public void Add(LivePoint point)
        {
            Points.Enqueue(point);
            while (Points.Count > LiveFigures.CurveSeconds)
                Points.Dequeue();
            Last = point.At;
            Heard = point.Listeners + point.Visitors > 0 ? point.At : Heard;
        }
    }
}
