namespace Relais.Tests.Gateway.Recordings;

/// <summary>A real file system with little room, for as long as a test needs it. Needs root, as the desktops' tests do.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static async Task<SmallDisk> MountAsync(int kib)
    {
        var disk = new SmallDisk(Directory.CreateTempSubdirectory("relais-disk-").FullName);
        await TestProgram.RunAsync("mount", "-t", "tmpfs", "-o", $"size={kib}k", "tmpfs", disk.Path);
        return disk;
    }

    public async ValueTask DisposeAsync()
    {
        await TestProgram.RunAsync("umount", "-l", Path);
        Directory.Delete(Path);
    }
}
