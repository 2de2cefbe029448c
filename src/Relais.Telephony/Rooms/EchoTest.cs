using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Rooms;

/// <summary>How a voice sounded.</summary>
internal enum EchoVerdict
{
    Good,

    /// <summary>Nothing came through.</summary>
    Silent,
    Soft,

    /// <summary>So loud that it is distorted.</summary>
    Loud,

    /// <summary>A good part of the packets did not come.</summary>
    Broken,
}

/// <summary>
/// Stands where a respondent would, hears five seconds as the respondent would hear them, judges them, and says them back. So the whole way is tried, both ways,
/// without calling anybody.
/// </summary>
internal sealed class EchoTest(RoomLeg leg, CancellationToken stop)
{
    private const int Frames = 250;
    private const double ClippedFrom = 31_000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly List<byte[]> _said = [];

    /// <summary>Hears, to the end of the five seconds.</summary>
    /// <param name="cancel">The request.</param>
    public async Task<EchoVerdict> HearAsync(CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel, stop);
        late.CancelAfter(Patience);
        try
        {
            while (_said.Count < Frames)
                _said.Add(await leg.NextAsync(late.Token));
        }
        catch (OperationCanceledException)
        {
            // Judged by what came.
        }

        return Judge();
    }

    /// <summary>Says it back, and leaves.</summary>
    public async Task SayAsync()
    {
        try
        {
            var begun = TimeProvider.System.GetTimestamp();
            using var pace = new PeriodicTimer(Pace);
            for (var said = 0; said < _said.Count && await pace.WaitForNextTickAsync(stop);)
            {
                for (var due = (int)(TimeProvider.System.GetElapsedTime(begun) / Pace); said < due && said < _said.Count; said++)
                    leg.Hear(_said[said]);
            }
        }
        catch (OperationCanceledException)
        {
            // A call is more urgent.
        }
        finally
        {
            await leg.DisposeAsync();
        }
    }

    private EchoVerdict Judge()
    {
        if (_said.Count < Frames * 9 / 10)
            return EchoVerdict.Broken;
        Span<short> samples = stackalloc short[JitterBuffer.FrameSamples];
        var (levels, clipped) = (new List<double>(_said.Count), 0);
        foreach (var frame in _said)
        {
            G711.DecodeALaw(frame, samples);
            var energy = 0.0;
            foreach (var sample in samples)
            {
                energy += (double)sample * sample;
                if (Math.Abs((int)sample) >= ClippedFrom)
                    clipped++;
            }

            levels.Add(Math.Sqrt(energy / samples.Length) / short.MaxValue);
        }

        // What a tenth of the frames surpass: pauses are none of the voice, and one knock is not one.
        levels.Sort();
        return clipped > Frames ? EchoVerdict.Loud : levels[levels.Count * 9 / 10] switch
        {
            < 0.003 => EchoVerdict.Silent, // -50 dB
            < 0.03 => EchoVerdict.Soft, // -30 dB
            _ => EchoVerdict.Good,
        };
    }
}
