using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Relais.Tests.Desktops;
using Relais.Traffic.Collector;
using Relais.Traffic.Log;
using Record = Relais.Traffic.Measures.Records.Record;

namespace Relais.Tests.Traffic;

/// <summary>A collector whose disk ends a sync when the test lets it.</summary>
public sealed class SlowDiskTests(SlowDiskApp app) : IClassFixture<SlowDiskApp>
{
    [Fact]
    public async Task While_the_disk_is_slow_a_beacon_waits_for_it_and_further_ones_are_told_when_to_come_again()
    {
        var (first, second) = (app.Id(), app.Id());
        var busy = app.Counts.Of(BeaconOutcome.Busy, app.Site.Id);
        var held = app.StatusAsync($"e=view&p=/first&i={first}");
        await app.Syncs.ReachedAsync();
        await DesktopsApp.UntilAsync(() => Task.FromResult(app.Log.Log.Waiting > SlowDiskApp.LongestWait));
        Assert.False(held.IsCompleted);
        for (var tries = 0; tries < 3; tries++)
        {
            using var refused = await app.GetAsync($"e=view&p=/second&i={second}");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter?.Delta);
        }

        Assert.Equal(busy + 3, app.Counts.Of(BeaconOutcome.Busy, app.Site.Id));
        Assert.Empty(Ids());
        app.Syncs.Let();
        Assert.Equal(HttpStatusCode.NoContent, await held);
        Assert.Equal([first], Ids());

        // As a player does: again, under the same id.
        var again = app.StatusAsync($"e=view&p=/second&i={second}");
        await app.Syncs.ReachedAsync();
        Assert.Equal([first], Ids());
        app.Syncs.Let();
        Assert.Equal(HttpStatusCode.NoContent, await again);
        Assert.Equal([first, second], Ids());
    }

    private List<string> Ids()
    {
        using var reader = new LogReader(app.Log.Files, LogPosition.Start);
        var found = new List<string>();
        while (reader.TryRead(app.Log.Log.End, out var block))
        {
            var rest = block.Records.Span;
            while (Record.TryRead(ref rest, out var record))
                found.Add(record.Id.ToString("x32", CultureInfo.InvariantCulture));
        }

        return found;
    }
}

/// <summary>A server with a collector on a disk that waits.</summary>
public sealed class SlowDiskApp : TrafficApp
{
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    public SlowDiskApp() => Settings["Traffic:LongestWait"] = LongestWait.ToString("c", CultureInfo.InvariantCulture);

    internal HeldSyncs Syncs { get; } = new();

    internal OpenLog Log => Services.GetRequiredService<CollectorLog>().Open!;

    public override async ValueTask DisposeAsync()
    {
        Syncs.Dispose();
        await base.DisposeAsync();
    }

    protected override void Adjust(WebApplicationBuilder builder) =>
        builder.Services.Replace(ServiceDescriptor.Singleton<OpenLogFiles>(folder => new WaitingFiles(new DiskFiles(folder), Syncs)));

    /// <summary>Syncs that wait to be let through.</summary>
    internal sealed class HeldSyncs : IDisposable
    {
        private readonly SemaphoreSlim _let = new(0);
        private readonly SemaphoreSlim _reached = new(0);

        public Task ReachedAsync() => _reached.WaitAsync();

        public void Let() => _let.Release();

        // Opened for good: the log's last sync may be on its way.
        public void Dispose() => _let.Release(1000);

        public void Wait()
        {
            _reached.Release();
            _let.Wait();
        }
    }

    private sealed class WaitingFiles(ILogFiles disk, HeldSyncs syncs) : ILogFiles
    {
        public IReadOnlyList<long> Segments() => disk.Segments();

        public ILogFile Create(long segment, long length) => new WaitingFile(disk.Create(segment, length), syncs);

        public ILogFile? Open(long segment) => disk.Open(segment);

        public void Delete(long segment) => disk.Delete(segment);
    }

    private sealed class WaitingFile(ILogFile file, HeldSyncs syncs) : ILogFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> to, long at) => file.Read(to, at);

        public void Write(ReadOnlySpan<byte> bytes, long at) => file.Write(bytes, at);

        public void Sync()
        {
            syncs.Wait();
            file.Sync();
        }

        public void Truncate(long length) => file.Truncate(length);

        public void Dispose() => file.Dispose();
    }
}
