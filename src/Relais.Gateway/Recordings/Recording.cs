using Relais.Gateway.Contracts;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Recordings;

/// <summary>The row of one recorded connection. Its bytes lie in a file of the node that carried it.</summary>
internal sealed class Recording
{
    public const int NodeLength = 255;

    public Guid Id { get; init; }

    public Guid SessionId { get; init; }

    /// <summary>Which connection of the session.</summary>
    public int Connection { get; init; }

    public Guid PersonId { get; init; }

    public required string TargetKind { get; init; }

    public Guid TargetId { get; init; }

    public required string TargetName { get; init; }

    public TargetProtocol Protocol { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public TimeSpan Duration { get; set; }

    public long LengthBytes { get; set; }

    /// <summary>The machine whose disk holds the file.</summary>
    public required string Node { get; init; }

    /// <summary>The file, from the folder of recordings.</summary>
    public required string File { get; init; }

    public RecordingState State { get; set; }

    /// <summary>When somebody said that it is to be kept, whatever its age.</summary>
    public DateTimeOffset? HeldAt { get; set; }

    public static Recording Of(Session session, string node, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        SessionId = session.Id,
        Connection = session.Connection,
        PersonId = session.PersonId,
        TargetKind = session.TargetKind,
        TargetId = session.TargetId,
        TargetName = session.TargetName,
        Protocol = session.Protocol,
        StartedAt = now,
        Node = node,
        File = FormattableString.Invariant($"{now.UtcDateTime:yyyy/MM/dd}/{session.Id}-{session.Connection}.rlr"),
    };
}

/// <summary>How far a recording is, or how it ended.</summary>
public enum RecordingState
{
    /// <summary>Its session goes on.</summary>
    Running,

    /// <summary>It holds all that its connection showed.</summary>
    Whole,

    /// <summary>The disk was full, failed or was too slow: it ends before its connection did.</summary>
    Dropped,

    /// <summary>The server stopped in its midst: it is readable up to the last whole chunk.</summary>
    Torn,

    /// <summary>Its file is gone, or is no recording.</summary>
    Missing,
}
