namespace Relais.Tests.Traffic;

/// <summary>The tag that other sites load.</summary>
public sealed class TagTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    private const int MostBytes = 3 * 1024;

    [Fact]
    public async Task It_is_under_three_kilobytes_and_other_sites_may_load_it()
    {
        var anyone = app.OpenBrowser().Client;
        foreach (var encoding in (string[])["br", "gzip"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/relais.js") { Headers = { { "Accept-Encoding", encoding } } };
            using var response = await anyone.SendAsync(request);
            Assert.Equal(encoding, Assert.Single(response.Content.Headers.ContentEncoding));
            Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 500, MostBytes);
            Assert.Equal("cross-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));
            Assert.Equal(TimeSpan.FromHours(1), response.Headers.CacheControl?.MaxAge);
        }
    }
}
