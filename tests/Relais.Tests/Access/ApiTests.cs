using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;

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
    public async Task The_command_line_does_what_pages_do_and_answers_as_json()
    {
        // Somebody must be left who administers.
        await app.AddPersonAsync(Roles.Administrator);
        var (group, user) = ($"Nuit {Guid.NewGuid():N}"[..12], $"v{Guid.NewGuid():N}"[..12]);
        await SayAsync(0, "groups add", group);
        await SayAsync(1, "groups add", group);
        var added = await SayAsync(0, "people add", user, "--name", "Véra Verbe", "--role", "interviewer", "--group", group);
        Assert.NotEmpty(added.GetProperty("oneTimePassword").GetString()!);
        await SayAsync(1, "people add", user, "--name", "Une autre");
        await SayAsync(1, "people add", "autre.personne", "--name", "Une autre", "--group", "Nulle part");
        await SayAsync(2, "people add", "sans.nom");

        await SayAsync(0, "people change", user, "--mail", "vera@institut.example");
        var found = Assert.Single((await SayAsync(0, "people list", "--group", group)).EnumerateArray());
        Assert.Equal(("Véra Verbe", "vera@institut.example"), (found.GetProperty("displayName").GetString(), found.GetProperty("email").GetString()));
        Assert.Equal("interviewer", Assert.Single(found.GetProperty("roles").EnumerateArray()).GetString());
        Assert.Contains((await SayAsync(0, "board", "--group", group)).GetProperty("people").EnumerateArray(), p => p.GetProperty("userName").GetString() == user);

        await SayAsync(0, "people disable", user);
        await SayAsync(1, "people disable", "personne.du.tout");
        Assert.Single((await SayAsync(0, "people list", "--group", group, "--state", "disabled")).EnumerateArray());
        Assert.Equal("Véra Verbe", (await SayAsync(0, "audit export", "--action", "person.disabled", "--subject", "Véra Verbe")).GetProperty("subjectName").GetString());
        await SayAsync(0, "people enable", user);
        await SayAsync(0, "people remove", user);
        Assert.Empty((await SayAsync(0, "people list", "--group", group)).EnumerateArray());
        await SayAsync(0, "groups rename", group, group + "bis");
        await SayAsync(1, "groups remove", group);
        await SayAsync(0, "groups remove", group + "bis");
    }

    [Fact]
    public async Task Rules_come_from_files_and_go_by_their_number()
    {
        var file = Path.Combine(app.DataFolder, "rule.json");
        await File.WriteAllTextAsync(file, """{"name": "Nuit", "roles": ["reader"], "from": "22:00", "to": "06:00", "decision": "Refuse", "words": "Fermé la nuit", "enabled": false}""");
        var id = (await SayAsync(0, "access rules add", file)).GetProperty("id").GetGuid();
        await File.WriteAllTextAsync(file, """{"name": "Soir", "decision": "Refuse", "enabled": false}""");
        Assert.Equal(id, (await SayAsync(0, "access rules change", "1", file)).GetProperty("id").GetGuid());
        Assert.Equal("Soir", (await SayAsync(0, "access rules list")).GetProperty("rules")[0].GetProperty("name").GetString());
        await File.WriteAllTextAsync(file, """{"name": "Soir", "décision": "Refuse"}""");
        await SayAsync(1, "access rules add", file);
        await File.WriteAllTextAsync(file, """{"name": "", "decision": "Perhaps"}""");
        await SayAsync(1, "access rules add", file);
        await SayAsync(0, "access rules move", "1", "1");
        await SayAsync(0, "access rules remove", "1");
        await SayAsync(1, "access rules remove", "1");
        await SayAsync(2, "access rules remove", "first");
    }

    private async Task<JsonElement> SayAsync(int code, string verb, params string[] arguments)
    {
        await using var said = new StringWriter();
        await using var wrong = new StringWriter();
        var call = new VerbCall(app.Services, [.. arguments, "--json"], said, wrong);
        var answered = await app.Services.GetServices<Verb>().Single(v => v.Name == verb).Run(call, CancellationToken.None);
        Assert.True(answered == code, $"{verb} {string.Join(' ', arguments)}: {answered} {said} {wrong}");
        Assert.Equal(code == 0, wrong.ToString().Length == 0);
        return code == 0 ? JsonSerializer.Deserialize<JsonElement>(said.ToString()) : default;
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
