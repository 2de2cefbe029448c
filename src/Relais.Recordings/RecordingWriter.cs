using System.Buffers;

namespace Relais.Recordings;

/// <summary>Writes the chunks of one recording, numbered and, with a seal, encrypted. Not safe to use from several threads.</summary>
/// <param name="seal">Null leaves the payloads in clear. Its disposal is the caller's.</param>
public sealed class RecordingWriter(RecordingSeal? seal)
{
    /// <summary>How many chunks were written.</summary>
    public long Chunks { get; private set; }

    /// <summary>Bytes that a chunk takes in the file.</summary>
    /// <param name="payload">Bytes of the payload in clear.</param>
    /// <param name="encrypted">Whether there is a seal.</param>
    public static int LengthOf(int payload, bool encrypted) =>
        RecordingChunk.HeadLength + payload + (encrypted ? RecordingSeal.TagLength : 0) + RecordingChunk.CrcLength;

    /// <summary>Writes the next chunk.</summary>
    /// <param name="time">Since the beginning; never less than the chunk's before.</param>
    /// <param name="payload">At most <see cref="RecordingChunk.PayloadLimit"/>, with the seal's <see cref="RecordingSeal.TagLength"/>.</param>
    public void Write(IBufferWriter<byte> output, RecordingChunkKind kind, TimeSpan time, ReadOnlySpan<byte> payload)
    {
        if (seal is null)
        {
            RecordingChunk.Write(output, kind, time, payload);
        }
        else
        {
            var length = LengthOf(payload.Length, encrypted: true);
            var chunk = output.GetSpan(length)[..length];
            RecordingChunk.WriteHead(chunk, payload.Length + RecordingSeal.TagLength, kind, time);
            seal.Seal(Chunks, chunk[..RecordingChunk.HeadLength], payload, chunk[RecordingChunk.HeadLength..^RecordingChunk.CrcLength]);
            RecordingChunk.WriteCrc(chunk);
            output.Advance(length);
        }

        Chunks++;
    }
}
