using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Relais.Access.Contracts;

namespace Relais.Tests.Access;

public sealed class ApiTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Fact]
    public async Task Programs_do_what_pages_do()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var name = $"api{Guid.NewGuid():N}"[..14];
        using var created = await administrator.PostJsonAsync("/api/access/people", new { userName = name, displayName = "Par programme", roles = new[] { "staff" } });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var list = await administrator.Client.GetFromJsonAsync<JsonElement>($"/api/access/people?q={name}");
        Assert.Equal(id, list.GetProperty("people")[0].GetProperty("id").GetGuid());
        using var disabled = await administrator.PostJsonAsync($"/api/access/people/{id}/disable", null);
        Assert.Equal(HttpStatusCode.NoContent, disabled.StatusCode);
    }

    [Fact]
    public async Task Refusals_are_problem_documents_that_name_the_field()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        using var refused = await administrator.PostJsonAsync("/api/access/people", new { userName = "a b", displayName = "", roles = new[] { "king" } });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("urn:relais:fields", problem.GetProperty("type").GetString());
        foreach (var field in new[] { "UserName", "DisplayName", "Roles" })
            Assert.NotEmpty(problem.GetProperty("errors").GetProperty(field).EnumerateArray());

        using var missing = await administrator.PostJsonAsync($"/api/access/people/{Guid.NewGuid()}/disable", null);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var rubbish = await administrator.Client.PostAsync("/api/access/people", new StringContent("{", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, rubbish.StatusCode);
    }

    [Fact]
    public async Task A_change_without_the_form_token_is_refused()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        using var forged = await administrator.Client.PostAsJsonAsync("/api/access/people", new { userName = "sansjeton", displayName = "X", roles = new[] { "staff" } });
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
    }
}
