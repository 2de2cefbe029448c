using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Relais.Recordings;
using Relais.Telephony.Protocols.Audio;

namespace Relais.Telephony.Recordings;

/// <summary>The recording of a call on this node's disk. All its chunks but the last have one length, so that any moment is found at once. Not for several threads.</summary>
internal sealed class CallRecordingFile : IDisposable
{
    private static readonly int ChunkLength = RecordingWriter.LengthOf(2 * CallRecorder.ChunkSamples, encrypted: true);

    private readonly FileStream _file;
    private readonly RecordingSeal _seal;
    private readonly int _begin;
    private readonly byte[] _buffer = new byte[ChunkLength];

    private CallRecordingFile(FileStream file, CallRecordingFacts facts, RecordingSeal seal, int begin) => (_file, Facts, _seal, _begin) = (file, facts, seal, begin);

    public CallRecordingFacts Facts { get; }

    public long LengthBytes => _file.Length;

    /// <summary>Null when it is no recording of a call, or none whose key can be read.</summary>
    /// <exception cref="IOException">The disk does not give it.</exception>
    public static async Task<CallRecordingFile?> OpenAsync(string path, IDataProtector keys, CancellationToken cancel)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.RandomAccess,
        });
        try
        {
            var start = new byte[RecordingHeader.FactsLimit];
            var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel);
            var input = new ReadOnlySequence<byte>(start, 0, read);
            if (RecordingHeader.TryRead(ref input, out var header) == ReadResult.Complete && CallRecordingFacts.Read(header) is { } facts && SealOf(facts, keys) is { } seal)
            {
                var opened = new CallRecordingFile(file, facts, seal, header.Length);
                file = null;
                return opened;
            }

            return null;
        }
        finally
        {
            if (file is not null)
                await file.DisposeAsync();
        }
    }

    /// <summary>The voices of a chunk, left and right in turn; null where it is not there, or not what was written.</summary>
    /// <param name="number">From 0.</param>
    public async ValueTask<byte[]?> ReadAsync(int number, CancellationToken cancel)
    {
        var (chunk, clear) = await ReadAnyAsync(number, _begin + ((long)number * ChunkLength), cancel);
        return chunk is RecordingChunkKind.Voice ? clear : null;
    }

    /// <summary>Reads it all and proves each byte of it.</summary>
    public async Task<Contents> VerifyAsync(CancellationToken cancel)
    {
        var (peaks, samples, at) = (new PeakProfile(), 0L, (long)_begin);
        var (left, right) = (new byte[CallRecorder.ChunkSamples], new byte[CallRecorder.ChunkSamples]);
        for (var number = 0; ; number++)
        {
            var (kind, clear) = await ReadAnyAsync(number, at, cancel);
            if (kind is not RecordingChunkKind.Voice || clear is null)
                return new Contents(kind is RecordingChunkKind.End && at + RecordingWriter.LengthOf(0, encrypted: true) == _file.Length, samples, peaks);
            var count = clear.Length / 2;
            for (var i = 0; i < count; i++)
                (left[i], right[i]) = (clear[2 * i], clear[(2 * i) + 1]);
            peaks.Add(left.AsSpan(0, count), right.AsSpan(0, count));
            samples += count;
            at += RecordingWriter.LengthOf(clear.Length, encrypted: true);
        }
    }

    public void Dispose()
    {
        _seal.Dispose();
        _file.Dispose();
    }

    private async ValueTask<(RecordingChunkKind? Kind, byte[]? Clear)> ReadAnyAsync(int number, long at, CancellationToken cancel)
    {
        _file.Position = at;
        var read = await _file.ReadAtLeastAsync(_buffer, _buffer.Length, throwOnEndOfStream: false, cancel);
        var input = new ReadOnlySequence<byte>(_buffer, 0, read);
        if (RecordingChunk.TryRead(ref input, out var chunk) != ReadResult.Complete)
            return (null, null);
        // A chunk says at which moment it stands: one of another place would not.
        var clear = _seal.Open(number, _buffer.AsSpan(0, RecordingChunk.HeadLength), chunk.Payload.FirstSpan);
        return clear is null ? (null, null) : (chunk.Kind, clear);
    }

    private static RecordingSeal? SealOf(CallRecordingFacts facts, IDataProtector keys)
    {
        try
        {
            return new RecordingSeal(keys.Unprotect(Convert.FromBase64String(facts.Key)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>What a file holds up to where it can be believed.</summary>
    /// <param name="IsWhole">Whether its end was written and nothing follows.</param>
    /// <param name="Samples">Of each channel.</param>
    internal sealed record Contents(bool IsWhole, long Samples, PeakProfile Peaks)
    {
        public int DurationMs => (int)(Samples * 1000 / Resampling.TelephoneRate);
    }
}
