using Relais.Telephony.Lines;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Tests.Telephony;

/// <summary>Pressed keys on the way to the operator, frame by frame (RFC 4733).</summary>
public sealed class PressedKeysTests
{
    [Fact]
    public void A_key_lasts_100_ms_carries_the_time_of_its_beginning_and_ends_three_times_before_the_next()
    {
        var keys = new PressedKeys();
        Assert.True(keys.Press("1#"));
        var payload = new byte[TelephoneEvent.Length];
        foreach (var (key, from) in new[] { ('1', 0u), ('#', 10u) })
        {
            for (var frame = 0u; frame < 7; frame++)
            {
                Assert.True(keys.TryNext((from + frame) * 160, payload, out var since, out var begins));
                Assert.True(TelephoneEvent.TryRead(payload, out var told));
                Assert.Equal((from * 160, frame == 0, (char?)key, frame >= 4, (ushort)(Math.Min(frame + 1, 5) * 160)), (since, begins, told.Key, told.End, told.Duration));
            }

            for (var frame = 7u; frame < 10; frame++)
                Assert.False(keys.TryNext((from + frame) * 160, payload, out _, out _));
        }

        Assert.False(keys.TryNext(20 * 160, payload, out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12E")]
    [InlineData("00000000000000000000000000000000000000000")]
    public void What_is_no_key_or_too_many_is_not_pressed(string pressed)
    {
        var keys = new PressedKeys();
        Assert.False(keys.Press(pressed));
        Assert.False(keys.TryNext(0, new byte[TelephoneEvent.Length], out _, out _));
    }
}
