using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Relais.Portal.Assets;

namespace Relais.Tests.Portal;

public sealed class WebAssetTests(PortalApp app) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_built_file_is_kept_by_the_browser_for_good()
    {
        var response = await app.GetAsync("/assets/" + PortalApp.Script);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("public, max-age=31536000, immutable", Assert.Single(response.Headers.GetValues("Cache-Control")));
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_browser_that_takes_brotli_gets_the_compressed_file()
    {
        var response = await app.GetAsync("/assets/" + PortalApp.Script, headers: ("Accept-Encoding", "gzip, br"));
        Assert.Equal(["br"], response.Content.Headers.ContentEncoding);
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("compressed", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_browser_that_refuses_brotli_gets_the_file_itself()
    {
        var response = await app.GetAsync("/assets/" + PortalApp.Script, headers: ("Accept-Encoding", "br;q=0"));
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("/assets/manifest.json")]
    [InlineData("/assets/..%2fmanifest.json")]
    [InlineData("/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [InlineData("/assets/no-such-file.js")]
    [InlineData("/assets/" + PortalApp.Script + ".br")]
    public async Task Nothing_but_built_files_is_served(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync(path)).StatusCode);

    [Fact]
    public async Task A_page_links_the_script_and_the_style_that_were_built()
    {
        var html = await app.ReadAsync("/", "Awa");
        Assert.Contains($"src=\"/assets/{PortalApp.Script}\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/assets/portal-Ef56.css\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Starting_without_built_files_says_what_to_run()
    {
        var folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        var missing = Assert.Throws<InvalidOperationException>(() =>
            new WebAssets(Options.Create(new WebAssetOptions { WebRoot = folder }), new ConfigurationBuilder().Build()));
        Assert.Contains("web/build.sh", missing.Message, StringComparison.Ordinal);
        Assert.Contains(folder, missing.Message, StringComparison.Ordinal);
    }
}
