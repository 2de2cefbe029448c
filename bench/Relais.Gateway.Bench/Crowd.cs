using System.Diagnostics;

namespace Relais.Gateway.Bench;

/// <summary>Many connections at once through one contender.</summary>
/// <param name="KiBPerIdle">Memory of the relay for each idle connection that has carried one small message.</param>
/// <param name="BusyP99">99th percentile of a round trip in microseconds, with the busy connections alone.</param>
/// <param name="WithIdleP99">The same while the idle ones are there too.</param>
/// <param name="WithHalfOpenP99">The same while many connections have begun and do not go on; null where that was left out.</param>
internal sealed record Crowd(double KiBPerIdle, double BusyP99, double WithIdleP99, double? WithHalfOpenP99)
{
    public const int Idle = 1000;
    public const int Busy = 50;
    public const int HalfOpen = 10_000;

    private const int TripsEach = 200;
    private const int AtOnce = 100;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public static async Task<Crowd> MeasureAsync(Contender contender, bool halfOpen)
    {
        await BusyAsync(contender); // warms up
        var alone = await BusyAsync(contender);

        var before = contender.Memory();
        var idle = await OpenAsync(Idle, async () => await TalkedAsync(contender));
        var each = (contender.Memory() - before) / 1024.0 / Idle;
        var crowded = await BusyAsync(contender);
        foreach (var stream in idle)
            await stream.DisposeAsync();

        double? besieged = null;
        if (halfOpen)
        {
            var begun = await OpenAsync(HalfOpen, contender.BeginAsync);
            besieged = await BusyAsync(contender);
            begun.ForEach(socket => socket.Dispose());
        }

        return new Crowd(each, alone, crowded, besieged);
    }

    private static async Task<List<T>> OpenAsync<T>(int count, Func<Task<T>> open)
    {
        var all = new List<T>(count);
        for (var done = 0; done < count; done += AtOnce)
            all.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count - done)).Select(_ => open())));
        return all;
    }

    private static async Task<Stream> TalkedAsync(Contender contender)
    {
        var stream = await contender.ConnectAsync();
        await Load.AskAsync(stream, Source.Echo);
        var buffer = new byte[Load.MessageLength];
        await stream.WriteAsync(buffer);
        await stream.ReadExactlyAsync(buffer);
        return stream;
    }

    // People at work: each sends something every 20 ms and waits for the answer.
    private static async Task<double> BusyAsync(Contender contender)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, Busy).Select(_ => WorkAsync(contender)));
        var times = all.SelectMany(t => t).Order().ToList();
        return times[times.Count * 99 / 100];
    }

    private static async Task<List<double>> WorkAsync(Contender contender)
    {
        await using var stream = await TalkedAsync(contender);
        var buffer = new byte[Load.MessageLength];
        var times = new List<double>(TripsEach);
        using var timer = new PeriodicTimer(Pace, TimeProvider.System);
        while (times.Count < TripsEach && await timer.WaitForNextTickAsync())
        {
            var start = Stopwatch.GetTimestamp();
            await stream.WriteAsync(buffer);
            await stream.ReadExactlyAsync(buffer);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return times;
    }
}
