using System.Buffers.Text;
using System.Text.Unicode;

namespace Relais.Traffic.Measures.Records;

/// <summary>What a browser or player says: <c>name=value</c> pairs with <c>&amp;</c> between, escaped as in a query. Its texts lie in the bytes that were parsed.</summary>
/// <remarks>
/// <c>e</c> kind: <c>view beat start pause stop hit</c>; <c>i</c> id, 32 hexadecimal digits (hyphens allowed); <c>a</c> age in milliseconds;
/// <c>u</c> the visitor's identifier, where they consented; <c>n</c> session, up to 16 hexadecimal digits; <c>c</c> channel; <c>p</c> path; <c>l</c> player;
/// <c>r</c> region; <c>f</c> the host that led here; <c>x</c> position and <c>w</c> heard since last told, in milliseconds; <c>o=1</c> opted out.
/// Names that are not known are stepped over, so that a newer tag works with an older collector; the last of a name counts.
/// </remarks>
public ref struct Beacon
{
    /// <summary>Bytes of one beacon, at most.</summary>
    public const int MaxLength = 2048;

    /// <summary>An age beyond this is not believed.</summary>
    public const uint MaxAgeMs = 24 * 3600 * 1000;

    /// <summary>Clocks differ by no more than this: a beacon from further ahead is refused.</summary>
    public const int MaxFutureMs = 60_000;

    /// <summary>A beat that tells of more listening than this since the one before is not believed.</summary>
    public const uint MaxPlayedMs = 10 * 60 * 1000;

    private const int LongText = Record.MaxText;
    private const int ShortText = 64;
    private const int RegionText = 6;
    private const int LongestEscape = 3;

    public RecordKind Kind { get; private set; }

    public UInt128 Id { get; private set; }

    /// <summary>Within 0 and <see cref="MaxAgeMs"/>; <see cref="Flags"/> says when it was made so.</summary>
    public uint AgeMs { get; private set; }

    /// <summary>Only <see cref="RecordFlags.AgeClamped"/> and <see cref="RecordFlags.FromFuture"/>.</summary>
    public RecordFlags Flags { get; private set; }

    /// <summary>The identifier that the sender keeps, as bytes; empty when it has none. Not to be stored.</summary>
    public ReadOnlySpan<byte> Visitor { get; private set; }

    public ulong Session { get; private set; }

    public uint PositionMs { get; private set; }

    public uint PlayedMs { get; private set; }

    public bool OptedOut { get; private set; }

    public ReadOnlySpan<byte> Channel { get; private set; }

    public ReadOnlySpan<byte> Path { get; private set; }

    public ReadOnlySpan<byte> Region { get; private set; }

    public ReadOnlySpan<byte> Player { get; private set; }

    public ReadOnlySpan<byte> Source { get; private set; }

    /// <summary>Parses one beacon without allocating. Never throws.</summary>
    /// <param name="text">Escapes are undone in place: the bytes change. A leading <c>?</c> is stepped over.</param>
    public static BeaconFault Parse(Span<byte> text, out Beacon beacon)
    {
        beacon = default;
        if (text.Length > MaxLength)
            return BeaconFault.TooLong;
        if (!text.IsEmpty && text[0] == (byte)'?')
            text = text[1..];
        if (text.IsEmpty)
            return BeaconFault.Empty;

        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'&');
            var pair = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            // All names are of one letter: whatever is longer is of a newer tag, or not for us.
            if (pair.Length < 2 || pair[1] != (byte)'=')
                continue;
            if (beacon.Take((char)pair[0], pair[2..]) is var fault and not BeaconFault.None)
                return fault;
        }

        return beacon.Missing();
    }

    private BeaconFault Take(char name, Span<byte> value)
    {
        switch (name)
        {
            case 'e':
                Kind = KindOf(value);
                return Kind == RecordKind.None ? BeaconFault.NoKind : BeaconFault.None;
            case 'i':
                var named = TryHex(value, 32, out var id) && id != 0;
                Id = id;
                return named ? BeaconFault.None : BeaconFault.NoId;
            case 'n':
                var numbered = TryHex(value, 16, out var session) && session != 0;
                Session = (ulong)session;
                return numbered ? BeaconFault.None : BeaconFault.BadNumber;
            case 'a':
                return TakeAge(value);
            case 'x':
                var told = TryNumber(value, out var position);
                PositionMs = position;
                return told ? BeaconFault.None : BeaconFault.BadNumber;
            case 'w':
                var heard = TryNumber(value, out var played);
                PlayedMs = Math.Min(played, MaxPlayedMs);
                return heard ? BeaconFault.None : BeaconFault.BadNumber;
            case 'o':
                OptedOut = value.SequenceEqual("1"u8);
                return BeaconFault.None;
            default:
                return TakeText(name, value);
        }
    }

    private BeaconFault TakeText(char name, Span<byte> value)
    {
        var limit = name switch { 'p' => LongText, 'c' or 'l' or 'f' or 'u' => ShortText, 'r' => RegionText, _ => 0 };
        if (limit == 0)
            return BeaconFault.None;
        if (!TryUnescape(value, out var text) || text.Length > limit || !Utf8.IsValid(text) || text.IndexOfAnyInRange((byte)0, (byte)31) >= 0 || text.Contains((byte)127))
            return BeaconFault.BadText;
        switch (name)
        {
            case 'p': Path = text; break;
            case 'c': Channel = text; break;
            case 'l': Player = text; break;
            case 'f': Source = text; break;
            case 'u': Visitor = text; break;
            default: Region = text; break;
        }

        return BeaconFault.None;
    }

    private BeaconFault TakeAge(ReadOnlySpan<byte> value)
    {
        if (!Utf8Parser.TryParse(value, out long age, out var used) || used != value.Length)
            return BeaconFault.BadNumber;
        if (age < -MaxFutureMs)
            return BeaconFault.FromFuture;
        Flags = age switch { < 0 => RecordFlags.FromFuture, > MaxAgeMs => RecordFlags.AgeClamped, _ => RecordFlags.None };
        AgeMs = (uint)Math.Clamp(age, 0, MaxAgeMs);
        return BeaconFault.None;
    }

    private BeaconFault Missing()
    {
        if (Kind == RecordKind.None)
            return BeaconFault.NoKind;
        if (Id == 0)
            return BeaconFault.NoId;
        // What was heard is a part of the way that was come.
        PlayedMs = Math.Min(PlayedMs, PositionMs);
        return Kind switch
        {
            RecordKind.PageView => Path.IsEmpty,
            RecordKind.Hit => false,
            _ => Channel.IsEmpty || Session == 0,
        } ? BeaconFault.MissingField : BeaconFault.None;
    }

    private static RecordKind KindOf(ReadOnlySpan<byte> value) => value switch
    {
        _ when value.SequenceEqual("beat"u8) => RecordKind.Heartbeat,
        _ when value.SequenceEqual("view"u8) => RecordKind.PageView,
        _ when value.SequenceEqual("start"u8) => RecordKind.Start,
        _ when value.SequenceEqual("pause"u8) => RecordKind.Pause,
        _ when value.SequenceEqual("stop"u8) => RecordKind.Stop,
        _ when value.SequenceEqual("hit"u8) => RecordKind.Hit,
        _ => RecordKind.None,
    };

    private static bool TryNumber(ReadOnlySpan<byte> value, out uint number) =>
        Utf8Parser.TryParse(value, out number, out var used) && used == value.Length;

    private static bool TryHex(ReadOnlySpan<byte> value, int digits, out UInt128 number)
    {
        number = 0;
        var count = 0;
        foreach (var digit in value)
        {
            if (digit == (byte)'-')
                continue;
            var four = HexOf(digit);
            if (four < 0 || ++count > digits)
                return false;
            number = (number << 4) | (uint)four;
        }

        // An id of fewer digits is no random number; a session may begin with zeros.
        return count == digits || (digits == 16 && count > 0);
    }

    private static int HexOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private static bool TryUnescape(Span<byte> value, out ReadOnlySpan<byte> text)
    {
        text = value;
        var from = value.IndexOfAny((byte)'%', (byte)'+');
        if (from < 0)
            return true;
        var to = from;
        for (; from < value.Length; from++, to++)
        {
            if (value[from] != (byte)'%')
            {
                value[to] = value[from] == (byte)'+' ? (byte)' ' : value[from];
                continue;
            }

            if (value.Length - from < LongestEscape || HexOf(value[from + 1]) is not (>= 0 and var high) || HexOf(value[from + 2]) is not (>= 0 and var low))
                return false;
            value[to] = (byte)((high << 4) | low);
            from += 2;
        }

        text = value[..to];
        return true;
    }
}
