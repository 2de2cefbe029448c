using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Portal;
using Relais.Portal.Kit;

namespace Relais.Tests.Portal;

public sealed class TimeWordTests
{
    [Theory]
    [InlineData("fr", -30, "il y a 30 secondes")]
    [InlineData("fr", -60, "il y a 1 minute")]
    [InlineData("fr", -7200, "il y a 2 heures")]
    [InlineData("fr", -86400, "hier")]
    [InlineData("en", 180, "in 3 minutes")]
    [InlineData("en", 0, "now")]
    [InlineData("en", -2592000, null)]
    public void Distances_in_time_read_as_people_say_them(string language, int seconds, string? words)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        Assert.Equal(words, TimeWords.Relative(TimeSpan.FromSeconds(seconds), Texts()));
    }

    [Fact]
    public void Both_languages_have_every_text()
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var english = Texts().GetAllStrings(includeParentCultures: false).Select(text => text.Name).Order(StringComparer.Ordinal).ToList();
        CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        var french = Texts().GetAllStrings(includeParentCultures: false).Select(text => text.Name).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(french, english);
        Assert.NotEmpty(french);
    }

    private static IStringLocalizer<PortalTexts> Texts() =>
        new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider().GetRequiredService<IStringLocalizer<PortalTexts>>();
}
