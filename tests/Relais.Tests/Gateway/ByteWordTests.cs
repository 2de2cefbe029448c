using System.Globalization;
using Relais.Gateway;

namespace Relais.Tests.Gateway;

public sealed class ByteWordTests
{
    [Theory]
    [InlineData("fr", 56_000, "56\u00A0ko")]
    [InlineData("fr", 1_540_000, "1,5\u00A0Mo")]
    [InlineData("en", 56_000, "56\u00A0kB")]
    [InlineData("en", 1_540_000, "1.5\u00A0MB")]
    [InlineData("en", 2_500_000_000, "2.50\u00A0GB")]
    public void A_length_is_said_in_the_units_of_the_language(string language, long bytes, string said)
    {
        var (culture, words) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (new CultureInfo(language), new CultureInfo(language));
            Assert.Equal(said, ByteWords.Of(bytes));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, words);
        }
    }
}
