using System.Net;
using Relais.Access.Contracts;

namespace Relais.Tests.Fieldwork;

/// <summary>How the console's page and program are served.</summary>
public sealed class ConsolePageTests(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    [Fact]
    public async Task Only_interviewers_get_the_console_and_only_it_may_compile_WebAssembly()
    {
        var interviewer = await app.SignInAsync(await app.AddPersonAsync(Roles.Interviewer));
        using var page = await interviewer.Client.GetAsync("/interview/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("'wasm-unsafe-eval'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe-", policy, StringComparison.Ordinal);
        Assert.Contains("no-store", page.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
        var staff = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        Assert.Equal(HttpStatusCode.Forbidden, (await staff.Client.GetAsync("/interview/")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await staff.Client.GetAsync("/api/fieldwork/interviews/mine")).StatusCode);
        Assert.Equal("/sign-in", (await app.OpenBrowser().GetAsync("/interview/")).Path);
    }

    [Theory]
    [InlineData("/interview/_framework/blazor.webassembly.js", "text/javascript")]
    [InlineData("/interview/_framework/dotnet.js", "text/javascript")]
    public async Task The_program_is_served_with_its_types(string address, string type)
    {
        using var file = await app.OpenBrowser().Client.GetAsync(address);
        Assert.Equal((HttpStatusCode.OK, type), (file.StatusCode, file.Content.Headers.ContentType?.MediaType));
    }
}
