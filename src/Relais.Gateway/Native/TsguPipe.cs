using System.Buffers;
using System.Net.Sockets;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Tsgu;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Native;

/// <summary>
/// A native client's two directions. Packets at first; once there is a channel, the stream of bytes that it carries, with the packets
/// around them read and written here. Holds one small buffer, never a whole data packet: who does not read is not read from.
/// </summary>
internal sealed class TsguPipe(Stream input, Stream output, Socket? carrier = null) : DuplexStream
{
    private const int BufferSize = 4 * 1024;
    private const int LargestWrite = 32 * 1024;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _from;
    private int _to;
    private int _payload;
    private bool _closed;

    /// <summary>What carries both directions and nothing else, where there is such a socket.</summary>
    public Socket? Carrier => carrier;

    protected override bool AwaitsWithoutBuffer => true;

    private ReadOnlySequence<byte> Buffered => new(_buffer, _from, _to - _from);

    /// <summary>The next packet before there is a channel; keep-alives are passed over.</summary>
    /// <returns>A type of none when the client left.</returns>
    /// <exception cref="IOException">What came is no packet, or a longer one than any that belongs here.</exception>
    public async ValueTask<(TsguPacketType Type, byte[] Body)> ReadPacketAsync(CancellationToken cancel)
    {
        while (true)
        {
            var buffered = Buffered;
            var before = buffered.Length;
            switch (TsguFrame.TryRead(ref buffered, out var type, out var body))
            {
                case ReadResult.Malformed:
                    throw Broken();
                case ReadResult.Complete:
                    var copy = body.ToArray();
                    _from += (int)(before - buffered.Length);
                    if (type == TsguPacketType.KeepAlive)
                        continue;
                    return (type, copy);
                default:
                    if (!await FillAsync(cancel))
                        return (TsguPacketType.None, []);
                    break;
            }
        }
    }

    public async ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            // One write is one WebSocket message, which Microsoft's clients expect to be one packet.
            await output.WriteAsync(packet, cancel);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Tells the client that the channel ends, and why.</summary>
    public async ValueTask CloseAsync(TsguCode code, CancellationToken cancel)
    {
        if (!_closed)
            await WritePacketAsync(new TsguClose(code).Write(), cancel);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_payload == 0)
        {
            if (_closed || !await NextPayloadAsync(cancellationToken))
                return 0;
        }

        // SslStream asks for no bytes when it wants to wait for some.
        if (buffer.IsEmpty)
            return 0;
        var wanted = Math.Min(buffer.Length, _payload);
        var held = Math.Min(_to - _from, wanted);
        int read;
        if (held > 0)
        {
            _buffer.AsSpan(_from, held).CopyTo(buffer.Span);
            _from += held;
            read = held;
        }
        else
        {
            read = await input.ReadAsync(buffer[..wanted], cancellationToken);
            if (read == 0)
                throw new IOException("The client left within a packet.");
        }

        _payload -= read;
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var size = Math.Min(buffer.Length, LargestWrite);
            var packet = ArrayPool<byte>.Shared.Rent(TsguFrame.DataHeaderLength + size);
            try
            {
                TsguFrame.WriteDataHeader(packet, size);
                buffer[..size].CopyTo(packet.AsMemory(TsguFrame.DataHeaderLength));
                await WritePacketAsync(packet.AsMemory(0, TsguFrame.DataHeaderLength + size), cancellationToken);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(packet);
            }

            buffer = buffer[size..];
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _writing.Dispose();
        base.Dispose(disposing);
    }

    // Looks at packets until one has payload, perhaps of no bytes. False when the channel is over.
    private async ValueTask<bool> NextPayloadAsync(CancellationToken cancel)
    {
        while (true)
        {
            var buffered = Buffered;
            var before = buffered.Length;
            var peeked = TsguFrame.TryPeek(buffered, out var type, out _);
            ReadResult result;
            if (peeked == ReadResult.Complete && type == TsguPacketType.Data)
                result = TsguFrame.TryReadDataStart(ref buffered, out _payload);
            else
                result = peeked == ReadResult.Complete ? TsguFrame.TryRead(ref buffered, out type, out _) : peeked;

            if (result == ReadResult.Malformed)
                throw Broken();
            if (result == ReadResult.NeedMore)
            {
                if (await FillAsync(cancel))
                    continue;
                _closed = true;
                return false;
            }

            _from += (int)(before - buffered.Length);
            switch (type)
            {
                case TsguPacketType.Data:
                    return true;
                case TsguPacketType.KeepAlive:
                    continue;
                case TsguPacketType.CloseChannel:
                    await WritePacketAsync(new TsguClose(TsguCode.Ok).Write(answers: true), cancel);
                    _closed = true;
                    return false;
                case TsguPacketType.CloseChannelResponse:
                    _closed = true;
                    return false;
                default:
                    throw Broken();
            }
        }
    }

    // False at the end of what the client sends, if that is between two packets.
    private async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        if (_to == _buffer.Length)
            throw Broken();
        var read = await input.ReadAsync(_buffer.AsMemory(_to), cancel);
        if (read == 0 && _to > 0)
            throw new IOException("The client left within a packet.");
        _to += read;
        return read > 0;
    }

    private static IOException Broken() => new("The client sent what is no packet of RD Gateway.");
}
