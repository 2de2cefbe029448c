namespace Relais.Traffic.History;

/// <summary>A file is there whole, or as it was before: also after a power cut.</summary>
internal static class WholeFile
{
    private const string Unfinished = ".new";

    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (mode is { } rights && !OperatingSystem.IsWindows())
            options.UnixCreateMode = rights;
        using (var file = new FileStream(path + Unfinished, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Unfinished, path, overwrite: true);
    }

    /// <summary>Lets another program write a file, then puts it in its place.</summary>
    public static void Make(string path, Action<string> write)
    {
        write(path + Unfinished);
        using (var file = new FileStream(path + Unfinished, FileMode.Open, FileAccess.ReadWrite))
            file.Flush(flushToDisk: true);
        File.Move(path + Unfinished, path, overwrite: true);
    }
}
