using Relais.Portal.Kit;

namespace Relais.Tests.Portal;

public sealed class PagerTests
{
    [Theory]
    [InlineData(null, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(-3, 120, 1)]
    [InlineData(3, 120, 3)]
    [InlineData(99, 120, 3)]
    [InlineData(99, 100, 2)]
    public void A_page_beyond_the_end_is_the_last_one(int? asked, int total, int shown) => Assert.Equal(shown, Pager.Within(asked, 50, total));
}
