using System.Buffers;
using Relais.Gateway.Protocols.CredSsp;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>
/// Follows what a client sends after TLS ([MS-RDPBCGR] 1.3.1.1): CredSSP if any, MCS Connect Initial, domain and channel joins, Client
/// Info. Edits the first and the last by plan and lets the others through as they are. After Client Info it is complete, and the rest of
/// the connection may be relayed unseen. One instance serves one connection; it keeps no bytes.
/// </summary>
/// <remarks>
/// Nothing that the target sends needs watching: channels are denied by name before it numbers them. Client Info is sought on the channel
/// that every known server uses for it and nowhere else, so the injected password cannot be made to land in another channel.
/// </remarks>
public sealed class RdpConnectSequence(RdpConnectPlan plan)
{
    /// <summary>The longest PDU before completion, so the most bytes that a caller needs to hold.</summary>
    public const int PduLimit = 16 * 1024;

    // 31 static channels, the user's, input/output and message channels, and what stands around the joins.
    private const int PduCountLimit = 64;
    private const byte DerSequence = 0x30;

    private State _state = State.ConnectInitial;
    private int _pdus;

    private enum State
    {
        ConnectInitial,
        ClientInfo,
        Over,
    }

    /// <summary>Why the start-up was refused.</summary>
    public RdpConnectFault Fault { get; private set; }

    /// <summary>Takes whole PDUs off <paramref name="input"/> and writes what the target gets instead.</summary>
    /// <param name="input">Bytes from the client; advanced past each PDU that was dealt with, whatever the result.</param>
    /// <param name="output">Receives the edited bytes. It may hold a password: clear it after use.</param>
    /// <returns>
    /// <see cref="ReadResult.Complete"/> when the rest of <paramref name="input"/> and all later bytes go to the target verbatim.
    /// </returns>
    public ReadResult Advance(ref ReadOnlySequence<byte> input, IBufferWriter<byte> output)
    {
        while (Fault == RdpConnectFault.None && _state != State.Over)
        {
            var framed = TryReadPdu(ref input, out var pdu);
            if (framed == ReadResult.NeedMore)
                return ReadResult.NeedMore;
            if (framed == ReadResult.Malformed)
                Fault = RdpConnectFault.NotAFrame;
            else if (++_pdus > PduCountLimit)
                Fault = RdpConnectFault.TooManyPdus;
            else
                Pass(pdu, output);
        }

        return Fault == RdpConnectFault.None ? ReadResult.Complete : ReadResult.Malformed;
    }

    private ReadResult TryReadPdu(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> pdu)
    {
        pdu = default;
        if (input.IsEmpty)
            return ReadResult.NeedMore;
        return _state == State.ConnectInitial && plan.Selected is null && input.FirstSpan is [DerSequence, ..]
            ? TsRequestFrame.TryRead(ref input, PduLimit, out pdu)
            : Tpkt.TryReadFrame(ref input, PduLimit, out pdu);
    }

    private void Pass(ReadOnlySequence<byte> pdu, IBufferWriter<byte> output)
    {
        var length = (int)pdu.Length;
        var copy = output.GetSpan(length)[..length];
        pdu.CopyTo(copy);
        switch (_state)
        {
            case State.ConnectInitial when copy[0] == DerSequence:
                break;
            case State.ConnectInitial:
                Fault = EditConnectInitial(copy);
                _state = State.ClientInfo;
                break;
            case State.ClientInfo when IsSendData(copy):
                Fault = RewriteClientInfo(copy, output);
                _state = State.Over;
                return;
            default:
                Fault = IsJoin(copy) ? RdpConnectFault.None : RdpConnectFault.UnexpectedPdu;
                break;
        }

        if (Fault == RdpConnectFault.None)
            output.Advance(length);
    }

    private RdpConnectFault EditConnectInitial(Span<byte> frame)
    {
        if (!McsConnectInitial.TryLocate(frame, out var blocks))
            return RdpConnectFault.BadConnectInitial;
        var core = frame[blocks.Core];
        if (plan.AskFor32Bits)
            ClientCore.AskFor32Bits(core);
        if (plan.Narrow)
            ClientCore.LeaveOutGraphicsPipeline(core);
        if (plan.KeyboardLayout is { } layout)
            ClientCore.SetKeyboardLayout(core, layout);
        // Windows ends a connection whose client does not repeat its selection.
        if (plan.Selected is { } selected && !ClientCore.SetSelectedProtocol(core, selected))
            return RdpConnectFault.BadConnectInitial;
        var network = frame[blocks.Network];
        if (network.IsEmpty)
            return RdpConnectFault.None;
        if (!ClientNetwork.Enforce(network, plan.Channels) || !ClientNetwork.TryReadNames(network, out var names))
            return RdpConnectFault.BadChannels;
        plan.Clipboard?.LearnNames(names);
        return RdpConnectFault.None;
    }

    private RdpConnectFault RewriteClientInfo(Span<byte> frame, IBufferWriter<byte> output)
    {
        var read = ClientInfo.TryRead(frame, out var info);
        // The copy in the writer's free space may hold what the person typed.
        frame.Clear();
        return read && info is not null && info.With(plan.Credentials, plan.Narrow).TryWrite(output) ? RdpConnectFault.None : RdpConnectFault.BadClientInfo;
    }

    private static bool IsSendData(ReadOnlySpan<byte> frame) =>
        McsFrame.TryReadData(frame, out var pdu) && McsFrame.Choice(pdu) == McsFrame.SendDataRequest;

    private static bool IsJoin(ReadOnlySpan<byte> frame) =>
        McsFrame.TryReadData(frame, out var pdu)
        && McsFrame.Choice(pdu) is McsFrame.ErectDomainRequest or McsFrame.AttachUserRequest or McsFrame.ChannelJoinRequest
            or McsFrame.DisconnectProviderUltimatum;
}
