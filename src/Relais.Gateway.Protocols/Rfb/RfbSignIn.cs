using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Relais.Gateway.Protocols.Rfb;

/// <summary>
/// A client's side of RFB up to ClientInit, in versions 3.3, 3.7 and 3.8, with no security or VNC authentication (RFC 6143, 7.1 and 7.2).
/// Knows bytes only: feed it what the server sends, and send what it writes.
/// </summary>
public sealed class RfbSignIn(string password)
{
    /// <summary>The longest reason kept; a server that sends more is malformed.</summary>
    public const int ReasonLimit = 4096;

    private const int NoneSecurity = 1;
    private const int VncSecurity = 2;

    private Step _step = Step.Version;
    private RfbVersion _version;

    private enum Step
    {
        Version,
        SecurityWord,
        SecurityList,
        Challenge,
        Result,
        ReasonBefore,
        ReasonAfter,
        Done,
    }

    /// <summary>What was wrong, once malformed.</summary>
    public RfbSignInFault Fault { get; private set; }

    /// <summary>What the server said about it; empty when it said nothing. Free text of a machine that may be hostile.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Takes what there is.</summary>
    /// <param name="input">Consumed as far as understood. After Complete, what is left follows the sign-in.</param>
    /// <param name="output">Gets what is to be sent to the server, also when malformed follows.</param>
    public ReadResult Advance(ref ReadOnlySequence<byte> input, IBufferWriter<byte> output)
    {
        while (true)
        {
            if (Fault != RfbSignInFault.None)
                return ReadResult.Malformed;
            if (_step == Step.Done)
                return ReadResult.Complete;
            if (!Take(ref input, output))
                return Fault == RfbSignInFault.None ? ReadResult.NeedMore : ReadResult.Malformed;
        }
    }

    private bool Take(ref ReadOnlySequence<byte> input, IBufferWriter<byte> output) => _step switch
    {
        Step.Version => TakeVersion(ref input, output),
        Step.SecurityWord => TakeSecurityWord(ref input),
        Step.SecurityList => TakeSecurityList(ref input, output),
        Step.Challenge => TakeChallenge(ref input, output),
        Step.Result => TakeResult(ref input),
        Step.ReasonBefore => TakeReason(ref input, RfbSignInFault.Refused),
        Step.ReasonAfter => TakeReason(ref input, RfbSignInFault.PasswordRefused),
        Step.Done => false,
    };

    private bool TakeVersion(ref ReadOnlySequence<byte> input, IBufferWriter<byte> output)
    {
        switch (RfbVersion.TryRead(ref input, out var version))
        {
            case ReadResult.Malformed:
                return Fail(RfbSignInFault.NotRfb);
            case ReadResult.NeedMore:
                return false;
            default:
                _version = version.Spoken;
                output.Write(_version.Write());
                _step = _version == RfbVersion.V33 ? Step.SecurityWord : Step.SecurityList;
                return true;
        }
    }

    private bool TakeSecurityWord(ref ReadOnlySequence<byte> input)
    {
        if (!TryTakeWord(ref input, out var security))
            return false;
        if (security == 0)
            return Go(Step.ReasonBefore);
        if (security == NoneSecurity)
            return Go(Step.Done);
        return security == VncSecurity ? GoToChallenge() : Fail(RfbSignInFault.SecurityUnknown);
    }

    private bool TakeSecurityList(ref ReadOnlySequence<byte> input, IBufferWriter<byte> output)
    {
        if (input.IsEmpty)
            return false;
        var count = input.FirstSpan.IsEmpty ? input.ToArray()[0] : input.FirstSpan[0];
        if (input.Length < 1 + count)
            return false;
        var offered = input.Slice(1, count).ToArray();
        input = input.Slice(1 + count);
        if (count == 0)
            return Go(Step.ReasonBefore);

        // A server that offers both lets everybody in; but some show more to who has the password.
        var withPassword = offered.Contains((byte)VncSecurity);
        if (withPassword && (password.Length > 0 || !offered.Contains((byte)NoneSecurity)))
        {
            output.Write<byte>([VncSecurity]);
            return GoToChallenge();
        }

        if (!offered.Contains((byte)NoneSecurity))
            return Fail(RfbSignInFault.SecurityUnknown);
        output.Write<byte>([NoneSecurity]);
        return Go(_version == RfbVersion.V38 ? Step.Result : Step.Done);
    }

    private bool TakeChallenge(ref ReadOnlySequence<byte> input, IBufferWriter<byte> output)
    {
        if (input.Length < VncChallenge.Length)
            return false;
        output.Write(VncChallenge.Respond(password, input.Slice(0, VncChallenge.Length).ToArray()));
        input = input.Slice(VncChallenge.Length);
        return Go(Step.Result);
    }

    private bool TakeResult(ref ReadOnlySequence<byte> input)
    {
        if (!TryTakeWord(ref input, out var result))
            return false;
        return result switch
        {
            0 => Go(Step.Done),
            1 when _version == RfbVersion.V38 => Go(Step.ReasonAfter),
            1 => Fail(RfbSignInFault.PasswordRefused),
            2 => Fail(RfbSignInFault.TooManyAttempts),
            _ => Fail(RfbSignInFault.NotRfb),
        };
    }

    private bool TakeReason(ref ReadOnlySequence<byte> input, RfbSignInFault fault)
    {
        var rest = input;
        if (!TryTakeWord(ref rest, out var length))
            return false;
        if (length > ReasonLimit)
            return Fail(RfbSignInFault.NotRfb);
        if (rest.Length < length)
            return false;
        Reason = Encoding.Latin1.GetString(rest.Slice(0, length));
        input = rest.Slice(length);
        // TigerVNC and others say it in words only, in the place of the second result of 3.7.
        var many = Reason.Contains("too many", StringComparison.OrdinalIgnoreCase);
        return Fail(many ? RfbSignInFault.TooManyAttempts : fault);
    }

    private bool GoToChallenge() => password.Length > 0 ? Go(Step.Challenge) : Fail(RfbSignInFault.PasswordMissing);

    private bool Go(Step step)
    {
        _step = step;
        return true;
    }

    private bool Fail(RfbSignInFault fault)
    {
        Fault = fault;
        return false;
    }

    private static bool TryTakeWord(ref ReadOnlySequence<byte> input, out uint word)
    {
        word = 0;
        if (input.Length < sizeof(uint))
            return false;
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        input.Slice(0, sizeof(uint)).CopyTo(bytes);
        word = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        input = input.Slice(sizeof(uint));
        return true;
    }
}
