using CsCheck;
using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

/// <summary>Frames that xrdp 0.9.21 sent at the end of its connection sequence.</summary>
public sealed class FontMapTests
{
    private const string FontMapFrame = "0300002802F08068000503EB701A1A001700EE03EA03010000011A0028001A000000000003000400";
    private const string ControlFrame = "0300002802F08068000503EB701A1A001700EE03EA03010000011A0014001A0004000000EA030000";
    private const string DynamicChannels = "0300002202F08068000503ED70140C00000003000000500002000000000000000000";

    [Theory]
    [InlineData(FontMapFrame, true)]
    [InlineData(ControlFrame, false)]
    [InlineData(DynamicChannels, false)]
    [InlineData("", false)]
    [InlineData("0300000702F080", false)]
    [InlineData("0300000802F08068", false)]
    public void Only_the_frame_that_ends_the_sequence_is_a_font_map(string hex, bool expected) =>
        Assert.Equal(expected, FontMap.Is(Convert.FromHexString(hex)));

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 40]).Sample((bytes, keep) =>
        {
            FontMap.Is(bytes);
            byte[] half = [.. Convert.FromHexString(FontMapFrame)[..keep], .. bytes];
            if (half.Length is > 3 and < 256)
                half[3] = (byte)half.Length;
            FontMap.Is(half);
        });
}
