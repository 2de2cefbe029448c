using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Relais.Recordings.Tests;

/// <summary>Recordings as files hold them.</summary>
public sealed class RecordingTests
{
    private static readonly byte[] Facts = Encoding.UTF8.GetBytes("""{"protocol":"ssh"}""");

    private static byte[] Sample()
    {
        var file = new ArrayBufferWriter<byte>();
        file.Write(new RecordingHeader(Sealed: false, Facts).Write());
        RecordingChunk.Write(file, RecordingChunkKind.Size, TimeSpan.Zero, [0, 80, 0, 24]);
        RecordingChunk.Write(file, RecordingChunkKind.Shown, TimeSpan.FromMilliseconds(12), "bonjour"u8);
        RecordingChunk.Write(file, (RecordingChunkKind)200, TimeSpan.FromSeconds(2), "kept for later"u8);
        RecordingChunk.Write(file, RecordingChunkKind.End, TimeSpan.FromHours(3), []);
        return file.WrittenSpan.ToArray();
    }

    private static (ReadResult Last, List<string> Chunks, RecordingReader Reader) Read(byte[] file, int step)
    {
        var (reader, chunks, from, until) = (new RecordingReader(), new List<string>(), 0, 0);
        var result = ReadResult.NeedMore;
        while (result == ReadResult.Complete || until < file.Length)
        {
            until = Math.Min(file.Length, until + (result == ReadResult.Complete ? 0 : step));
            var input = new ReadOnlySequence<byte>(file, from, until - from);
            if (reader.Header is null)
            {
                result = reader.TryReadHeader(ref input, out _);
            }
            else
            {
                result = reader.TryRead(ref input, out var chunk);
                if (result == ReadResult.Complete)
                    chunks.Add($"{chunk.Kind} {chunk.Time} {Convert.ToHexString(chunk.Payload.ToArray())}");
            }

            from = until - (int)input.Length;
            if (result == ReadResult.Malformed)
                break;
        }

        return (result, chunks, reader);
    }

    [Fact]
    public void What_is_written_is_read_in_any_pieces()
    {
        var file = Sample();
        for (var step = 1; step <= file.Length; step++)
        {
            var (_, chunks, reader) = Read(file, step);
            Assert.Equal(4, chunks.Count);
            Assert.Equal("Shown 00:00:00.0120000 626F6E6A6F7572", chunks[1]);
            Assert.Equal(Facts, reader.Header!.Value.Facts.ToArray());
            Assert.True(reader.IsWhole);
            Assert.Equal(TimeSpan.FromHours(3), reader.Time);
        }
    }

    [Fact]
    public void A_torn_file_is_read_up_to_its_last_whole_chunk()
    {
        var file = Sample();
        var header = new RecordingHeader(Sealed: false, Facts).Length;
        var before = 0;
        for (var length = header; length < file.Length; length++)
        {
            var (last, chunks, reader) = Read(file[..length], file.Length);
            Assert.Equal(ReadResult.NeedMore, last);
            Assert.InRange(chunks.Count, before, 3);
            Assert.False(reader.IsWhole);
            before = chunks.Count;
        }

        Assert.Equal(3, before);
    }

    [Fact]
    public void Any_changed_byte_is_found()
    {
        var file = Sample();
        for (var at = 0; at < file.Length; at++)
        {
            var changed = (byte[])file.Clone();
            changed[at] ^= 0x10;
            var (last, chunks, reader) = Read(changed, file.Length);
            Assert.False(reader.IsWhole && last == ReadResult.Complete && chunks.Count == 4, $"byte {at}");
        }
    }

    [Fact]
    public void Time_that_goes_back_and_bytes_after_the_end_are_refused()
    {
        var file = new ArrayBufferWriter<byte>();
        file.Write(new RecordingHeader(Sealed: false, Facts).Write());
        RecordingChunk.Write(file, RecordingChunkKind.Shown, TimeSpan.FromSeconds(2), "a"u8);
        RecordingChunk.Write(file, RecordingChunkKind.Shown, TimeSpan.FromSeconds(1), "b"u8);
        Assert.Equal(ReadResult.Malformed, Read(file.WrittenSpan.ToArray(), 1000).Last);
        Assert.Equal(ReadResult.Malformed, Read([.. Sample(), 0], 1000).Last);
    }

    [Fact]
    public void A_sealed_chunk_opens_only_in_its_place()
    {
        using var seal = new RecordingSeal(RandomNumberGenerator.GetBytes(RecordingSeal.KeyLength));
        var head = new byte[RecordingChunk.HeadLength];
        RecordingChunk.WriteHead(head, 4 + RecordingSeal.TagLength, RecordingChunkKind.Shown, TimeSpan.FromSeconds(1));
        var payload = new byte[4 + RecordingSeal.TagLength];
        seal.Seal(7, head, "abcd"u8, payload);
        Assert.Equal("abcd"u8.ToArray(), seal.Open(7, head, payload));
        Assert.Null(seal.Open(8, head, payload));
        payload[1] ^= 1;
        Assert.Null(seal.Open(7, head, payload));
        payload[1] ^= 1;
        head[12] ^= 1;
        Assert.Null(seal.Open(7, head, payload));
        Assert.Null(seal.Open(7, head, "short"u8));
        using var other = new RecordingSeal(new byte[RecordingSeal.KeyLength]);
        head[12] ^= 1;
        Assert.Null(other.Open(7, head, payload));
    }

    [Fact]
    public void Arbitrary_bytes_never_throw() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        Read(bytes, 1 + bytes.Length);
        var header = new RecordingHeader(Sealed: false, Facts).Write();
        Read([.. header, .. bytes], 1 + bytes.Length);
    });
}
