using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Relais.Host;
using Relais.Traffic.Collector;
using Relais.Traffic.Log;

namespace Relais.Traffic.Bench;

/// <summary>The product's server, whose traffic log lies on a disk that takes longer for each sync. Only here: the product has no setting for it.</summary>
internal static class SlowServer
{
    public static async Task RunAsync(TimeSpan slower)
    {
        await using var server = await Server.BuildAsync([], builder => builder.Services.Replace(ServiceDescriptor.Singleton<OpenLogFiles>(folder => new SlowFiles(new DiskFiles(folder), slower))));
        await server.StartAsync();
        // Until the bench ends its input.
        await Console.In.ReadToEndAsync();
        await server.StopAsync();
    }

    private sealed class SlowFiles(ILogFiles disk, TimeSpan slower) : ILogFiles
    {
        public IReadOnlyList<long> Segments() => disk.Segments();

        public ILogFile Create(long segment, long length) => new SlowFile(disk.Create(segment, length), slower);

        // Readers only: what they read was synced before.
        public ILogFile? Open(long segment) => disk.Open(segment);

        public void Delete(long segment) => disk.Delete(segment);
    }

    private sealed class SlowFile(ILogFile file, TimeSpan slower) : ILogFile
    {
        private readonly ManualResetEventSlim _never = new();

        public long Length => file.Length;

        public int Read(Span<byte> to, long at) => file.Read(to, at);

        public void Write(ReadOnlySpan<byte> bytes, long at) => file.Write(bytes, at);

        public void Sync()
        {
            _never.Wait(slower);
            file.Sync();
        }

        public void Truncate(long length) => file.Truncate(length);

        public void Dispose()
        {
            file.Dispose();
            _never.Dispose();
        }
    }
}
