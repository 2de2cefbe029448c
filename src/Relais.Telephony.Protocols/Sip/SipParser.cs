using System.Buffers;
using System.Globalization;
using System.Text;

namespace Relais.Telephony.Protocols.Sip;

/// <summary>Why a message cannot be taken, and what a request of this kind is answered (RFC 3261, 8.2 and 16.3).</summary>
/// <param name="Status">400, 413, 505; 0 for what is dropped without an answer.</param>
/// <param name="Partial">As much of it as was understood, from which an answer can be made; null for nothing.</param>
public sealed record SipFault(int Status, string Reason, SipMessage? Partial = null);

/// <summary>Reads SIP messages. Never throws on bytes.</summary>
public static class SipParser
{
    /// <summary>Longer messages are refused.</summary>
    public const int LongestBytes = 65_535;

    private const int MostHeaders = 256;

    /// <summary>Reads one datagram, which is one message.</summary>
    /// <returns>The message, or null with a <paramref name="fault"/>. A keep-alive (RFC 5626: line ends alone) is null without one.</returns>
    public static SipMessage? Read(ReadOnlySpan<byte> datagram, out SipFault? fault)
    {
        fault = null;
        datagram = datagram.TrimStart("\r\n"u8);
        if (datagram.IsEmpty || (datagram.Length == 1 && datagram[0] == 0))
            return null;
        if (datagram.Length > LongestBytes)
            return Refuse(out fault, 0, "longer than any message");
        if (HeadLength(datagram) is not { } head)
            return Refuse(out fault, 0, "the headers do not end");
        if (ReadHead(datagram[..head], out fault) is not { } message)
            return null;

        var body = datagram[head..];
        if (message.Headers["Content-Length"] is { } text)
        {
            // What lies beyond is not of this message (18.3).
            if (!TryLength(text, out var length))
                return Refuse(out fault, 400, "Content-Length is no number", message);
            if (length > body.Length)
                return Refuse(out fault, 400, "shorter than its Content-Length", message);
            body = body[..length];
        }

        message.Body = body.ToArray();
        fault = Check(message);
        return fault is null ? message : null;
    }

    /// <summary>Reads the first message of a stream, where its Content-Length tells where it ends (18.3).</summary>
    /// <returns>Malformed where the stream cannot be followed any more and must be closed.</returns>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, out SipMessage? message, out SipFault? fault)
    {
        (message, fault) = (null, null);
        var reader = new SequenceReader<byte>(buffer);
        reader.AdvancePastAny((byte)'\r', (byte)'\n');
        buffer = buffer.Slice(reader.Position);
        if (buffer.IsEmpty)
            return ReadResult.NeedMore;

        var seen = buffer.Slice(0, Math.Min(buffer.Length, LongestBytes)).ToArray();
        if (HeadLength(seen) is not { } head)
            return buffer.Length >= LongestBytes ? ReadResult.Malformed : ReadResult.NeedMore;
        message = ReadHead(seen.AsSpan(0, head), out fault);
        var known = message ?? fault?.Partial;
        if (known?.Headers["Content-Length"] is not { } text || !TryLength(text, out var length) || head + length > LongestBytes)
            return ReadResult.Malformed;
        if (seen.Length < head + length)
            return ReadResult.NeedMore;

        buffer = buffer.Slice(head + length);
        if (message is not null)
        {
            message.Body = seen[head..(head + length)];
            fault = Check(message);
            message = fault is null ? message : null;
        }

        return ReadResult.Complete;
    }

    private static SipMessage? Refuse(out SipFault? fault, int status, string reason, SipMessage? partial = null)
    {
        fault = new SipFault(status, reason, partial);
        return null;
    }

