namespace Relais.Gateway.Protocols.Rdp;

/// <summary>The few BER elements that MCS needs (ITU-T X.690): a known tag and a definite length of at most two bytes.</summary>
internal static class Ber
{
    /// <summary>Moves <paramref name="at"/> over tag and length to the content, which lies whole within the bytes.</summary>
    public static bool TryEnter(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> tag, ref int at, out int length)
    {
        length = 0;
        if (!bytes[at..].StartsWith(tag))
            return false;
        var rest = bytes[(at + tag.Length)..];
        int header;
        switch (rest)
        {
            case [< 0x80 and var one, ..]:
                (length, header) = (one, 1);
                break;
            case [0x81, var one, ..]:
                (length, header) = (one, 2);
                break;
            case [0x82, var high, var low, ..]:
                (length, header) = ((high << 8) | low, 3);
                break;
            default:
                return false;
        }

        at += tag.Length + header;
        return length <= bytes.Length - at;
    }

    /// <summary>Moves <paramref name="at"/> behind a whole element.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> tag, ref int at)
    {
        if (!TryEnter(bytes, tag, ref at, out var length))
            return false;
        at += length;
        return true;
    }
}
