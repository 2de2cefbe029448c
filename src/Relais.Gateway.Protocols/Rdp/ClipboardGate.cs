using System.Buffers;
using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>
/// Lets the clipboard ([MS-RDPECLIP]) through one way only, by what a client sends to its target. Without a client's answers nothing of its
/// clipboard comes in; without its requests the target gives nothing out. One instance serves one connection; it never throws on bytes.
/// </summary>
/// <remarks>
/// A request that may not be made becomes one for no format, which a target answers with a failure, so that a client does not wait for ever.
/// The names of the formats that were copied over there do reach the client. Not covered, as in <see cref="ChannelPolicy"/>: a program
/// inside the target that sends unasked to a changed client.
/// </remarks>
/// <param name="opensIn">From the client to the target.</param>
/// <param name="opensOut">From the target to the client.</param>
public sealed class ClipboardGate(bool opensIn, bool opensOut)
{
    // [MS-RDPBCGR] 2.2.6.1.1.
    private const int ChannelHeaderLength = 8;
    private const uint First = 0x1;
    private const uint Last = 0x2;
    private const uint Shown = 0x10;
    private const uint Compressed = 0x00E0_0000;

    // T.125, 7: choice, who sends, channel, priority. And an ultimatum with its reason.
    private const int AddressLength = 6;
    private const int LongestEnd = 4;

    // [MS-RDPECLIP] 2.2.1.
    private const int HeaderLength = 8;
    private const ushort FormatList = 2;
    private const ushort FormatListResponse = 3;
    private const ushort FormatDataRequest = 4;
    private const ushort FormatDataResponse = 5;
    private const ushort TemporaryDirectory = 6;
    private const ushort Capabilities = 7;
    private const ushort FileContentsRequest = 8;
    private const ushort FileContentsResponse = 9;
    private const ushort Lock = 10;
    private const ushort Unlock = 11;
    private const ushort Failed = 2;

    // Longer than all that is no content: capabilities have 24 bytes, a request for a file's contents 36.
    private const int LongestWithoutContent = 64;

    private readonly RdpFrameSplitter _splitter = new();
    private IReadOnlyList<string> _names = [];
    private volatile HashSet<ushort>? _channels;
    private bool _passing;
    private bool _listed;

    /// <summary>Whether bytes came that begin no frame: nothing passes any more.</summary>
    public bool IsLost => _splitter.IsLost;

    /// <summary>Takes the channels that the client asks for, in their order.</summary>
    public void LearnNames(IReadOnlyList<string> names) => _names = names;

    /// <summary>Takes the target's first frame, which numbers them; later ones change nothing.</summary>
    public void LearnNumbers(ReadOnlySpan<byte> frame)
    {
        if (_channels is not null || !ServerNetwork.TryReadNumbers(frame, out var numbers))
            return;
        _channels = [.. _names.Zip(numbers).Where(c => ChannelPolicy.Clipboard.Equals(c.First, StringComparison.OrdinalIgnoreCase)).Select(c => c.Second)];
    }

    /// <summary>Takes bytes of the client, however they are cut, and writes what may go on, whole frame by whole frame.</summary>
    public void Take(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        while (_splitter.TryTake(ref bytes, out var frame))
            Pass(frame, output);
    }

    private void Pass(ReadOnlySpan<byte> frame, IBufferWriter<byte> output)
    {
        if (!RdpFrame.IsFastPath(frame[0]))
        {
            if (!McsFrame.TryReadData(frame, out var pdu))
                return;
            if (McsFrame.Choice(pdu) == McsFrame.SendDataRequest)
            {
                if (!TryReadAlone(pdu, out var channel, out var content))
                    return;
                // Until the numbers are known, any of them may be the clipboard's.
                if (channel != ClientInfo.InputOutputChannel && (_channels is not { } known || known.Contains(channel)))
                {
                    PassClipboard(frame, pdu[..AddressLength], content, output);
                    return;
                }
            }
            else if (McsFrame.Choice(pdu) != McsFrame.DisconnectProviderUltimatum || pdu.Length > LongestEnd)
            {
                // All joins are over by now.
                return;
            }
        }

        output.Write(frame);
    }

