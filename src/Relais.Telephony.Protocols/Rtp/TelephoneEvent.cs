using System.Buffers.Binary;

namespace Relais.Telephony.Protocols.Rtp;

/// <summary>A pressed key as a named event (RFC 4733, 2.3).</summary>
/// <param name="Event">0 to 9 the digits, 10 the star, 11 the hash, 12 to 15 the letters A to D.</param>
/// <param name="End">The key was let go: sent three times.</param>
/// <param name="Volume">Below 0 dBm0, 0 to 63.</param>
/// <param name="Duration">So far, in samples.</param>
public readonly record struct TelephoneEvent(byte Event, bool End, byte Volume, ushort Duration)
{
    /// <summary>In bytes.</summary>
    public const int Length = 4;

    private const string Keys = "0123456789*#ABCD";

    /// <summary>The key, or null for an event that is none.</summary>
    public char? Key => Event < Keys.Length ? Keys[Event] : null;

    /// <summary>The event of a key; null where there is no such key.</summary>
    public static byte? Of(char key) => Keys.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal) is var place and >= 0 ? (byte)place : null;

    public static bool TryRead(ReadOnlySpan<byte> payload, out TelephoneEvent told)
    {
        told = default;
        if (payload.Length < Length)
            return false;
        told = new TelephoneEvent(payload[0], (payload[1] & 0x80) != 0, (byte)(payload[1] & 0x3F), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return true;
    }

    public void Write(Span<byte> to)
    {
        to[0] = Event;
        to[1] = (byte)((End ? 0x80 : 0) | (Volume & 0x3F));
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], Duration);
    }
}
