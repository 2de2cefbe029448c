using System.Buffers;
using System.Net;
using Relais.Telephony.Protocols;
using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Protocols.Rtp;
using Relais.Telephony.Protocols.Sdp;
using Relais.Telephony.Protocols.Sip;

namespace Relais.Gateway.Fuzz;

/// <summary>What a trunk, or whoever plays one, sends.</summary>
internal static class TelephonyTargets
{
    public static int Sip(byte[] bytes)
    {
        var message = SipParser.Read(bytes, out var fault);
        Targets.Promise(message is null || fault is null, "a message or a fault");
        if (message is null)
        {
            (fault?.Partial as SipRequest)?.Respond(400, "Bad Request", "t").ToBytes();
            return HashCode.Combine(fault?.Status, fault?.Reason);
        }

        var again = SipParser.Read(message.ToBytes(), out _);
        Targets.Promise(again is not null, "what is written is read again");
        Targets.Promise(again!.Headers.All.Count >= message.Headers.All.Count && again.Body.AsSpan().SequenceEqual(message.Body), "and is the same");
        Targets.Promise(message is not SipRequest request || SipParser.Read(request.Respond(200, "OK", "t").ToBytes(), out _) is not null, "an answer is a message");
        return HashCode.Combine(message.Headers.All.Count, message.Body.Length, message.From!.Tag, message.Via!.Transport);
    }

    public static int SipStream(byte[] bytes)
    {
        var (buffer, count) = (new ReadOnlySequence<byte>(bytes), 0);
        while (true)
        {
            var before = buffer.Length;
            var result = SipParser.TryRead(ref buffer, out var message, out var fault);
            if (result is not ReadResult.Complete)
                return HashCode.Combine(result, count, buffer.Length == 0);
            Targets.Promise(buffer.Length < before, "it goes on");
            Targets.Promise(message is null != fault is null, "a message or a fault");
            count++;
        }
    }

    public static int Sdp(byte[] bytes)
    {
        if (SessionDescription.TryParse(bytes) is not { } read)
            return 0;
        var answer = read.Answer(IPAddress.Loopback, 4000, 1, 1, ["PCMA", "PCMU"]);
        Targets.Promise(answer is null || SessionDescription.TryParse(answer.ToBytes()) is { Audio.Port: 4000 }, "an answer is a description");
        return HashCode.Combine(read.Audio.Codecs.Count, read.Audio.Direction, read.OtherMedia.Count, answer is null, read.Audio.PacketTime);
    }

    public static int Rtp(byte[] bytes)
    {
        var (seen, heard, frame) = (new ReceptionStatistics(8000), new JitterBuffer(2), new short[JitterBuffer.FrameSamples]);
        for (var at = 0; at + 16 <= bytes.Length; at += 16)
        {
            if (!RtpPacket.TryRead(bytes.AsSpan(at, 16), out var packet))
                continue;
            seen.Add(packet.Sequence, packet.Timestamp, TimeSpan.FromMilliseconds(at));
            heard.Add(packet.Timestamp, frame);
            heard.Take(frame);
        }

        Targets.Promise(seen.Jitter >= TimeSpan.Zero && heard.Depth <= JitterBuffer.MostFrames, "statistics stay in range");
        Rtcp.TryRead(bytes, out var compound);
        return HashCode.Combine(seen.Received, seen.Lost, heard.Depth, heard.TooLate, compound.Reports.Count, compound.Left.Count);
    }

    public static int Wave(byte[] bytes)
    {
        if (WaveFile.TryRead(bytes) is not { } wave)
            return 0;
        Targets.Promise(wave.Samples.Length <= bytes.Length, "no more sound than bytes");
        var telephone = Resampling.ToTelephone(wave.Samples.AsSpan(0, Math.Min(wave.Samples.Length, 400)), wave.Rate);
        return HashCode.Combine(wave.Rate > 8000, Math.Min(wave.Samples.Length, 16), telephone.Length > 0);
    }
}