    // The empty line belongs to the head. Bare LF is taken too: nothing else could be meant.
    private static int? HeadLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf("\r\n\r\n"u8) is var end and >= 0)
            return end + 4;
        return bytes.IndexOf("\n\n"u8) is var bare and >= 0 ? bare + 2 : null;
    }

    private static SipMessage? ReadHead(ReadOnlySpan<byte> head, out SipFault? fault)
    {
        var lines = Encoding.UTF8.GetString(head).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        if (ReadStart(lines[0], out var broken) is not { } message)
        {
            fault = broken;
            return null;
        }

        for (var i = 1; i < lines.Length && lines[i].Length > 0; i++)
        {
            var line = lines[i];
            // A line that begins with a space goes on with the one before (7.3.1).
            while (i + 1 < lines.Length && lines[i + 1] is [' ' or '\t', ..])
                line = line.TrimEnd() + " " + lines[++i].Trim();
            if (i > MostHeaders)
                return Refuse(out fault, 400, "too many headers", message);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : line[..colon].Trim();
            if (!SipText.IsToken(name) || line.Contains('\0', StringComparison.Ordinal) || line.Contains('\r', StringComparison.Ordinal))
                broken ??= new SipFault(400, "a line is no header", message);
            else
                message.Headers.Add(SipHeaders.LongForm(name), line[(colon + 1)..].Trim());
        }

        fault = broken;
        return broken is null ? message : null;
    }

    private static SipMessage? ReadStart(string line, out SipFault? fault)
    {
        fault = null;
        if (line.StartsWith("SIP/", StringComparison.OrdinalIgnoreCase))
        {
            // A response nobody can understand is dropped.
            var words = line.Split(' ', 3);
            return words.Length >= 2 && words[0].Equals("SIP/2.0", StringComparison.OrdinalIgnoreCase) && words[1].Length == 3
                && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 699
                ? new SipResponse(status, words.Length == 3 ? words[2] : "")
                : Refuse(out fault, 0, "no response of SIP 2.0");
        }

        var parts = line.TrimEnd().Split(' ');
        if (parts.Length < 3 || !SipText.IsToken(parts[0]) || !parts[^1].StartsWith("SIP/", StringComparison.OrdinalIgnoreCase))
            return Refuse(out fault, parts.Length >= 2 && parts[^1].StartsWith("SIP/", StringComparison.OrdinalIgnoreCase) ? 400 : 0, "no request line");
        var request = new SipRequest(parts[0], string.Join(' ', parts[1..^1]));
        if (!parts[^1].Equals("SIP/2.0", StringComparison.OrdinalIgnoreCase))
            fault = new SipFault(505, "Version Not Supported", request);
        else if (parts.Length != 3 || char.IsWhiteSpace(line[^1]) || request.Uri.IndexOf(':', StringComparison.Ordinal) <= 0 || request.Uri.AsSpan().IndexOfAny("<>\"") >= 0)
            fault = new SipFault(400, "the request line's address is malformed", request);
        // The headers are read all the same: an answer needs them.
        return request;
    }

    /// <summary>What each message must have and have once (8.1.1), and well formed.</summary>
    private static SipFault? Check(SipMessage message)
    {
        SipFault Bad(string reason) => new(message is SipRequest ? 400 : 0, reason, message);
        foreach (var name in (string[])["From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type"])
        {
            var count = message.Headers.Of(name).Count();
            if (count > 1 || (count == 0 && name is ("From" or "To" or "Call-ID" or "CSeq")))
                return Bad(count == 0 ? $"{name} is missing" : $"{name} stands more than once");
        }

        if (message.From is null || message.To is null)
            return Bad("From or To is malformed");
        if (message.CSeq is not { } sequence)
            return Bad("CSeq is malformed");
        if (message.CallId is not { Length: > 0 } id || id.AsSpan().IndexOfAny(" \t") >= 0)
            return Bad("Call-ID is malformed");
        if (message.Headers["Via"] is null || message.Headers.Each("Via").Any(via => Via.TryParse(via) is null))
            return Bad("Via is missing or malformed");
        if (message is not SipRequest request)
            return null;
        if (!string.Equals(sequence.Method, request.Method, StringComparison.Ordinal))
            return Bad("CSeq names another method");
        if (message.Headers["Max-Forwards"] is not null && message.Headers.Number("Max-Forwards") is null or > 255)
            return Bad("Max-Forwards is no number up to 255");
        // 19.1.1: headers in an address are for whoever makes the request, never in the request itself.
        var hasHeaders = request.Uri.IndexOf('?', request.Uri.LastIndexOf('@') + 1) >= 0;
        return request.Uri.StartsWith("sip", StringComparison.OrdinalIgnoreCase) && (hasHeaders || SipUri.TryParse(request.Uri) is null) ? Bad("the request's address is malformed") : null;
    }

    private static bool TryLength(string text, out int length) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out length) && length >= 0;
}
