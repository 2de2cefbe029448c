using System.Buffers;
using System.Threading.Channels;
using Relais.Recordings;
using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Recordings;

/// <summary>
/// Writes the recording of one call: the respondent left, the interviewer right, a-law at 8 kHz, in chunks of half a second. The voices are only copied here; a task
/// of its own encrypts and writes, and a disk that is slower than speech for too long ends the recording, never the call.
/// </summary>
internal sealed class CallRecorder
{
    /// <summary>Samples of each channel in a chunk: half a second. The last one may be shorter.</summary>
    public const int ChunkSamples = 4000;

    private static readonly byte[] Silence = [.. Enumerable.Repeat(G711.ALawSilence, JitterBuffer.FrameSamples)];

    private readonly Lock _lock = new();
    private readonly Channel<Piece> _pieces;
    private readonly FileStream _file;
    private readonly RecordingSeal _seal;
    private readonly RecordingWriter _writer;
    private readonly PeakProfile _peaks = new();
    private readonly List<int> _pauses = [];
    private readonly Task _writing;
    private byte[] _filling = new byte[2 * ChunkSamples];
    private int _filled;
    private long _samples;
    private long _handed;
    private bool _ended;

    private sealed record Piece(byte[] Voices, int Samples, long From, bool Last);

    /// <param name="file">Holds the header and nothing else; its disposal is taken over.</param>
    /// <param name="seal">Its disposal is taken over.</param>
    public CallRecorder(FileStream file, int headerLength, RecordingSeal seal, TimeSpan patience)
    {
        (_file, _seal, _writer, LengthBytes) = (file, seal, new RecordingWriter(seal), headerLength);
        var most = Math.Max(2, (int)(patience.TotalSeconds * Resampling.TelephoneRate / ChunkSamples));
        _pieces = Channel.CreateBounded<Piece>(new BoundedChannelOptions(most) { SingleReader = true });
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Whether the disk let it down.</summary>
    public bool Failed { get; private set; }

    /// <summary>Bytes that the disk took.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>How much was recorded.</summary>
    public int DurationMs
    {
        get
        {
            lock (_lock)
                return Ms(_samples);
        }
    }

    public bool Paused
    {
        get
        {
            lock (_lock)
                return _pauses.Count % 2 == 1;
        }
    }

    /// <summary>Takes 20 ms of both sides; silence while it is paused.</summary>
    public void Take(ReadOnlySpan<byte> heard, ReadOnlySpan<byte> spoken)
    {
        lock (_lock)
        {
            if (_ended || Failed)
                return;
            if (_pauses.Count % 2 == 1)
            {
                heard = Silence;
                spoken = Silence;
            }

            _peaks.Add(heard, spoken);
            for (var i = 0; i < heard.Length; i++)
            {
                _filling[2 * _filled] = heard[i];
                _filling[(2 * _filled) + 1] = spoken[i];
                if (++_filled == ChunkSamples)
                    Hand(last: false);
            }

            _samples += heard.Length;
        }
    }

    /// <summary>From now on silence, or no longer.</summary>
    /// <returns>The moments of all pauses so far; null where nothing changed.</returns>
    public IReadOnlyList<int>? Pause(bool pause)
    {
        lock (_lock)
        {
            if (_ended || Failed || _pauses.Count % 2 == 1 == pause)
                return null;
            _pauses.Add(Ms(_samples));
            return [.. _pauses];
        }
    }

    /// <summary>Writes what is left and the end, and closes the file.</summary>
    /// <param name="peaks">At most so many values of each channel.</param>
    /// <returns>The shape of the whole.</returns>
    public async Task<byte[]> FinishAsync(int peaks)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                _ended = true;
                Hand(last: true);
                _pieces.Writer.TryComplete();
            }
        }

        await _writing;
        lock (_lock)
            return _peaks.Fold(peaks);
    }

    private static int Ms(long samples) => (int)(samples * 1000 / Resampling.TelephoneRate);

    private void Hand(bool last)
    {
        var from = _handed;
        _handed += _filled;
        if (!_pieces.Writer.TryWrite(new Piece(_filling, _filled, from, last)))
        {
            // The disk is seconds behind: what comes now would leave a hole.
            Failed = true;
            _pieces.Writer.TryComplete();
            return;
        }

        (_filling, _filled) = (new byte[2 * ChunkSamples], 0);
    }

    private async Task WriteAsync()
    {
        var bytes = new ArrayBufferWriter<byte>(RecordingWriter.LengthOf(2 * ChunkSamples, encrypted: true) * 2);
        try
        {
            await foreach (var piece in _pieces.Reader.ReadAllAsync())
            {
                bytes.ResetWrittenCount();
                if (piece.Samples > 0)
                    _writer.Write(bytes, RecordingChunkKind.Voice, At(piece.From), piece.Voices.AsSpan(0, 2 * piece.Samples));
                if (piece.Last)
                    _writer.Write(bytes, RecordingChunkKind.End, At(piece.From + piece.Samples), []);
                await _file.WriteAsync(bytes.WrittenMemory);
                LengthBytes += bytes.WrittenCount;
            }

            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lock (_lock)
                Failed = true;
            _pieces.Writer.TryComplete();
        }
        finally
        {
            await _file.DisposeAsync();
            _seal.Dispose();
        }
    }

    // 125 microseconds a sample, without rounding.
    private static TimeSpan At(long sample) => TimeSpan.FromMicroseconds(sample * (1_000_000 / Resampling.TelephoneRate));
}
