using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Recordings;

/// <summary>Where this node's recordings lie, and whether there is room for more.</summary>
internal sealed class RecordingFolder
{
    private const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly RecordingOptions _options;

    public RecordingFolder(IOptions<RecordingOptions> options, IConfiguration configuration)
    {
        _options = options.Value;
        Path = System.IO.Path.GetFullPath(
            _options.Folder.Length > 0 ? _options.Folder : System.IO.Path.Combine(configuration["Relais:Data"] ?? "var", "recordings"));
    }

    /// <summary>The name under which rows know this node.</summary>
    public static string Node { get; } = Environment.MachineName;

    public string Path { get; }

    /// <summary>What stands in the way of recording a session of this kind here and now, or null.</summary>
    public RecordingObstacle? ObstacleFor(TargetProtocol protocol, string userName) =>
        Session.IsReadable(protocol, userName) ? Obstacle() : RecordingObstacle.Unreadable;

    /// <summary>What stands in the way of any recording, or null.</summary>
    public RecordingObstacle? Obstacle()
    {
        try
        {
            Directory.CreateDirectory(Path, OwnFolder);
            return new DriveInfo(Path).AvailableFreeSpace < _options.FreeBytes ? RecordingObstacle.DiskFull : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SessionRecorder.ObstacleOf(e);
        }
    }

    /// <summary>The file of a row. Rows name files by numbers of ours only; another one is none.</summary>
    public string? Find(Recording recording)
    {
        var file = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, recording.File));
        return file.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(file) ? file : null;
    }

    /// <exception cref="IOException">The disk is full, or the file is there.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write.</exception>
    public FileStream Create(Recording recording)
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
