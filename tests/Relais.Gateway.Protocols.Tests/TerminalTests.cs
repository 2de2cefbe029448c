using System.Buffers;
using System.Text;
using CsCheck;
using Relais.Gateway.Protocols.Ssh;
using Relais.Gateway.Protocols.Terminal;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class TerminalTests
{
    [Theory]
    [InlineData("", ReadResult.NeedMore)]
    [InlineData("0000", ReadResult.NeedMore)]
    [InlineData("000000", ReadResult.Complete)]
    [InlineData("000002C3", ReadResult.NeedMore)]
    [InlineData("000002C3A9", ReadResult.Complete)]
    [InlineData("01000400500018", ReadResult.Complete)]
    [InlineData("01000400000018", ReadResult.Malformed)]
    [InlineData("010004FFFF0018", ReadResult.Malformed)]
    [InlineData("010003", ReadResult.Malformed)]
    [InlineData("02000400010000", ReadResult.Complete)]
    [InlineData("03", ReadResult.Malformed)]
    [InlineData("004001", ReadResult.Malformed)]
    public void A_frame_is_judged_as_soon_as_its_bytes_allow(string hex, ReadResult expected)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(expected, TerminalFrame.TryRead(ref buffer, out _));
    }

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_frames() =>
        Gen.Select(Gen.Byte.Array[0, 300].Array[1, 6], Gen.Int[0, 4000].Array[0, 12]).Sample((payloads, cuts) =>
        {
            var bytes = payloads.SelectMany(p => (byte[])[0, (byte)(p.Length >> 8), (byte)p.Length, .. p]).ToArray();
            var whole = Split.At(bytes, cuts);
            foreach (var payload in payloads)
            {
                Assert.Equal(ReadResult.Complete, TerminalFrame.TryRead(ref whole, out var frame));
                Assert.Equal(payload, frame.Payload.ToArray());
            }

            Assert.True(whole.IsEmpty);
        });

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", ReadResult.Complete)]
    [InlineData("SSH-2.0-x\n", ReadResult.Complete)]
    [InlineData("SSH-2.0-x\r", ReadResult.NeedMore)]
    [InlineData("SSH-", ReadResult.NeedMore)]
    [InlineData("SSH-1.99-x\r\n", ReadResult.Malformed)]
    [InlineData("GET / HTTP/1.1\r\n", ReadResult.Malformed)]
    [InlineData("SSH-2.0-\u0001\r\n", ReadResult.Malformed)]
    public void The_first_line_of_SSH_is_told_from_other_protocols(string line, ReadResult expected)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(line));
        Assert.Equal(expected, SshIdentification.TryRead(ref buffer, out var read));
        if (expected == ReadResult.Complete)
            Assert.Equal(line.TrimEnd('\r', '\n'), Encoding.Latin1.GetString(read.ToArray()));
    }

    [Fact]
    public void A_first_line_of_SSH_that_never_ends_is_refused()
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes("SSH-2.0-" + new string('x', 400)));
        Assert.Equal(ReadResult.Malformed, SshIdentification.TryRead(ref buffer, out _));
    }

    [Fact]
    public void Arbitrary_bytes_never_throw() => Gen.Select(Gen.Byte.Array[0, 64], Gen.Int[0, 64].Array[0, 5]).Sample((bytes, cuts) =>
    {
        var buffer = Split.At(bytes, cuts);
        TerminalFrame.TryRead(ref buffer, out _);
        buffer = Split.At([.. "SSH-2.0-"u8, .. bytes], cuts);
        SshIdentification.TryRead(ref buffer, out _);
    });
}
