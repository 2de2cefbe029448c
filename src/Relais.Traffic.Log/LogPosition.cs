using System.Runtime.InteropServices;

namespace Relais.Traffic.Log;

/// <summary>A place between two blocks of a log.</summary>
/// <param name="Segment">The segment's number.</param>
/// <param name="Offset">Bytes from its beginning.</param>
/// <param name="Sequence">The number of the record that follows, counted over the log's whole life.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LogPosition(long Segment, long Offset, long Sequence)
{
    /// <summary>Before all that is there.</summary>
    public static readonly LogPosition Start = new(0, 0, -1);

    public bool IsBefore(LogPosition other) => Segment < other.Segment || (Segment == other.Segment && Offset < other.Offset);
}

/// <summary>What was written and made durable at once.</summary>
/// <param name="Records">As they were appended, one after the other; good until the next read.</param>
/// <param name="First">The number of its first record.</param>
/// <param name="Count">How many there are.</param>
/// <param name="WrittenMs">When, by the writer's clock: milliseconds since 1970, UTC.</param>
/// <param name="Lost">Records before it that are damaged beyond reading, or deleted: 0 as a rule.</param>
/// <param name="Next">The place behind it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LogBlock(ReadOnlyMemory<byte> Records, long First, int Count, long WrittenMs, long Lost, LogPosition Next);
