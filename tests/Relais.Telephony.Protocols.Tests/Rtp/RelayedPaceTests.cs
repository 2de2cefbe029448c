using CsCheck;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Protocols.Tests.Rtp;

public sealed class RelayedPaceTests
{
    private const uint Samples = JitterBuffer.FrameSamples;

    [Fact]
    public void Frames_go_out_when_they_come_with_the_spacing_that_their_sender_gave_them()
    {
        var pace = new RelayedPace(5000, Ms(10));
        // Unevenly, as from a mixer that looks each five milliseconds.
        foreach (var (at, frame) in ((double, uint)[])[(3, 0), (24, 1), (41, 2), (66, 3), (66.5, 4), (101, 5)])
        {
            Assert.False(pace.TryFill(Ms(at), out _));
            Assert.True(pace.TryFollow(900 + (frame * Samples), Ms(at), out var timestamp, out var skipped));
            Assert.Equal((5000 + (frame * Samples), 0), (timestamp, skipped));
        }
    }

    [Fact]
    public void Where_nothing_comes_the_stream_goes_on_at_an_even_pace()
    {
        var pace = new RelayedPace(0, Ms(0));
        var sent = new List<(double At, uint Timestamp)>();
        for (var at = 0.0; at < 1000; at += 2)
        {
            while (pace.TryFill(Ms(at), out var timestamp))
                sent.Add((at, timestamp));
        }

        Assert.Equal(Enumerable.Range(0, 50).Select(i => (i * 20.0, (uint)i * Samples)), sent);
    }

    [Fact]
    public void A_frame_that_is_a_little_late_is_waited_for_and_one_that_is_too_late_is_left_out()
    {
        var pace = Following(out var theirs);
        Assert.False(pace.TryFill(Ms(59), out _));
        Assert.True(pace.TryFollow(theirs, Ms(59), out _, out _));

        // Two places are taken; of the four that come in one heap, the first two were theirs.
        Assert.True(pace.TryFill(Ms(119), out var first));
        Assert.True(pace.TryFill(Ms(139), out _));
        Assert.False(pace.TryFill(Ms(140), out _));
        Assert.False(pace.TryFollow(theirs + Samples, Ms(150), out _, out _));
        Assert.False(pace.TryFollow(theirs + (2 * Samples), Ms(150), out _, out _));
        Assert.True(pace.TryFollow(theirs + (3 * Samples), Ms(150), out var third, out var skipped));
        Assert.Equal((first + (2 * Samples), 0), (third, skipped));
        Assert.True(pace.TryFollow(theirs + (4 * Samples), Ms(150), out _, out _));
    }

    [Fact]
    public void A_frame_that_never_came_leaves_its_time_free()
    {
        var pace = Following(out var theirs);
        var next = pace.Next;
        Assert.True(pace.TryFollow(theirs + Samples, Ms(40), out var timestamp, out var skipped));
        Assert.Equal((next + Samples, 1), (timestamp, skipped));
    }

    [Fact]
    public void A_sender_that_stays_late_is_followed_after_a_tenth_of_a_second()
    {
        var pace = Following(out var theirs);
        // It stood still for a second, and goes on where it was.
        while (pace.TryFill(Ms(1000), out _))
        {
        }

        var followed = 0;
        for (var frame = 0u; frame < 20; frame++)
            followed += pace.TryFollow(theirs + (frame * Samples), Ms(1000 + (20 * frame)), out _, out _) ? 1 : 0;
        Assert.Equal(15, followed);
    }

    [Fact]
    public void A_sender_that_began_anew_is_followed_at_once_and_the_times_go_on() =>
        Gen.UInt.Sample(start =>
        {
            var pace = Following(out var theirs);
            var (next, distance) = (pace.Next, (int)(start - theirs));
            if (Math.Abs((long)distance) <= 50 * Samples)
                return;
            Assert.True(pace.TryFollow(start, Ms(21), out var timestamp, out var skipped));
            Assert.Equal((next, 0), (timestamp, skipped));
        });

    [Fact]
    public void No_time_is_given_twice_and_times_only_grow_whatever_comes() =>
        Gen.Select(Gen.Int[0, 80], Gen.Int[-60, 60], Gen.Bool).Array.Sample(steps =>
        {
            var (pace, now, theirs, last) = (new RelayedPace(uint.MaxValue - 1000, Ms(0)), 0.0, 0u, (uint?)null);
            foreach (var (wait, jump, comes) in steps)
            {
                now += wait;
                while (pace.TryFill(Ms(now), out var filled))
                    last = After(last, filled);
                if (!comes)
                    continue;
                theirs += (uint)((jump % 7 == 0 ? jump : 1) * (int)Samples);
                if (pace.TryFollow(theirs, Ms(now), out var timestamp, out _))
                    last = After(last, timestamp);
            }
        });

    private static uint After(uint? last, uint timestamp)
    {
        if (last is { } before)
            Assert.InRange((int)(timestamp - before), (int)Samples, int.MaxValue);
        return timestamp;
    }

    // Has followed one frame, at 0.
    private static RelayedPace Following(out uint next)
    {
        var pace = new RelayedPace(0, Ms(0));
        Assert.True(pace.TryFollow(777, Ms(0), out _, out _));
        next = 777 + Samples;
        return pace;
    }

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);
}
