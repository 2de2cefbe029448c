using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Relais.Telephony.Recordings;

/// <summary>Where this node's recordings of calls lie, and whether there is room for more.</summary>
internal sealed class CallRecordingFolder
{
    private const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly CallRecordingOptions _options;

    public CallRecordingFolder(IOptions<CallRecordingOptions> options, IConfiguration configuration)
    {
        _options = options.Value;
        Path = System.IO.Path.GetFullPath(
            _options.Folder.Length > 0 ? _options.Folder : System.IO.Path.Combine(configuration["Relais:Data"] ?? "var", "call-recordings"));
    }

    public string Path { get; }

    /// <summary>Whether a recording may begin here and now.</summary>
    public bool HasRoom()
    {
        try
        {
            Directory.CreateDirectory(Path, OwnFolder);
            return new DriveInfo(Path).AvailableFreeSpace >= _options.FreeBytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The file of a row; null where it is not there. Rows name files by numbers of ours only; another name is none.</summary>
    public string? Find(CallRecording recording)
    {
        var file = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, recording.File));
        return file.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(file) ? file : null;
    }

    /// <exception cref="IOException">The disk is full, or the file is there.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write.</exception>
    public FileStream Create(CallRecording recording)
    {
        var file = System.IO.Path.Combine(Path, recording.File);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file) ?? Path, OwnFolder);
        return new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }
}
