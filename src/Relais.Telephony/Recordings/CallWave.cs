using Relais.Telephony.Protocols.Audio;

namespace Relais.Telephony.Recordings;

/// <summary>The recording of a call as a WAV file of two channels and 16 bits, decrypted as it is read, from any place.</summary>
/// <param name="file">Its disposal is taken over.</param>
/// <param name="samples">Of each channel.</param>
internal sealed class CallWave(CallRecordingFile file, long samples) : Stream
{
    private const int SampleBytes = 2 * sizeof(short);

    private readonly byte[] _header = HeaderOf(samples);
    private byte[] _chunk = [];
    private int _number = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => WaveFile.HeaderLength + (samples * SampleBytes);

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.IsEmpty)
            return 0;
        var from = Position < _header.Length ? _header.AsMemory((int)Position) : await ChunkAsync(Position - _header.Length, cancellationToken);
        var count = Math.Min(buffer.Length, from.Length);
        from[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] HeaderOf(long samples)
    {
        var header = new byte[WaveFile.HeaderLength];
        WaveFile.WriteHeader(header, channels: 2, Resampling.TelephoneRate, (uint)(samples * SampleBytes));
        return header;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ChunkAsync(long at, CancellationToken cancel)
    {
        const int ChunkBytes = CallRecorder.ChunkSamples * SampleBytes;
        var number = (int)(at / ChunkBytes);
        if (number != _number)
        {
            var voices = await file.ReadAsync(number, cancel) ?? throw new IOException("The recording is not what was written.");
            _chunk = Linear(voices);
            _number = number;
        }

        return _chunk.AsMemory((int)(at % ChunkBytes));
    }

    private static byte[] Linear(byte[] voices)
    {
        var decoded = new short[voices.Length];
        G711.DecodeALaw(voices, decoded);
        var bytes = new byte[voices.Length * sizeof(short)];
        Buffer.BlockCopy(decoded, 0, bytes, 0, bytes.Length);
        return bytes;
    }
}
