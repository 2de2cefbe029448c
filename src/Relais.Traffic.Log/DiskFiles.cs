using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Relais.Traffic.Log;

/// <summary>Segments as files of one directory, which it makes: <c>000000000001.log</c>.</summary>
public sealed class DiskFiles : ILogFiles
{
    private const string Ending = ".log";

    private readonly string _folder;

    public DiskFiles(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        // The directory's own name must be on disk too.
        if (Path.GetDirectoryName(_folder) is { } parent)
            SyncFolder(parent);
    }

    public IReadOnlyList<long> Segments() =>
        [.. Directory.EnumerateFiles(_folder, "*" + Ending).Select(Number).Where(n => n >= 0).Order()];

    public ILogFile Create(long segment, long length)
    {
        var path = PathOf(segment);
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.None, length);
            if (RandomAccess.GetLength(handle) < length)
                RandomAccess.SetLength(handle, length);
            if (NativeFiles.FSync(handle) != 0)
                throw NativeFiles.Failed(path);
            SyncFolder(_folder);
            return new DiskFile(handle, path);
        }
        catch (IOException e)
        {
            handle?.Dispose();
            if (handle is not null && e is not SyncFailedException)
                File.Delete(path);
            throw;
        }
    }

    public ILogFile? Open(long segment)
    {
        try
        {
            return new DiskFile(File.OpenHandle(PathOf(segment), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), PathOf(segment));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public void Delete(long segment) => File.Delete(PathOf(segment));

    private static long Number(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private string PathOf(long segment) => Path.Combine(_folder, segment.ToString("D12", CultureInfo.InvariantCulture) + Ending);

    private static void SyncFolder(string folder)
    {
        using var handle = NativeFiles.OpenFolder(folder);
        if (handle.IsInvalid || NativeFiles.FSync(handle) != 0)
            throw NativeFiles.Failed(folder);
    }

    private sealed class DiskFile(SafeFileHandle handle, string path) : ILogFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> to, long at)
        {
            var total = 0;
            while (total < to.Length && RandomAccess.Read(handle, to[total..], at + total) is > 0 and var read)
                total += read;
            return total;
        }

        public void Write(ReadOnlySpan<byte> bytes, long at) => RandomAccess.Write(handle, bytes, at);

        public void Sync()
        {
            if (NativeFiles.FDataSync(handle) != 0)
                throw NativeFiles.Failed(path);
        }

        public void Truncate(long length) => RandomAccess.SetLength(handle, length);

        public void Dispose() => handle.Dispose();
    }
}

internal static partial class NativeFiles
{
    private const int ReadOnlyFolder = 0x90000; // O_DIRECTORY | O_CLOEXEC, of Linux on x86-64; other machines are told apart below.
    private const int ReadOnlyFolderArm = 0x84000;

    public static SafeFileHandle OpenFolder(string folder) =>
        Open(folder, RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? ReadOnlyFolderArm : ReadOnlyFolder);

    public static SyncFailedException Failed(string path) =>
        new($"{path} is not safe on disk: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    // RandomAccess.FlushToDisk is fsync, which writes times of change as well: a second journal entry for each batch.
    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int FSync(SafeFileHandle file);

    // The framework opens no directories.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);
}
