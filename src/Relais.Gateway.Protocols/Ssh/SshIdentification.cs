using System.Buffers;

namespace Relais.Gateway.Protocols.Ssh;

/// <summary>The first line of an SSH connection (RFC 4253, 4.2): "SSH-2.0-", the software, CR LF.</summary>
public static class SshIdentification
{
    /// <summary>The longest line, with its end.</summary>
    public const int Limit = 255;

    /// <summary>Reads a client's line. Clients may send nothing before it.</summary>
    /// <param name="line">The line without its end.</param>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = default;
        Span<byte> bytes = stackalloc byte[Limit];
        var there = (int)Math.Min(Limit, buffer.Length);
        buffer.Slice(0, there).CopyTo(bytes);
        bytes = bytes[..there];
        var prefix = "SSH-2.0-"u8;
        if (!bytes[..Math.Min(there, prefix.Length)].SequenceEqual(prefix[..Math.Min(there, prefix.Length)]))
            return ReadResult.Malformed;

        var end = bytes.IndexOf((byte)'\n');
        // Printable US-ASCII and spaces only, so that nothing of another protocol passes for it.
        var text = end < 0 ? bytes : bytes[..end];
        if (text.TrimEnd((byte)'\r').ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            return ReadResult.Malformed;
        if (end < 0)
            return there == Limit ? ReadResult.Malformed : ReadResult.NeedMore;

        // Bare LF was allowed by old clients, and is by OpenSSH's server.
        line = buffer.Slice(0, text.TrimEnd((byte)'\r').Length);
        buffer = buffer.Slice(end + 1);
        return ReadResult.Complete;
    }
}
