using System.Buffers.Binary;

namespace Relais.Traffic.Measures.Records;

/// <summary>One beacon or hit as the collectors' log and the history hold it. Its texts are UTF-8 and lie where it was read from: copy what is to be kept.</summary>
/// <remarks>
/// Little endian, a fixed part and five texts, each after a byte with its length. The fixed part says its own length, so that fields which a later program adds are
/// stepped over by an earlier one; <see cref="FormatVersion"/> changes only when what is here changes its meaning. Nothing here can tell a damaged record
/// from another: check sums are the log's.
/// </remarks>
public readonly ref struct Record
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const byte FormatVersion = 1;

    /// <summary>Bytes of a record without any text.</summary>
    public const int MinLength = FixedLength + Texts;

    /// <summary>Bytes that no record is longer than.</summary>
    public const int MaxLength = FixedLength + Texts + Texts * MaxText;

    /// <summary>Bytes that a text may have at most.</summary>
    public const int MaxText = 255;

    /// <summary>Milliseconds of a slot of listening time.</summary>
    public const int SlotMs = 10_000;

    private const int FixedLength = 64;
    private const int Texts = 5;

    /// <summary>A random number that the sender gave and repeats when it sends the same again.</summary>
    public UInt128 Id { get; init; }

    public RecordKind Kind { get; init; }

    public RecordFlags Flags { get; init; }

    public DeviceKind Device { get; init; }

    /// <summary>The site's number: the row in PostgreSQL.</summary>
    public int Site { get; init; }

    /// <summary>When the collector received it: milliseconds since 1970, UTC, by its own clock.</summary>
    public long ReceivedMs { get; init; }

    /// <summary>How long before that it happened, in milliseconds, as the sender said and as far as it is believed.</summary>
    public uint AgeMs { get; init; }

    /// <summary>A keyed hash of who it was, different on each site; 0 when that is not known.</summary>
    public ulong Visitor { get; init; }

    /// <summary>A player's or a visit's random number, of its site; 0 for none.</summary>
    public ulong Session { get; init; }

    /// <summary>How far the player has come since its session began, in milliseconds of listening.</summary>
    public uint PositionMs { get; init; }

    /// <summary>How much of that was heard since the player last told, in milliseconds; never more than <see cref="PositionMs"/>.</summary>
    public uint PlayedMs { get; init; }

    /// <summary>The station or stream; empty for pages.</summary>
    public ReadOnlySpan<byte> Channel { get; init; }

    /// <summary>The page's path, without its query.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>ISO 3166-1 or 3166-2, such as <c>FR</c> or <c>FR-IDF</c>; empty when not known.</summary>
    public ReadOnlySpan<byte> Region { get; init; }

    /// <summary>What played it: <c>web</c>, <c>ios</c>, the name of an app.</summary>
    public ReadOnlySpan<byte> Player { get; init; }

    /// <summary>The host that led here; empty for none.</summary>
    public ReadOnlySpan<byte> Source { get; init; }

    /// <summary>When it happened: milliseconds since 1970, UTC.</summary>
    public long HappenedMs => ReceivedMs - AgeMs;

    public bool IsBot => (Flags & RecordFlags.Bot) != RecordFlags.None;

    /// <summary>Whether it tells of a player rather than of a page.</summary>
    public bool IsOfPlayer => Kind is >= RecordKind.Heartbeat and <= RecordKind.Stop;

    /// <summary>The first and the last slot of ten seconds, counted from the session's beginning, that were heard; nothing when last is before first.</summary>
    public (int First, int Last) HeardSlots => PlayedMs == 0 ? (0, -1) : ((int)((PositionMs - PlayedMs) / SlotMs), (int)((PositionMs - 1) / SlotMs));

    /// <summary>Bytes that <see cref="Write"/> needs.</summary>
    public int Length => MinLength + Channel.Length + Path.Length + Region.Length + Player.Length + Source.Length;

    /// <summary>Writes it, without allocating.</summary>
    /// <param name="to">At least <see cref="Length"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="ArgumentException">A text is longer than <see cref="MaxText"/>, or <paramref name="to"/> is too short.</exception>
    public int Write(Span<byte> to)
    {
        if (Channel.Length > MaxText || Path.Length > MaxText || Region.Length > MaxText || Player.Length > MaxText || Source.Length > MaxText)
            throw new ArgumentException($"A text of a record has {MaxText} bytes at most.", nameof(to));
        var length = Length;
        if (to.Length < length)
            throw new ArgumentException("There is no room for the record.", nameof(to));

        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)length);
        to[2] = FormatVersion;
        to[3] = FixedLength;
        to[4] = (byte)Kind;
        to[5] = (byte)Device;
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], (ushort)Flags);
        BinaryPrimitives.WriteUInt128LittleEndian(to[8..], Id);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], ReceivedMs);
        BinaryPrimitives.WriteUInt32LittleEndian(to[32..], AgeMs);
        BinaryPrimitives.WriteInt32LittleEndian(to[36..], Site);
        BinaryPrimitives.WriteUInt64LittleEndian(to[40..], Visitor);
        BinaryPrimitives.WriteUInt64LittleEndian(to[48..], Session);
        BinaryPrimitives.WriteUInt32LittleEndian(to[56..], PositionMs);
        BinaryPrimitives.WriteUInt32LittleEndian(to[60..], PlayedMs);
        var texts = to[FixedLength..];
        Put(Channel, ref texts);
        Put(Path, ref texts);
        Put(Region, ref texts);
        Put(Player, ref texts);
        Put(Source, ref texts);
        return length;
    }

    /// <summary>Reads the first record of some bytes, without allocating. Never throws.</summary>
    /// <param name="from">Moved behind the record; left as it is when there is none.</param>
    /// <returns>False when these bytes do not begin with a whole record of this version.</returns>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> from, out Record record)
    {
        record = default;
        if (from.Length < MinLength)
            return false;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(from);
        var fixedLength = from[3];
        if (length < MinLength || length > from.Length || from[2] != FormatVersion || fixedLength < FixedLength || fixedLength > length)
            return false;
        if (from[4] is < (byte)RecordKind.PageView or > (byte)RecordKind.Hit)
            return false;

        var texts = from[fixedLength..length];
        if (!Take(ref texts, out var channel) || !Take(ref texts, out var path) || !Take(ref texts, out var region)
            || !Take(ref texts, out var player) || !Take(ref texts, out var source))
            return false;
        var (position, played) = (BinaryPrimitives.ReadUInt32LittleEndian(from[56..]), BinaryPrimitives.ReadUInt32LittleEndian(from[60..]));
        if (played > position)
            return false;
        record = new Record
        {
            Kind = (RecordKind)from[4],
            Device = (DeviceKind)from[5],
            Flags = (RecordFlags)BinaryPrimitives.ReadUInt16LittleEndian(from[6..]),
            Id = BinaryPrimitives.ReadUInt128LittleEndian(from[8..]),
            ReceivedMs = BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
            AgeMs = BinaryPrimitives.ReadUInt32LittleEndian(from[32..]),
            Site = BinaryPrimitives.ReadInt32LittleEndian(from[36..]),
            Visitor = BinaryPrimitives.ReadUInt64LittleEndian(from[40..]),
            Session = BinaryPrimitives.ReadUInt64LittleEndian(from[48..]),
            PositionMs = position,
            PlayedMs = played,
            Channel = channel,
            Path = path,
            Region = region,
            Player = player,
            Source = source,
        };
        from = from[length..];
        return true;
    }

    private static void Put(ReadOnlySpan<byte> text, scoped ref Span<byte> to)
    {
        to[0] = (byte)text.Length;
        text.CopyTo(to[1..]);
        to = to[(1 + text.Length)..];
    }

    private static bool Take(scoped ref ReadOnlySpan<byte> from, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (from.IsEmpty || from.Length < 1 + from[0])
            return false;
        text = from.Slice(1, from[0]);
        from = from[(1 + text.Length)..];
        return true;
    }
}
