using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Relais.Telephony.Protocols.Rtp;

/// <summary>What a receiver reports of one source (RFC 3550, 6.4.1).</summary>
/// <param name="Source">Whose packets it is about.</param>
/// <param name="FractionLost">Of those expected since the last report, in 256ths.</param>
/// <param name="Lost">Since the beginning; may be negative.</param>
/// <param name="HighestSequence">With the wraps in the upper half.</param>
/// <param name="Jitter">In samples.</param>
/// <param name="LastReport">The middle 32 bits of the last sender report's NTP time; 0 for none yet.</param>
/// <param name="SinceLastReport">In 65,536ths of a second.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReportBlock(uint Source, byte FractionLost, int Lost, uint HighestSequence, uint Jitter, uint LastReport, uint SinceLastReport)
{
    internal const int Length = 24;

    /// <summary>From us to the reporter and back, without the time that it kept our report (RFC 3550, figure 2).</summary>
    /// <param name="now">The middle 32 bits of the NTP time at which the report came.</param>
    /// <returns>Null where the reporter had no report of ours yet, or its figures make no sense.</returns>
    public TimeSpan? RoundTrip(uint now)
    {
        if (LastReport == 0)
            return null;
        var units = (int)(now - LastReport - SinceLastReport);
        return units < 0 ? null : TimeSpan.FromSeconds(units / 65536.0);
    }
}

/// <summary>A sender's or a receiver's report.</summary>
/// <param name="Sender">Who reports.</param>
/// <param name="Ntp">The sender's NTP time as 64 bits; null in a receiver's report.</param>
/// <param name="Timestamp">The RTP timestamp of the same moment.</param>
/// <param name="Packets">Sent so far.</param>
/// <param name="Bytes">Of payload, sent so far.</param>
public sealed record RtcpReport(uint Sender, ulong? Ntp, uint Timestamp, uint Packets, uint Bytes, IReadOnlyList<ReportBlock> Blocks);

/// <summary>A compound RTCP packet: what of it matters to a call.</summary>
/// <param name="Reports">In their order.</param>
/// <param name="Left">Sources that said goodbye.</param>
public sealed record RtcpCompound(IReadOnlyList<RtcpReport> Reports, IReadOnlyList<uint> Left);

/// <summary>Reads and writes RTCP (RFC 3550, 6).</summary>
public static class Rtcp
{
    private const byte SenderReport = 200;
    private const byte ReceiverReport = 201;
    private const byte Description = 202;
    private const byte Goodbye = 203;
    private const byte CanonicalName = 1;
    private const int MostBlocks = 31;

    // Seconds between 1900 and 1970.
    private const ulong NtpEpoch = 2208988800;

    /// <summary>A time as NTP's 64 bits: seconds since 1900, and their fraction.</summary>
    public static ulong Ntp(DateTimeOffset at)
    {
        var ticks = (ulong)(at - DateTimeOffset.UnixEpoch).Ticks;
        var (seconds, rest) = (ticks / TimeSpan.TicksPerSecond, ticks % TimeSpan.TicksPerSecond);
        return ((seconds + NtpEpoch) << 32) | ((rest << 32) / TimeSpan.TicksPerSecond);
    }

    /// <summary>The 32 bits in the middle of an NTP time, which reports refer to.</summary>
    public static uint Middle(ulong ntp) => (uint)(ntp >> 16);

    /// <summary>Reads a compound packet; false where its lengths don't add up (RFC 3550, A.2). Packets of unknown types are passed over.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out RtcpCompound compound)
    {
        var (reports, left) = (new List<RtcpReport>(), new List<uint>());
        compound = new RtcpCompound(reports, left);
        if (datagram.Length < 8)
            return false;
        while (datagram.Length > 0)
        {
            if (datagram.Length < 4 || datagram[0] >> 6 != 2)
                return false;
            var length = 4 * (BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) + 1);
            if (datagram.Length < length || !TryReadOne(datagram[..length], reports, left))
                return false;
            datagram = datagram[length..];
        }

