namespace Relais.Telephony.Protocols.Audio;

/// <summary>The shape of a two-channel recording, to be drawn: the largest amplitude of each tenth of a second. Not for several threads.</summary>
public sealed class PeakProfile
{
    /// <summary>Samples of one value: 100 ms at 8 kHz.</summary>
    public const int Step = 800;

    // 32,256, the largest amplitude of a-law, becomes 252.
    private const int Scale = 128;

    private readonly List<byte> _values = [];
    private int _left;
    private int _right;
    private int _samples;

    /// <summary>Takes the next piece of both channels, which have the same length.</summary>
    public void Add(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        right = right[..left.Length];
        while (!left.IsEmpty)
        {
            var taken = Math.Min(left.Length, Step - _samples);
            (_left, _right) = (Math.Max(_left, VoiceLevel.Peak(left[..taken])), Math.Max(_right, VoiceLevel.Peak(right[..taken])));
            left = left[taken..];
            right = right[taken..];
            _samples += taken;
            if (_samples == Step)
                Close();
        }
    }

    /// <summary>The shape as at most so many values of each channel: left and right in turn, 0 to 252.</summary>
    public byte[] Fold(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        if (_samples > 0)
            Close();
        var count = _values.Count / 2;
        var kept = Math.Min(most, count);
        var folded = new byte[kept * 2];
        for (var i = 0; i < count; i++)
        {
            var to = (int)((long)i * kept / count) * 2;
            folded[to] = Math.Max(folded[to], _values[2 * i]);
            folded[to + 1] = Math.Max(folded[to + 1], _values[(2 * i) + 1]);
        }

        return folded;
    }

    private void Close()
    {
        _values.Add((byte)(_left / Scale));
        _values.Add((byte)(_right / Scale));
        (_left, _right, _samples) = (0, 0, 0);
    }
}
