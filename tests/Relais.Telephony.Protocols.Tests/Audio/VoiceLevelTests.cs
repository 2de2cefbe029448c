using Relais.Telephony.Protocols.Audio;

namespace Relais.Telephony.Protocols.Tests.Audio;

public sealed class VoiceLevelTests
{
    [Theory]
    [InlineData(32_000, -3.2)]
    [InlineData(3_277, -23)]
    [InlineData(328, -43)]
    public void A_tones_level_is_its_effective_value(double amplitude, double expected) =>
        Assert.InRange(VoiceLevel.Of(Signals.ALaw(Signals.Tone(1000, amplitude, 8000))), expected - 0.3, expected + 0.3);

    [Fact]
    public void Silence_is_far_below_any_voice()
    {
        Assert.InRange(VoiceLevel.Of(Signals.Silence(160)), VoiceLevel.Floor, -70);
        Assert.Equal(VoiceLevel.Floor, VoiceLevel.Of([]));
    }

    [Fact]
    public void A_wave_that_is_cut_off_is_clipped_and_a_loud_one_is_not()
    {
        Assert.True(VoiceLevel.IsClipped(Signals.ALaw(Signals.Tone(400, 60_000, 160))));
        Assert.False(VoiceLevel.IsClipped(Signals.ALaw(Signals.Tone(400, 25_000, 160))));
    }

    [Fact]
    public void The_shape_of_a_recording_keeps_its_loudest_moments_however_short_it_is_folded()
    {
        var profile = new PeakProfile();
        for (var tenth = 0; tenth < 100; tenth++)
        {
            // A click on the left in the fortieth tenth of a second, a tone on the right in the last twenty.
            var left = tenth == 40 ? Signals.ALaw(Signals.Tone(1000, 16_000, 800)) : Signals.Silence(800);
            var right = tenth >= 80 ? Signals.ALaw(Signals.Tone(1000, 8_000, 800)) : Signals.Silence(800);
            for (var at = 0; at < 800; at += 160)
                profile.Add(left.AsSpan(at, 160), right.AsSpan(at, 160));
        }

        var folded = profile.Fold(10);
        Assert.Equal(20, folded.Length);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i == 4, folded[2 * i] is > 110 and < 140);
            Assert.Equal(i >= 8, folded[(2 * i) + 1] is > 50 and < 75);
        }
    }
}
