using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.CleanPath;
using Relais.Gateway.Protocols.CredSsp;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Fuzz;

/// <summary>
/// What is fuzzed. Each target throws when a parser throws or breaks a promise, and otherwise gives a number that differs for different
/// behaviour, by which a campaign without instrumentation knows what is worth mutating further.
/// </summary>
internal static class Targets
{
    private static readonly RdpConnectPlan Plan = new(ChannelPolicy.DisplayOnly, new RdpCredentials("bureau", "secret"), 0x040C);

    public static IReadOnlyDictionary<string, Func<byte[], int>> All { get; } = new Dictionary<string, Func<byte[], int>>(StringComparer.Ordinal)
    {
        ["cleanpath"] = CleanPath,
        ["x224"] = X224,
        ["start-up"] = StartUp,
        ["client-info"] = ReadClientInfo,
        ["tsgu"] = TsguTarget.Run,
        ["rdp-file"] = RdpFileTarget.Run,
        ["rfb"] = ConsoleTargets.Rfb,
        ["rfb-client"] = ConsoleTargets.RfbClient,
        ["terminal"] = ConsoleTargets.Terminal,
        ["ssh-line"] = ConsoleTargets.SshLine,
        ["credssp"] = CredSsp,
        ["recording"] = RecordingTarget.Run,
        ["agent"] = AgentTarget.Run,
        ["shown"] = ShownTarget.Run,
        ["feed"] = FeedTarget.Run,
        ["target-expression"] = AudienceTargets.Expression,
        ["band"] = AudienceTargets.Bands,
        ["narrow"] = NarrowTarget.Run,
        ["clipboard"] = ClipboardTarget.Run,
        ["sip"] = TelephonyTargets.Sip,
        ["sip-stream"] = TelephonyTargets.SipStream,
        ["sdp"] = TelephonyTargets.Sdp,
        ["rtp"] = TelephonyTargets.Rtp,
        ["wave"] = TelephonyTargets.Wave,
        ["form-file"] = FormTargets.File,
        ["form-rows"] = FormTargets.Rows,
        ["expression"] = InterviewTargets.Expression,
        ["interview"] = InterviewTargets.Session,
        ["journal"] = InterviewTargets.Journal,
        ["beacon"] = TrafficTargets.Beacon,
        ["beacon-body"] = TrafficFileTargets.Body,
        ["record"] = TrafficTargets.Record,
        ["segment"] = TrafficFileTargets.Segment,
        ["log-lines"] = TrafficFileTargets.LogLines,
    };

    private static int CleanPath(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        var result = CleanPathReader.TryRead(ref buffer, CleanPathReader.RequestLimit, out var pdu, out var fault);
        Promise(result == ReadResult.Complete == (pdu is not null), "a PDU exactly when complete");
        Promise(result == ReadResult.Malformed == (fault != CleanPathFault.None), "a fault exactly when malformed");
        if (pdu is null)
            return HashCode.Combine(result, fault);

        var written = CleanPathWriter.Write(pdu);
        var again = new ReadOnlySequence<byte>(written);
        Promise(CleanPathReader.TryRead(ref again, int.MaxValue, out var same, out _) == ReadResult.Complete, "what is written can be read");
        Promise(same is not null && Same(same.ProxyAuth, pdu.ProxyAuth) && Same(same.Destination, pdu.Destination) && same.Error == pdu.Error, "the same is read");
        return HashCode.Combine(pdu.Error is null, pdu.X224 is null, pdu.Certificates?.Count, pdu.ServerAddress is null);
    }

    private static int X224(byte[] bytes)
    {
        var asked = X224Request.TryRead(bytes, out var request);
        if (asked)
        {
            Promise(X224Request.TryRead(request.Write(), out var again), "what is written can be read");
            Promise(again.Protocols == request.Protocols, "the protocols stay");
        }

        var confirmed = X224Confirm.TryRead(bytes, out var confirm);
        Promise(!(asked && confirmed), "a frame is a request or a confirm");
        return HashCode.Combine(asked, confirmed, request.Cookie > 0, request.Flags, confirm.Failure is null);
    }

