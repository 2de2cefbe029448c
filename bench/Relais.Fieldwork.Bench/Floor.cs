using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Relais.Fieldwork.Bench;

/// <summary>What this machine allows: one row written and committed on the same server, at the same time, a hundred times a second.</summary>
internal sealed class Floor(string connection)
{
    public async Task<string> MeasureAsync(double perSecond, TimeSpan length)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Maximum Pool Size=20");
        await using (var make = source.CreateCommand("CREATE TABLE IF NOT EXISTS public.floor (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz)"))
            await make.ExecuteNonQueryAsync();
        var (taken, random, writing, begun, due) = (new ConcurrentBag<double>(), new Random(4711), new List<Task>(), Stopwatch.GetTimestamp(), TimeSpan.Zero);
        while ((due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / perSecond)) < length)
        {
            if (due - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } early)
                await Task.Delay(early, TimeProvider.System);
            writing.Add(WriteAsync());
        }

        await Task.WhenAll(writing);
        return Institute.Line("one row written and committed: what the machine allows", [.. taken], taken.Count);

        async Task WriteAsync()
        {
            var asked = Stopwatch.GetTimestamp();
            await using var command = source.CreateCommand("INSERT INTO public.floor (at) VALUES (clock_timestamp())");
            await command.ExecuteNonQueryAsync();
            taken.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
    }
}
