using Relais.Telephony.Protocols.Audio;

namespace Relais.Telephony.Protocols.Tests.Audio;

public sealed class G711Tests
{
    // ITU-T G.711, tables 1a and 2a: decision values and what they stand for, in 16 bits.
    [Theory]
    [InlineData(0xD5, 8)]
    [InlineData(0x55, -8)]
    [InlineData(0xAA, 32256)]
    [InlineData(0x2A, -32256)]
    [InlineData(0x80, 5504)]
    public void ALaw_stands_for_the_values_of_the_recommendation(int code, int sample)
    {
        var to = new short[1];
        G711.DecodeALaw([(byte)code], to);
        Assert.Equal(sample, to[0]);
    }

    [Theory]
    [InlineData(0xFF, 0)]
    [InlineData(0x7F, 0)]
    [InlineData(0x80, 32124)]
    [InlineData(0x00, -32124)]
    public void MuLaw_stands_for_the_values_of_the_recommendation(int code, int sample)
    {
        var to = new short[1];
        G711.DecodeMuLaw([(byte)code], to);
        Assert.Equal(sample, to[0]);
    }

    [Fact]
    public void Every_code_comes_back_as_itself()
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        var (samples, again) = (new short[256], new byte[256]);
        G711.DecodeALaw(codes, samples);
        G711.EncodeALaw(samples, again);
        Assert.Equal(codes, again);

        G711.DecodeMuLaw(codes, samples);
        G711.EncodeMuLaw(samples, again);
        // The two codes of zero decode alike.
        Assert.Equal(codes.Select(c => c == 0x7F ? (byte)0xFF : c), again);
    }

    [Fact]
    public void No_sample_is_off_by_more_than_half_a_step_of_its_chord()
    {
        short[] samples = [.. Enumerable.Range(short.MinValue, 65536).Select(sample => (short)sample)];
        var (codes, again) = (new byte[samples.Length], new short[samples.Length]);
        G711.EncodeALaw(samples, codes);
        G711.DecodeALaw(codes, again);
        for (var i = 0; i < samples.Length; i++)
            Assert.True(Math.Abs(samples[i] - again[i]) <= Math.Max(16, (Math.Abs((int)samples[i]) / 32) + 1), $"{samples[i]} became {again[i]}");

        G711.EncodeMuLaw(samples, codes);
        G711.DecodeMuLaw(codes, again);
        for (var i = 0; i < samples.Length; i++)
            Assert.True(Math.Abs(samples[i] - again[i]) <= Math.Max(8, (Math.Abs((int)samples[i]) / 32) + 8) || Math.Abs((int)samples[i]) > 32124, $"{samples[i]} became {again[i]}");
    }

    [Fact]
    public void Silence_is_silent()
    {
        var to = new short[1];
        G711.DecodeALaw([G711.ALawSilence], to);
        Assert.InRange(to[0], -8, 8);
        G711.DecodeMuLaw([G711.MuLawSilence], to);
        Assert.Equal(0, to[0]);
    }
}