    // With nothing behind it in its frame, where a target might find another one.
    private static bool TryReadAlone(ReadOnlySpan<byte> pdu, out ushort channel, out ReadOnlySpan<byte> content)
    {
        channel = 0;
        content = default;
        if (pdu.Length <= AddressLength)
            return false;
        channel = BinaryPrimitives.ReadUInt16BigEndian(pdu[3..]);
        content = pdu[AddressLength..];
        return Per.TryReadLength(ref content, out var length) && length == content.Length;
    }

    private void PassClipboard(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> address, ReadOnlySpan<byte> content, IBufferWriter<byte> output)
    {
        if (_channels is null || content.Length < ChannelHeaderLength)
            return;
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(content[4..]);
        var part = content[ChannelHeaderLength..];
        if ((flags & First) != 0)
        {
            _passing = false;
            // What is compressed cannot be judged; targets of ours ask for none.
            if ((flags & Compressed) == 0 && part.Length >= HeaderLength)
                Begin(address, part, flags, output);
        }

        if (_passing)
            output.Write(frame);
    }

    private void Begin(ReadOnlySpan<byte> address, ReadOnlySpan<byte> part, uint flags, IBufferWriter<byte> output)
    {
        var type = BinaryPrimitives.ReadUInt16LittleEndian(part);
        switch (type)
        {
            case FormatList when !opensIn && !_listed:
                // The target waits for the first one before it tells of its own.
                _listed = true;
                Write(address, FormatList, 0, [], flags, output);
                break;
            case FormatDataResponse when !opensIn:
                Write(address, FormatDataResponse, Failed, [], flags, output);
                break;
            case FormatDataRequest when !opensOut:
                Write(address, FormatDataRequest, 0, [0, 0, 0, 0], flags, output);
                break;
            case FormatList or FormatDataResponse or FileContentsResponse or TemporaryDirectory:
                _passing = opensIn;
                break;
            case FormatDataRequest or FileContentsRequest or Lock or Unlock:
                _passing = opensOut && (opensIn || IsShort(part, flags));
                break;
            case FormatListResponse or Capabilities:
                _passing = opensIn || IsShort(part, flags);
                break;
            default:
                break;
        }
    }

    private static bool IsShort(ReadOnlySpan<byte> part, uint flags) => (flags & Last) != 0 && part.Length <= LongestWithoutContent;

    private static void Write(ReadOnlySpan<byte> address, ushort type, ushort flags, ReadOnlySpan<byte> content, uint channelFlags, IBufferWriter<byte> output)
    {
        var message = HeaderLength + content.Length;
        var length = McsFrame.HeaderLength + address.Length + 1 + ChannelHeaderLength + message;
        var frame = output.GetSpan(length)[..length];
        frame[0] = Tpkt.Version;
        frame[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)length);
        ((ReadOnlySpan<byte>)[0x02, 0xF0, 0x80]).CopyTo(frame[Tpkt.HeaderLength..]);
        var rest = frame[McsFrame.HeaderLength..];
        address.CopyTo(rest);
        rest = rest[address.Length..];
        Per.WriteLength(rest, ChannelHeaderLength + message);
        rest = rest[1..];
        BinaryPrimitives.WriteUInt32LittleEndian(rest, (uint)message);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], First | Last | (channelFlags & Shown));
        rest = rest[ChannelHeaderLength..];
        BinaryPrimitives.WriteUInt16LittleEndian(rest, type);
        BinaryPrimitives.WriteUInt16LittleEndian(rest[2..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], (uint)content.Length);
        content.CopyTo(rest[HeaderLength..]);
        output.Advance(length);
    }
}
