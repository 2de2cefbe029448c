using System.Text.Json;
using System.Runtime.InteropServices;
using Relais.Traffic.Measures.Live;

namespace Relais.Traffic.Live;

/// <summary>What the live wall shows of a second.</summary>
/// <param name="At">Seconds since 1970, UTC.</param>
/// <param name="Starts">Players that began since the second before.</param>
/// <param name="LagMs">From the receipt of the last record that is in it to now, at the slowest collector; 0 when nothing was waiting.</param>
/// <param name="Channels">The most heard, most first.</param>
/// <param name="Sites">By the names of sites.</param>
/// <param name="Collectors">How many collectors it is of.</param>
/// <param name="Watermark">All that was received before, at any of them, is in it: seconds since 1970, UTC.</param>
internal sealed record LiveSecond(
    long At, int Listeners, int Visitors, long Starts, long Views, long ListenersToday, long VisitorsToday, long LagMs,
    IReadOnlyList<LiveShare> Channels, IReadOnlyList<LiveShare> Sites, IReadOnlyList<LiveShare> Devices, IReadOnlyList<LiveShare> Regions, IReadOnlyList<LiveShare> Players,
    int Collectors, long Watermark);

internal sealed record LiveShare(string Name, int Listeners, int Visitors);

/// <summary>A point of the curve: seconds since 1970, listeners, visitors.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LivePoint(long At, int Listeners, int Visitors);

/// <summary>The last seconds of all collectors, for all who look at this node: made once, however many they are.</summary>
internal sealed class LiveFigures
{
    public const int CurveSeconds = 600;

    private readonly Lock _gate = new();
    private readonly Queue<LivePoint> _curve = new();
    private TaskCompletionSource<string> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LiveSecond? Last { get; private set; }

    public void Publish(LiveSecond second)
    {
        TaskCompletionSource<string> waiting;
        lock (_gate)
        {
            Last = second;
            _curve.Enqueue(new LivePoint(second.At, second.Listeners, second.Visitors));
            while (_curve.Count > CurveSeconds)
                _curve.Dequeue();
            (waiting, _next) = (_next, new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waiting.SetResult(JsonSerializer.Serialize(second, JsonSerializerOptions.Web));
    }

    /// <summary>The second that is shown next, as JSON.</summary>
    public Task<string> NextAsync(CancellationToken cancel)
    {
        lock (_gate)
            return _next.Task.WaitAsync(cancel);
    }

    /// <summary>The last ten minutes, as JSON: an array of [at, listeners, visitors].</summary>
    public string Curve()
    {
        lock (_gate)
            return JsonSerializer.Serialize(_curve.Select(p => new[] { p.At, p.Listeners, p.Visitors }));
    }

    public static LiveSecond Of(LiveTotals whole, long nowMs, Func<string, string> siteName)
    {
        const int most = 20;
        return new LiveSecond(
            nowMs / 1000, whole.Listeners, whole.Visitors, whole.Starts, whole.Views, whole.ListenersToday, whole.VisitorsToday, whole.LagMs,
            Shares(Dimension.Channel), [.. Shares(Dimension.Site).Select(s => s with { Name = siteName(s.Name) })], Shares(Dimension.Device), Shares(Dimension.Region), Shares(Dimension.Player),
            whole.Collectors, whole.CountedUntilMs / 1000);

        IReadOnlyList<LiveShare> Shares(Dimension of) => [.. whole.Most(of, most).Select(n => new LiveShare(n.Text, n.Listeners, n.Visitors))];
    }
}