    private static int StartUp(byte[] bytes)
    {
        var whole = new ArrayBufferWriter<byte>();
        var input = new ReadOnlySequence<byte>(bytes);
        var sequence = new RdpConnectSequence(Plan);
        var result = sequence.Advance(ref input, whole);

        // The same in pieces whose size comes from the bytes themselves.
        var pieces = new ArrayBufferWriter<byte>();
        var inPieces = new RdpConnectSequence(Plan);
        var step = bytes.Length == 0 ? 1 : 1 + bytes[^1];
        var (from, until, last) = (0, 0, ReadResult.NeedMore);
        while (until < bytes.Length && last == ReadResult.NeedMore)
        {
            until = Math.Min(until + step, bytes.Length);
            var part = new ReadOnlySequence<byte>(bytes, from, until - from);
            var before = part.Length;
            last = inPieces.Advance(ref part, pieces);
            from += (int)(before - part.Length);
        }

        Promise(last == result || bytes.Length == 0, "any split gives the same result");
        Promise(inPieces.Fault == sequence.Fault, "any split gives the same fault");
        Promise(pieces.WrittenSpan.SequenceEqual(whole.WrittenSpan), "any split gives the same output");
        CheckChannels(whole.WrittenSpan);
        return HashCode.Combine(result, sequence.Fault, whole.WrittenCount / 16, input.Length > 0);
    }

    private static void CheckChannels(ReadOnlySpan<byte> output)
    {
        while (output is [0x30, ..])
        {
            var buffer = new ReadOnlySequence<byte>(output.ToArray());
            if (TsRequestFrame.TryRead(ref buffer, int.MaxValue, out var passed) != ReadResult.Complete)
                return;
            output = output[(int)passed.Length..];
        }

        if (output.Length < 4)
            return;
        var frame = output[..((output[2] << 8) | output[3])];
        Promise(McsConnectInitial.TryLocate(frame, out var blocks), "the first frame is a Connect Initial");
        var network = frame[blocks.Network];
        if (network.IsEmpty)
            return;
        Promise(ClientNetwork.TryReadNames(network, out var names), "the channels can be read");
        Promise(names.All(n => Plan.Channels.Allows(n) || n.StartsWith("deny", StringComparison.Ordinal)), "no denied channel is left");
    }

    private static int ReadClientInfo(byte[] bytes)
    {
        if (!ClientInfo.TryRead(bytes, out var info) || info is null)
            return 0;
        var output = new ArrayBufferWriter<byte>();
        var wrote = info.With(Plan.Credentials).TryWrite(output);
        if (wrote)
        {
            Promise(ClientInfo.TryRead(output.WrittenSpan, out var again) && again is not null, "what is written can be read");
            Promise(again is { UserName: "bureau", Password: "secret", AlternateShell: "" }, "the account is the gateway's");
            Promise(again?.Extra.Span.SequenceEqual(info.Extra.Span) is true, "the rest stays");
        }

        return HashCode.Combine(1, wrote, info.Flags & ClientInfoFlags.Unicode, info.AlternateShell.Length > 0, info.Extra.Length / 32);
    }

    private static int CredSsp(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        var result = TsRequestReader.TryRead(ref buffer, TsRequestReader.Limit, out var request, out var fault);
        Promise(result == ReadResult.Complete == (request is not null), "a message exactly when complete");
        Promise(result == ReadResult.Malformed == (fault != TsRequestFault.None), "a fault exactly when malformed");
        var read = TsCredentials.TryRead(bytes, out var credentials);
        if (credentials is not null)
        {
            Promise(TsCredentials.TryRead(TsCredentials.Write(credentials), out var same) && same is not null, "what is written can be read");
            Promise(Same(same?.Password, credentials.Password) && Same(same?.Domain, credentials.Domain), "the same account is read");
        }

        if (request is null)
            return HashCode.Combine(result, fault, read);

        var written = TsRequestWriter.Write(request);
        var again = new ReadOnlySequence<byte>(written);
        Promise(TsRequestReader.TryRead(ref again, int.MaxValue, out var copy, out _) == ReadResult.Complete, "what is written can be read");
        Promise(TsRequestWriter.Write(copy ?? request).AsSpan().SequenceEqual(written), "the same is read");
        return HashCode.Combine(
            request.NegoToken is null, request.AuthInfo is null, request.PublicKeyAuth is null, request.ErrorCode is null, request.ClientNonce is null);
    }

    private static bool Same(string? a, string? b) => string.Equals(a, b, StringComparison.Ordinal);

    internal static void Promise([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool kept, string what)
    {
        if (!kept)
            throw new InvalidOperationException($"Broken promise: {what}.");
    }
}
