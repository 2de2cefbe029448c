using CsCheck;

namespace Relais.Traffic.Log.Tests;

public sealed class SegmentLogTests
{
    [Fact]
    public async Task What_is_acknowledged_is_read_in_its_order_over_many_segments_and_starts()
    {
        var files = new FragileFiles();
        var expected = new List<int>();
        for (var start = 0; start < 4; start++)
        {
            using var log = LogTestKit.Open(files);
            expected.AddRange(await log.AppendAllAsync(start * 50, 50));
        }

        Assert.Equal(200, expected.Count);
        var (numbers, lost) = LogTestKit.ReadAll(files);
        Assert.Equal(expected, numbers);
        Assert.Equal(0, lost);
        Assert.True(files.Segments().Count > 4);
    }

    [Fact]
    public async Task A_reader_follows_the_writer_and_goes_on_from_where_it_was()
    {
        var files = new FragileFiles();
        using var log = LogTestKit.Open(files);
        await log.AppendAllAsync(0, 30);
        LogPosition at;
        using (var reader = new LogReader(files, LogPosition.Start))
        {
            var count = 0;
            while (reader.TryRead(log.End, out var block))
                count += block.Count;
            Assert.Equal(30, count);
            await log.AppendAllAsync(30, 100);
            Assert.True(reader.TryRead(log.End, out var after));
            Assert.Equal((30, 0), (after.First, after.Lost));
            at = after.Next;
        }

        using var again = new LogReader(files, at);
        Assert.True(again.TryRead(log.End, out var next));
        Assert.Equal((at.Sequence, 0), (next.First, next.Lost));
    }

    [Fact]
    public async Task Records_that_come_while_one_batch_is_written_share_the_next_sync()
    {
        var files = new FragileFiles();
        using var log = LogTestKit.Open(files);
        using var gate = new SyncGate(files);
        log.Append(0, out var first);
        await gate.ReachedAsync();
        var waiting = Enumerable.Range(1, 20).Select(n => log.Append(n, out var durable) is AppendResult.Taken ? durable : Task.FromResult(false)).ToList();
        Assert.DoesNotContain(waiting, t => t.IsCompleted);
        gate.Let(2);
        Assert.True(await first);
        Assert.All(await Task.WhenAll(waiting), Assert.True);
        Assert.Equal(2, files.Synced);
    }

    [Fact]
    public async Task Too_many_bytes_or_too_long_a_wait_are_refused_and_taken_again_afterwards()
    {
        var clock = new HeldClock();
        var files = new FragileFiles();
        using var log = LogTestKit.Open(files, LogTestKit.Small with { LongestWait = TimeSpan.FromMilliseconds(500) }, clock);
        using var gate = new SyncGate(files);
        Assert.Equal(AppendResult.Taken, log.Append(0, out var first));
        await gate.ReachedAsync();
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(AppendResult.Taken, log.Append(1, out var second));
        Assert.Equal(TimeSpan.FromMilliseconds(500), log.Waiting);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(AppendResult.Slow, log.Append(2, out _));
        gate.Let(1);
        Assert.True(await first);
        await gate.ReachedAsync();

        // The second is young: its wait began at 500 ms.
        var taken = Enumerable.Range(2, 100).TakeWhile(n => log.Append(n, out _) is AppendResult.Taken).Count();
        Assert.Equal(((4 << 10) - 40) / 100, taken);
        Assert.Equal(AppendResult.Full, log.Append(200, out _));
        gate.Let(100);
        Assert.True(await second);
        log.Dispose();
        files.BeforeSync = static () => { };
        Assert.Equal(taken + 2, LogTestKit.ReadAll(files).Numbers.Count);
    }

    [Fact]
    public async Task Old_segments_go_once_every_reader_has_passed_them()
    {
        var files = new FragileFiles();
        using var log = LogTestKit.Open(files);
        await log.AppendAllAsync(0, 200);
        var before = files.Segments();
        Assert.Equal(2, log.DeleteBefore(before[2]));
        Assert.Equal(before.Skip(2), files.Segments());
        Assert.Equal(before.Count - 3, log.DeleteBefore(long.MaxValue));
        Assert.Equal([log.End.Segment], files.Segments());
        await log.AppendAllAsync(200, 1);
        Assert.Equal(200, LogTestKit.ReadAll(files, log.End).Numbers[^1]);
    }

    [Fact]
    public async Task On_a_real_disk_a_log_is_written_recovered_and_trimmed()
    {
        var folder = Directory.CreateTempSubdirectory("relais-log-").FullName;
        try
        {
            var files = new DiskFiles(Path.Combine(folder, "traffic"));
            using (var log = LogTestKit.Open(files))
                Assert.Equal(60, (await log.AppendAllAsync(0, 60)).Count);
            var later = new DiskFiles(Path.Combine(folder, "traffic"));
            using (var log = LogTestKit.Open(later))
                await log.AppendAllAsync(60, 60);
            Assert.Equal(Enumerable.Range(0, 120), LogTestKit.ReadAll(later).Numbers);
            Assert.True(new DirectoryInfo(Path.Combine(folder, "traffic")).EnumerateFiles().All(f => f.Length <= LogTestKit.Small.SegmentBytes));
            Assert.Throws<IOException>(() => later.Create(1, 100));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void No_bytes_in_a_segment_make_the_reader_throw() => Gen.Byte.Array[0, 3000].Sample(bytes =>
    {
        var files = new FragileFiles();
        var length = Math.Max(1024, bytes.Length);
        using (var file = files.Create(1, length))
        {
            file.Write(bytes, 0);
            // What looks like a block at least by its magic.
            file.Write("RLG1"u8, 512);
            file.Sync();
        }

        Assert.Empty(LogTestKit.ReadAll(files).Numbers);
    });
}
