using System.Net;
using System.Text.Json;
using Relais.Portal.Kit;

namespace Relais.Tests.Portal;

public sealed class ProblemScreenTests(PortalApp app) : IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("/no-such-page", HttpStatusCode.NotFound, "Cette page n’existe pas")]
    [InlineData("/people", HttpStatusCode.Forbidden, "Cette page ne vous est pas ouverte")]
    [InlineData("/broken", HttpStatusCode.InternalServerError, "Relais n’a pas pu terminer")]
    public async Task A_failure_is_a_page_in_words_with_its_status(string path, HttpStatusCode status, string title)
    {
        var response = await app.GetAsync(path, "Awa", ("Accept-Language", "fr"));
        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(status, response.StatusCode);
        Assert.Contains($"<h1>{title}</h1>", html, StringComparison.Ordinal);
        Assert.Matches("<code>[^<]{8,}</code>", html);
        Assert.DoesNotContain("A secret of the server", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_sent_where_none_is_taken_is_answered_in_words()
    {
        using var form = new FormUrlEncodedContent([new("a", "b")]);
        var response = await app.Client.PostAsync("/no-such-page", form, TestContext.Current.CancellationToken);
        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains("<h1>Cette demande n’a pas pu être lue</h1>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_switch_of_an_error_page_leads_back_to_the_address_asked_for() =>
        Assert.Contains("name=\"returnUrl\" value=\"/no-such-page?a=1\"", await app.ReadAsync("/no-such-page?a=1", "Awa"), StringComparison.Ordinal);

    [Theory]
    [InlineData("/api/broken", HttpStatusCode.InternalServerError)]
    [InlineData("/api/no-such-thing", HttpStatusCode.NotFound)]
    public async Task The_api_answers_failures_with_a_problem_document(string path, HttpStatusCode status)
    {
        var response = await app.GetAsync(path, "Awa", ("Accept", "application/json"));
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(JsonDocument.Parse(body).RootElement.GetProperty("reference").GetString()!);
        Assert.DoesNotContain("A secret of the server", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/people?page=2", "/people?page=2")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: x=1", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void A_return_address_stays_on_this_site(string? asked, string followed) => Assert.Equal(followed, LocalUrl.OrHome(asked));
}
