using System.Security.Cryptography;
using Relais.Traffic.Measures.Logs;

namespace Relais.Traffic.Imports;

/// <summary>Lines of a log, with how far they reach and the hash of all bytes up to there. A line that is too long comes once, cut, and is stepped over.</summary>
/// <param name="whole">Whether what stands behind the last end of line is a line: not in a log that is still being written.</param>
internal sealed class LineSource(Stream content, bool whole) : IDisposable
{
    private const int Chunk = 256 * 1024;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[LogText.LongestLine + 1 + Chunk];
    private int _from;
    private int _to;
    private bool _ended;
    private bool _skipping;

    /// <summary>Bytes of the log, uncompressed, before what comes next.</summary>
    public long Offset { get; private set; }

    /// <summary>Lines that were given.</summary>
    public long Line { get; set; }

    /// <summary>Whether <see cref="Offset"/> is where a line begins.</summary>
    public bool IsBetweenLines => !_skipping;

    /// <summary>Whether the log ends in the midst of a line, which was left.</summary>
    public bool LeftHalf { get; private set; }

    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>The first bytes, as many as there are up to a limit below the size of a chunk. Only before anything else.</summary>
    public ReadOnlySpan<byte> Peek(int most)
    {
        while (_to - _from < most && !_ended)
            Fill();
        return _buffer.AsSpan(_from, Math.Min(most, _to - _from));
    }

    /// <summary>Goes on to a place that was reached before.</summary>
    /// <returns>False when the log ends earlier.</returns>
    public bool Skip(long until)
    {
        while (Offset < until)
        {
            if (_from == _to)
            {
                if (_ended)
                    return false;
                Fill();
            }

            Take((int)Math.Min(until - Offset, _to - _from));
        }

        return true;
    }

    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        line = default;
        while (true)
        {
            var rest = _buffer.AsSpan(_from, _to - _from);
            var end = rest.IndexOf((byte)'\n');
            if (end >= 0)
            {
                line = Take(end + 1)[..end].TrimEnd((byte)'\r');
                if (!_skipping)
                {
                    Line++;
                    return true;
                }

                _skipping = false;
            }
            else if (rest.Length > LogText.LongestLine)
            {
                line = Take(rest.Length);
                if (!_skipping)
                {
                    _skipping = true;
                    Line++;
                    return true;
                }
            }
            else if (!_ended)
            {
                Fill();
            }
            else if (rest.IsEmpty || !whole)
            {
                LeftHalf = !rest.IsEmpty;
                return false;
            }
            else
            {
                line = Take(rest.Length);
                if (_skipping)
                    return false;
                Line++;
                return true;
            }
        }
    }

    public void Dispose() => _hash.Dispose();

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _buffer.AsSpan(_from, count);
        _hash.AppendData(taken);
        (_from, Offset) = (_from + count, Offset + count);
        return taken;
    }

    private void Fill()
    {
        // What is left moves to the front: it is shorter than a line may be.
        Buffer.BlockCopy(_buffer, _from, _buffer, 0, _to - _from);
        (_from, _to) = (0, _to - _from);
        var read = content.Read(_buffer, _to, _buffer.Length - _to);
        _to += read;
        _ended = read == 0;
    }
}
