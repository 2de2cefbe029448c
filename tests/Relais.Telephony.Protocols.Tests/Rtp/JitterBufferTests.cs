using CsCheck;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Protocols.Tests.Rtp;

public sealed class JitterBufferTests
{
    private const double ToneHz = 440;

    [Fact]
    public void A_stream_in_order_is_heard_as_it_was_said_after_a_fixed_delay()
    {
        var buffer = new JitterBuffer(2);
        var heard = new List<short>();
        var frame = new short[JitterBuffer.FrameSamples];
        for (var i = 0; i < 100; i++)
        {
            buffer.Add((uint)(i * 160), Tone(i));
            if (buffer.Take(frame))
                heard.AddRange(frame);
        }

        Assert.Equal(0, buffer.Concealed);
        Assert.Equal(Enumerable.Range(0, 98).SelectMany(Tone), heard);
    }

    [Fact]
    public void Frames_out_of_order_and_twice_are_heard_once_and_in_order() =>
        Gen.Int.Sample(seed =>
        {
            var (buffer, shuffle) = (new JitterBuffer(4), new Random(seed));
            var (heard, frame) = (new List<short>(), new short[160]);
            for (var i = 0; i < 60; i += 3)
            {
                foreach (var at in Enumerable.Range(i, 3).Concat(Enumerable.Range(i, 3)).OrderBy(_ => shuffle.Next()).ToList())
                    buffer.Add((uint)(1000 + (at * 160)), Tone(at));
                for (var turn = 0; turn < 3; turn++)
                {
                    if (buffer.Take(frame))
                        heard.AddRange(frame);
                }
            }

            // The first to come may not be the first that was said.
            return buffer.Concealed == 0 && heard.SequenceEqual(Enumerable.Range(0, 60).SelectMany(Tone).Skip(heard.Count < 56 * 160 ? 160 * (56 - (heard.Count / 160)) : 0).Take(heard.Count))
                || buffer.TooLate > 0;
        });

    [Fact]
    public void A_lost_frame_of_a_tone_goes_on_as_the_tone()
    {
        var buffer = new JitterBuffer(2);
        var (frame, worst) = (new short[160], 0.0);
        for (var i = 0; i < 100; i++)
        {
            if (i % 20 != 19)
                buffer.Add((uint)(i * 160), Tone(i));
            if (!buffer.Take(frame) || i < 10)
                continue;
            worst = Math.Max(worst, 20 * Math.Log10(Rms(Tone(0)) / Math.Max(1, Rms(frame))));
        }

        Assert.InRange(buffer.Concealed, 4, 5);
        // Fading has begun, but nobody hears a hole: under 4 dB quieter.
        Assert.InRange(worst, 0, 4);
    }

    [Fact]
    public void A_long_hole_fades_to_silence_within_sixty_milliseconds()
    {
        var buffer = new JitterBuffer(1);
        var frame = new short[160];
        for (var i = 0; i < 20; i++)
        {
            buffer.Add((uint)(i * 160), Tone(i));
            buffer.Take(frame);
        }

        for (var i = 0; i < 5; i++)
            buffer.Take(frame);
        Assert.All(frame, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Jitter_makes_it_deeper_until_all_come_in_time_and_calm_makes_it_shallow_again()
    {
        var buffer = new JitterBuffer(1);
        var frame = new short[160];
        var waiting = new PriorityQueue<int, int>();
        for (var i = 0; i < 3000; i++)
        {
            // Up to five frames late for a minute of the stream, then in time.
            waiting.Enqueue(i, i < 1500 ? i + (i * 7 % 5) : i);
            while (waiting.TryPeek(out var at, out var due) && due <= i)
            {
                buffer.Add((uint)(at * 160), Tone(at));
                waiting.Dequeue();
            }

            buffer.Take(frame);
            if (i == 500)
                Assert.InRange(buffer.Depth, 4, 8);
        }

        var late = buffer.TooLate;
        Assert.InRange(late, 1, 20);
        Assert.InRange(buffer.Depth, 1, 6);
    }

    [Fact]
    public void A_sender_that_shifts_its_clock_is_heard_again_at_once()
    {
        var (buffer, frame, silent) = (new JitterBuffer(1), new short[160], 0);
        for (var i = 0; i < 50; i++)
        {
            buffer.Add((uint)((i * 160) + (i < 25 ? 0 : 77)), Tone(i));
            if (!buffer.Take(frame))
                silent++;
        }

        Assert.InRange(silent + buffer.Concealed, 1, 3);
    }

    [Fact]
    public void Whatever_the_timestamps_memory_is_bounded_and_it_goes_on() =>
        Gen.UInt.Array[1, 200].Sample(stamps =>
        {
            var (buffer, frame) = (new JitterBuffer(3), new short[160]);
            foreach (var stamp in stamps)
            {
                buffer.Add(stamp, Tone(0));
                buffer.Take(frame);
            }

            return buffer.Depth <= JitterBuffer.MostFrames;
        });

    private static short[] Tone(int frame) => [.. Enumerable.Range(frame * 160, 160).Select(i => (short)(12000 * Math.Sin(2 * Math.PI * ToneHz * i / 8000)))];

    private static double Rms(short[] frame) => Math.Sqrt(frame.Average(s => (double)s * s));
}
