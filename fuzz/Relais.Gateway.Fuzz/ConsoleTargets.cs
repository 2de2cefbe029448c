using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Rfb;
using Relais.Gateway.Protocols.Ssh;
using Relais.Gateway.Protocols.Terminal;

namespace Relais.Gateway.Fuzz;

/// <summary>The targets of VNC and SSH.</summary>
internal static class ConsoleTargets
{
    public static int Rfb(byte[] bytes)
    {
        var (result, fault, output) = SignIn(bytes, bytes.Length);
        var inPieces = SignIn(bytes, bytes.Length == 0 ? 1 : 1 + (bytes[^1] % 16));
        Targets.Promise(inPieces.Result == result || bytes.Length == 0, "any split gives the same result");
        Targets.Promise(inPieces.Fault == fault, "any split gives the same fault");
        Targets.Promise(inPieces.Output.AsSpan().SequenceEqual(output), "any split gives the same output");
        Targets.Promise(output.Length <= 12 + 1 + 16, "no more is answered than the sign-in has");
        return HashCode.Combine(result, fault, output.Length, bytes.Length / 8);
    }

    public static int RfbClient(byte[] bytes)
    {
        var (rest, count, kinds) = (new ReadOnlySequence<byte>(bytes), 0, 0);
        while (RfbClientMessage.TryMeasure(rest, out var kind, out var length) == ReadResult.Complete && length <= rest.Length)
        {
            Targets.Promise(length > 0, "every message has a length");
            rest = rest.Slice(length);
            (count, kinds) = (count + 1, kinds | (1 << (kind % 31)));
        }

        return HashCode.Combine(Math.Min(count, 8), kinds);
    }

    public static int Terminal(byte[] bytes)
    {
        var (rest, hash) = (new ReadOnlySequence<byte>(bytes), 0);
        ReadResult result;
        while ((result = TerminalFrame.TryRead(ref rest, out var frame)) == ReadResult.Complete)
        {
            Targets.Promise(frame.Payload.Length <= TerminalFrame.PayloadLimit, "no payload is longer than its limit");
            Targets.Promise((frame.Kind == TerminalFrameKind.Size) == frame.TryReadSize(out _, out _), "a size has two numbers");
            hash = HashCode.Combine(hash % 64, frame.Kind, frame.Payload.Length > 4);
        }

        return HashCode.Combine(result, hash);
    }

    public static int SshLine(byte[] bytes)
    {
        var rest = new ReadOnlySequence<byte>(bytes);
        var result = SshIdentification.TryRead(ref rest, out var line);
        Targets.Promise(line.Length < SshIdentification.Limit, "the line is within its limit");
        Targets.Promise(result != ReadResult.Complete || rest.Length < bytes.Length, "a line is consumed");
        return HashCode.Combine(result, line.Length / 16, bytes.Length / 64);
    }

    private static (ReadResult Result, RfbSignInFault Fault, byte[] Output) SignIn(byte[] bytes, int step)
    {
        var output = new ArrayBufferWriter<byte>();
        var signIn = new RfbSignIn("secret");
        var (from, until, result) = (0, 0, ReadResult.NeedMore);
        while (until < bytes.Length && result == ReadResult.NeedMore)
        {
            until = Math.Min(until + step, bytes.Length);
            var input = new ReadOnlySequence<byte>(bytes, from, until - from);
            var before = input.Length;
            result = signIn.Advance(ref input, output);
            from += (int)(before - input.Length);
        }

        return (result, signIn.Fault, output.WrittenSpan.ToArray());
    }
}
