using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Relais.Recordings;

namespace Relais.Gateway.Recordings;

/// <summary>A recording on this node's disk, read from its beginning up to the last whole chunk.</summary>
internal sealed class RecordingFile : IAsyncDisposable
{
    private const int BufferLength = RecordingChunk.HeadLength + RecordingChunk.PayloadLimit + RecordingChunk.CrcLength;

    private readonly FileStream _file;
    private readonly RecordingSeal? _seal;
    private readonly RecordingReader _reader;
    private readonly byte[] _buffer;
    private int _from;
    private int _until;

    private RecordingFile(FileStream file, byte[] buffer, RecordingReader reader, RecordingFacts facts, RecordingSeal? seal) =>
        (_file, _buffer, _reader, Facts, _seal) = (file, buffer, reader, facts, seal);

    public RecordingFacts Facts { get; }

    /// <summary>When the last chunk that was read happened, since the beginning.</summary>
    public TimeSpan Time => _reader.Time;

    /// <summary>Whether the last chunk that was read was the recording's last.</summary>
    public bool IsWhole => _reader.IsWhole;

    /// <summary>Null when it is no recording, or none whose key can be read.</summary>
    /// <exception cref="IOException">The disk does not give it.</exception>
    public static async Task<RecordingFile?> OpenAsync(string path, IDataProtector keys, CancellationToken cancel)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        });
        var opened = await OpenAsync(file, keys, cancel);
        if (opened is null)
            await file.DisposeAsync();
        return opened;
    }

    /// <summary>The next chunk in clear; null after the last whole one. Its payload is good until the next call.</summary>
    public async Task<(RecordingChunkKind Kind, TimeSpan Time, ReadOnlyMemory<byte> Payload)?> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            var number = _reader.Chunks;
            var input = new ReadOnlySequence<byte>(_buffer, _from, _until - _from);
            switch (_reader.TryRead(ref input, out var chunk))
            {
                case ReadResult.Complete:
                    var head = _buffer.AsMemory(_from, RecordingChunk.HeadLength);
                    _from = _until - (int)input.Length;
                    if (_seal is null)
                        return (chunk.Kind, chunk.Time, chunk.Payload.First);
                    return _seal.Open(number, head.Span, chunk.Payload.FirstSpan) is { } clear ? (chunk.Kind, chunk.Time, clear) : null;
                case ReadResult.Malformed:
                    return null;
                default:
                    if (!await FillAsync(cancel))
                        return null;
                    break;
            }
        }
    }

    /// <summary>Writes it as a recording that is not encrypted.</summary>
    public async Task WriteClearAsync(Stream output, CancellationToken cancel)
    {
        await output.WriteAsync((Facts with { Key = null }).Header().Write(), cancel);
        var buffer = new ArrayBufferWriter<byte>();
        while (await NextAsync(cancel) is var (kind, time, payload))
        {
            RecordingChunk.Write(buffer, kind, time, payload.Span);
            await output.WriteAsync(buffer.WrittenMemory, cancel);
            buffer.ResetWrittenCount();
        }
    }

    private static async Task<RecordingFile?> OpenAsync(FileStream file, IDataProtector keys, CancellationToken cancel)
    {
        var (buffer, reader) = (new byte[BufferLength], new RecordingReader());
        var filled = 0;
        int read;
        while ((read = await file.ReadAsync(buffer.AsMemory(filled), cancel)) > 0)
        {
            filled += read;
            var input = new ReadOnlySequence<byte>(buffer, 0, filled);
            var result = reader.TryReadHeader(ref input, out var header);
            if (result == ReadResult.NeedMore)
                continue;
            if (result == ReadResult.Malformed || RecordingFacts.Read(header) is not { } facts || (facts.Key is not null) != header.Sealed)
                return null;
            var (seal, readable) = SealOf(facts, keys);
            if (!readable)
                return null;
            return new RecordingFile(file, buffer, reader, facts, seal) { _from = filled - (int)input.Length, _until = filled };
        }

        return null;
    }

    private static (RecordingSeal? Seal, bool Readable) SealOf(RecordingFacts facts, IDataProtector keys)
    {
        if (facts.Key is null)
            return (null, true);
        try
        {
            return (new RecordingSeal(keys.Unprotect(Convert.FromBase64String(facts.Key))), true);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return (null, false);
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancel)
    {
        _buffer.AsSpan(_from, _until - _from).CopyTo(_buffer);
        (_from, _until) = (0, _until - _from);
        var read = await _file.ReadAsync(_buffer.AsMemory(_until), cancel);
        _until += read;
        return read > 0;
    }

    public async ValueTask DisposeAsync()
    {
        _seal?.Dispose();
        await _file.DisposeAsync();
    }
}
