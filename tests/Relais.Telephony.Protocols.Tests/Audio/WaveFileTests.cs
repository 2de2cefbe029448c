using CsCheck;
using Relais.Telephony.Protocols.Audio;

namespace Relais.Telephony.Protocols.Tests.Audio;

public sealed class WaveFileTests
{
    private static byte[] File(short[] samples, int channels, int rate)
    {
        var file = new byte[WaveFile.HeaderLength + (samples.Length * 2)];
        WaveFile.WriteHeader(file, channels, rate, (uint)(samples.Length * 2));
        Buffer.BlockCopy(samples, 0, file, WaveFile.HeaderLength, samples.Length * 2);
        return file;
    }

    [Fact]
    public void What_is_written_is_read_with_its_channels_mixed()
    {
        var read = WaveFile.TryRead(File([100, 300, -50, 50], 2, 8000));
        Assert.Equal(8000, read?.Rate);
        Assert.Equal<short>([200, 0], read?.Samples ?? []);
    }

    [Fact]
    public void A_length_that_was_never_filled_in_ends_with_the_file()
    {
        var file = File([1, 2, 3], 1, 22050);
        file.AsSpan(40, 4).Fill(0xFF);
        Assert.Equal<short>([1, 2, 3], WaveFile.TryRead(file)?.Samples ?? []);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            _ = WaveFile.TryRead(bytes);
            var file = File([1, 2, 3, 4], 1, 8000);
            bytes.AsSpan(0, Math.Min(bytes.Length, file.Length - 12)).CopyTo(file.AsSpan(12));
            _ = WaveFile.TryRead(file);
        });

    [Theory]
    [InlineData(22_050)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    [InlineData(16_000)]
    public void Resampling_keeps_a_voice_and_folds_nothing_back_into_it(int rate)
    {
        var kept = Resampling.ToTelephone(Signals.Tone(1000, 10_000, rate, rate), rate);
        Assert.Equal(8000, kept.Length);
        Assert.InRange(Signals.Amplitude(kept.AsSpan(800, 6400), 1000), 9_800, 10_200);
        // 5 kHz would come back as 3 kHz.
        var folded = Resampling.ToTelephone(Signals.Tone(5000, 10_000, rate, rate), rate);
        Assert.InRange(Signals.Amplitude(folded.AsSpan(800, 6400), 3000), 0, 60);
    }
}
