using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Relais.Telephony.Recordings;

/// <summary>Whether calls are recorded.</summary>
internal enum RecordingMode
{
    Off,

    /// <summary>Where it can be: a full disk stops no call.</summary>
    Wished,

    /// <summary>No call is placed that cannot be recorded.</summary>
    Mandatory,
}

/// <summary>What is recorded of the calls of a study, or of all that have no policy of their own.</summary>
internal sealed class RecordingPolicy
{
    /// <summary>The key of the policy for all others.</summary>
    public const string ForOthers = "";

    public const int KeyLength = 120;

    /// <summary>As whoever places the call names the study; nothing for all others.</summary>
    public required string Key { get; init; }

    public RecordingMode Mode { get; set; }

    /// <summary>How many of a hundred calls are recorded, 1 to 100.</summary>
    public int Share { get; set; } = 100;

    public int KeepDays { get; set; } = 90;

    /// <summary>What the respondent is told at the answer, in words; null where it is a file, or nothing is said.</summary>
    public string? AnnouncementText { get; set; }

    /// <summary>The same as a-law at 8 kHz.</summary>
    public byte[]? Announcement { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Whether this call is among those recorded: decided by its id alone, so that it stays decided.</summary>
    public bool Takes(Guid call)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(call.ToByteArray(), hash);
        return Mode is not RecordingMode.Off && BinaryPrimitives.ReadUInt32BigEndian(hash) % 100 < Share;
    }
}
