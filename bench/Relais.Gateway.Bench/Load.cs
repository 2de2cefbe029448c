using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.WebSockets;

namespace Relais.Gateway.Bench;

/// <summary>One measurement of one contender.</summary>
/// <param name="CpuPerGiB">CPU seconds of the relay per GiB carried.</param>
/// <param name="GiBPerSecond">Throughput of one connection.</param>
/// <param name="CpuPerTrip">CPU microseconds per round trip, one right after the other.</param>
/// <param name="CpuPerPacedTrip">CPU microseconds per round trip with 5 ms between them, as from a person at work.</param>
/// <param name="P50">Median round trip in microseconds, one right after the other.</param>
/// <param name="P99">Its 99th percentile.</param>
internal sealed record Measured(double CpuPerGiB, double GiBPerSecond, double CpuPerTrip, double CpuPerPacedTrip, double P50, double P99);

internal static class Load
{
    internal const int MessageLength = 64;
    private const double GiB = 1L << 30;

    public static async Task<Measured> MeasureAsync(Contender contender, long bytes, int trips, int pacedTrips)
    {
        var (cpuBulk, time) = await BulkAsync(contender, bytes);
        var times = new double[trips];
        var cpuTrips = await TripsAsync(contender, times, TimeSpan.Zero);
        var cpuPaced = await TripsAsync(contender, new double[pacedTrips], TimeSpan.FromMilliseconds(5));
        Array.Sort(times);
        return new Measured(
            cpuBulk.TotalSeconds / (bytes / GiB), bytes / GiB / time.TotalSeconds,
            cpuTrips.TotalMicroseconds / trips, cpuPaced.TotalMicroseconds / pacedTrips,
            times[trips / 2], times[trips * 99 / 100]);
    }

    private static async Task<(TimeSpan Cpu, TimeSpan Time)> BulkAsync(Contender contender, long bytes)
    {
        await using var stream = await contender.ConnectAsync();
        var buffer = new byte[256 * 1024];
        var cpu = contender.Cpu();
        var start = Stopwatch.GetTimestamp();
        await AskAsync(stream, bytes);
        for (long left = bytes; left > 0;)
        {
            var read = stream is not WebSocketStream ? stream.Read(buffer) : await stream.ReadAsync(buffer);
            if (read == 0)
                throw new EndOfStreamException(contender.Name);
            left -= read;
        }

        return (contender.Cpu() - cpu, Stopwatch.GetElapsedTime(start));
    }

    private static async Task<TimeSpan> TripsAsync(Contender contender, double[] times, TimeSpan pace)
    {
        await using var stream = await contender.ConnectAsync();
        await AskAsync(stream, Source.Echo);
        var buffer = new byte[MessageLength];
        using var timer = new PeriodicTimer(pace == TimeSpan.Zero ? TimeSpan.FromHours(1) : pace, TimeProvider.System);
        var cpu = contender.Cpu();
        for (var i = 0; i < times.Length; i++)
        {
            if (pace != TimeSpan.Zero)
                await timer.WaitForNextTickAsync();
            var start = Stopwatch.GetTimestamp();
            if (stream is not WebSocketStream)
            {
                // Blocking calls on both ends, so that the times are the relay's and not the load's.
                stream.Write(buffer);
                stream.ReadExactly(buffer);
            }
            else
            {
                await stream.WriteAsync(buffer);
                await stream.ReadExactlyAsync(buffer);
            }

            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return contender.Cpu() - cpu;
    }

    internal static async Task AskAsync(Stream stream, long what)
    {
        var request = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(request, what);
        await stream.WriteAsync(request);
    }
}
