using System.Buffers;

namespace Relais.Recordings;

/// <summary>Reads a recording from its first byte, in whatever pieces it comes. Not safe to use from several threads.</summary>
public sealed class RecordingReader
{
    private bool _ended;

    /// <summary>The header, once it was read.</summary>
    public RecordingHeader? Header { get; private set; }

    /// <summary>How many chunks were read. The next one's number is the same, counted from 0.</summary>
    public long Chunks { get; private set; }

    /// <summary>When the last chunk that was read happened.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Whether the last chunk was read, so that nothing is missing.</summary>
    public bool IsWhole => _ended;

    /// <summary>Reads the header.</summary>
    public ReadResult TryReadHeader(ref ReadOnlySequence<byte> buffer, out RecordingHeader header)
    {
        var result = RecordingHeader.TryRead(ref buffer, out header);
        if (result == ReadResult.Complete)
            Header = header;
        return result;
    }

    /// <summary>Reads the next chunk; after the header. Time never goes back, and nothing follows the end.</summary>
    public ReadResult TryRead(ref ReadOnlySequence<byte> buffer, out RecordingChunk chunk)
    {
        chunk = default;
        if (Header is null || (_ended && !buffer.IsEmpty))
            return ReadResult.Malformed;
        var rest = buffer;
        var result = RecordingChunk.TryRead(ref rest, out var read);
        if (result != ReadResult.Complete)
            return result;
        if (read.Time < Time || (read.Kind == RecordingChunkKind.End && !Header.Value.Sealed && !read.Payload.IsEmpty))
            return ReadResult.Malformed;
        (chunk, buffer, Time, _ended) = (read, rest, read.Time, read.Kind == RecordingChunkKind.End);
        Chunks++;
        return ReadResult.Complete;
    }
}