        return true;
    }

    private static bool TryReadOne(ReadOnlySpan<byte> packet, List<RtcpReport> reports, List<uint> left)
    {
        var count = packet[0] & 31;
        switch (packet[1])
        {
            case SenderReport:
            case ReceiverReport:
                var sends = packet[1] == SenderReport;
                var blocks = sends ? 28 : 8;
                if (packet.Length < blocks + (count * ReportBlock.Length))
                    return false;
                reports.Add(new RtcpReport(
                    BinaryPrimitives.ReadUInt32BigEndian(packet[4..]), sends ? BinaryPrimitives.ReadUInt64BigEndian(packet[8..]) : null,
                    sends ? BinaryPrimitives.ReadUInt32BigEndian(packet[16..]) : 0, sends ? BinaryPrimitives.ReadUInt32BigEndian(packet[20..]) : 0,
                    sends ? BinaryPrimitives.ReadUInt32BigEndian(packet[24..]) : 0, ReadBlocks(packet[blocks..], count)));
                return true;
            case Goodbye:
                if (packet.Length < 4 + (4 * count))
                    return false;
                for (var i = 0; i < count; i++)
                    left.Add(BinaryPrimitives.ReadUInt32BigEndian(packet[(4 + (4 * i))..]));
                return true;
            default:
                return true;
        }
    }

    private static ReportBlock[] ReadBlocks(ReadOnlySpan<byte> from, int count)
    {
        var blocks = new ReportBlock[count];
        for (var i = 0; i < count; i++)
        {
            var block = from.Slice(i * ReportBlock.Length, ReportBlock.Length);
            // 24 bits with a sign.
            var lost = BinaryPrimitives.ReadInt32BigEndian(block[4..]) << 8 >> 8;
            blocks[i] = new ReportBlock(
                BinaryPrimitives.ReadUInt32BigEndian(block), block[4], lost, BinaryPrimitives.ReadUInt32BigEndian(block[8..]),
                BinaryPrimitives.ReadUInt32BigEndian(block[12..]), BinaryPrimitives.ReadUInt32BigEndian(block[16..]), BinaryPrimitives.ReadUInt32BigEndian(block[20..]));
        }

        return blocks;
    }

    /// <summary>Writes a report and the sender's canonical name, which each compound packet has (RFC 3550, 6.1).</summary>
    /// <param name="name">Up to 255 bytes of UTF-8; it stays the same for all streams of a participant.</param>
    /// <returns>The length in bytes. <paramref name="to"/> has room for 28 + 24 a block + 12 + the name.</returns>
    public static int Write(Span<byte> to, RtcpReport report, string name)
    {
        if (report.Blocks.Count > MostBlocks)
            throw new ArgumentException($"A report has {MostBlocks} blocks at most, this one {report.Blocks.Count}.", nameof(report));
        var length = report.Ntp is null ? 8 : 28;
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], report.Sender);
        if (report.Ntp is { } ntp)
        {
            BinaryPrimitives.WriteUInt64BigEndian(to[8..], ntp);
            BinaryPrimitives.WriteUInt32BigEndian(to[16..], report.Timestamp);
            BinaryPrimitives.WriteUInt32BigEndian(to[20..], report.Packets);
            BinaryPrimitives.WriteUInt32BigEndian(to[24..], report.Bytes);
        }

        foreach (var block in report.Blocks)
        {
            WriteBlock(to[length..], block);
            length += ReportBlock.Length;
        }

        Head(to, report.Ntp is null ? ReceiverReport : SenderReport, report.Blocks.Count, length);
        return length + WriteName(to[length..], report.Sender, name);
    }

    private static void WriteBlock(Span<byte> to, ReportBlock block)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, block.Source);
        BinaryPrimitives.WriteInt32BigEndian(to[4..], Math.Clamp(block.Lost, -0x800000, 0x7FFFFF) & 0xFFFFFF);
        to[4] = block.FractionLost;
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], block.HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(to[12..], block.Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], block.LastReport);
        BinaryPrimitives.WriteUInt32BigEndian(to[20..], block.SinceLastReport);
    }

    private static int WriteName(Span<byte> to, uint source, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length > 255)
            throw new ArgumentException("A canonical name has 255 bytes at most.", nameof(name));
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], source);
        to[8] = CanonicalName;
        to[9] = (byte)bytes.Length;
        bytes.CopyTo(to[10..]);
        // Ended by a zero at least, up to whole words.
        var length = (10 + bytes.Length + 4) / 4 * 4;
        to[(10 + bytes.Length)..length].Clear();
        Head(to, Description, 1, length);
        return length;
    }

    private static void Head(Span<byte> to, byte type, int count, int length)
    {
        to[0] = (byte)(0x80 | count);
        to[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)((length / 4) - 1));
    }
}
