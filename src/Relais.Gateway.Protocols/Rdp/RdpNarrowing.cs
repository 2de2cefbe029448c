using System.Buffers;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>
/// Follows what a native client sends to a target, and narrows each announcement of what it can draw to what a replay can draw again. A
/// frame passes when it is whole, and as it is unless it announces something.
/// </summary>
/// <remarks>One instance serves one connection. It holds at most one frame. Never throws on bytes.</remarks>
public sealed class RdpNarrowing
{
    private readonly RdpFrameSplitter _frames = new();
    private bool _informed;
    private bool _announced;

    /// <summary>Takes bytes from the client, in any pieces, and writes what the target gets.</summary>
    /// <returns>False when they are no RDP, or an announcement that cannot be read to its end: the target must not get those either.</returns>
    public bool TryTake(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        while (_frames.TryTake(ref bytes, out var frame))
        {
            var copy = output.GetSpan(frame.Length)[..frame.Length];
            frame.CopyTo(copy);
            if (!TryNarrow(copy))
                return false;
            output.Advance(frame.Length);
        }

        return !_frames.IsLost;
    }

    private bool TryNarrow(Span<byte> frame)
    {
        if (RdpFrame.IsFastPath(frame[0]) || !McsFrame.TryReadData(frame, out var pdu) || McsFrame.Choice(pdu) != McsFrame.SendDataRequest)
            return true;
        if (!McsFrame.TryReadSent(frame, McsFrame.SendDataRequest, out var channel, out var sent))
            return false;
        if (channel != ClientInfo.InputOutputChannel)
            return true;
        // The first is Client Info, and licence packets may follow before the first announcement: these have a security header instead of lengths.
        if (!_informed)
        {
            _informed = true;
            return true;
        }

        var content = frame[^sent.Length..];
        return (!_announced && IsLicence(content)) || ConfirmActive.TryNarrow(content, ref _announced);
    }

    // 2.2.1.12.1: flags SEC_LICENSE_PKT and none of the upper ones; then a preamble, whose size is that of the rest.
    private static bool IsLicence(ReadOnlySpan<byte> content) =>
        content is [0x80, _, 0, 0, _, _, var low, var high, ..] && (low | (high << 8)) == content.Length - 4;
}
