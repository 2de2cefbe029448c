using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Onboarding;

public sealed class ImportTests(OnboardingApp app) : IClassFixture<OnboardingApp>
{
    private static int _lists;

    private DateOnly Today => DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task Of_600_people_nine_faulty_lines_are_told_exactly_and_the_corrected_list_is_done_once()
    {
        var list = new PeopleList("grand", 600, contractors: 30, Today);
        using var administrator = await app.PrepareAsync(list);
        var yesterday = Today.AddDays(-3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        (int Person, int Column, string? Wrong, string Right, string Code, int Cell)[] faults =
        [
            (20, 0, "Grand019", list.UserName(20), "twice-user-name", 1),
            (77, 2, "grand076@institut.example", "grand077@institut.example", "twice-mail", 3),
            (101, 2, "pas une adresse", "grand101@institut.example", "email", 3),
            (202, 3, "grand équipe 13", list.GroupOf(202), "group-unknown", 4),
            (303, 4, "bureau-de-luxe", "bureau-standard", "bundle-unknown", 5),
            (340, 7, yesterday, "", "contractor-expired", 8),
            (404, 5, "de", "fr", "language-unknown", 6),
            (505, 9, null, "enquêteur", "cells", 0),
            (600, 1, "", "Zoé Numéro600", "empty", 2),
        ];
        foreach (var fault in faults)
            list.With(fault.Person, fault.Column, fault.Wrong);

        var file = Path.Combine(app.DataFolder, "personnes.csv");
        await File.WriteAllTextAsync(file, list.ToString());
        var (code, said) = await VerbAsync("import", file, "--check", "--json");
        Assert.Equal(1, code);
        var report = JsonDocument.Parse(said).RootElement;
        Assert.Equal(
            faults.Select(f => (PeopleList.LineOf(f.Person), f.Cell, f.Code)),
            report.GetProperty("faults").EnumerateArray().Select(f => (f.Number("line"), f.Number("column"), f.GetProperty("code").GetString() ?? "")));
        Assert.Contains("line 102, column 3 (mail): \"pas une adresse\" is no mail address.", (await VerbAsync("import", file)).Said, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync("grand"));

        // Corrected: the line whose cell was missing is written anew.
        var right = new PeopleList("grand", 600, contractors: 30, Today);
        await File.WriteAllTextAsync(file, right.ToString());
        var time = Stopwatch.StartNew();
        (code, said) = await VerbAsync("import", file);
        Assert.Equal((0, true), (code, said.Contains("600 added, 0 changed, 0 as they are", StringComparison.Ordinal)));
        var imported = time.Elapsed;
        await DesktopsAsync("grand", 600);
        TestContext.Current.TestOutputHelper?.WriteLine($"600 people in {imported.TotalSeconds:F1} s, with their desktops in {time.Elapsed.TotalSeconds:F1} s");
        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.Equal(30, await app.InDatabaseAsync(db => db.Access.People.CountAsync(p => EF.Functions.Like(p.UserName!, "grand%") && p.ExpiresAt != null)));
        Assert.Equal(120, await app.InDatabaseAsync(db => db.Access.People.CountAsync(p => EF.Functions.Like(p.UserName!, "grand%") && p.Language == "en")));
        Assert.False(await app.InDatabaseAsync(db => db.Access.People.AnyAsync(p => EF.Functions.Like(p.UserName!, "grand%") && p.PasswordHash != null)));

        (code, said) = await VerbAsync("import", file, "--json");
        report = JsonDocument.Parse(said).RootElement;
        Assert.Equal((0, 0, 0, 600), (code, report.Number("created"), report.Number("changed"), report.Number("unchanged")));
        Assert.StartsWith("no change", (await VerbAsync("import", file)).Said, StringComparison.Ordinal);
        Assert.Equal(600, await CountAsync("grand"));
    }

    [Fact]
    public async Task A_changed_line_changes_that_person_only_and_who_is_not_in_the_list_is_left_alone()
    {
        var list = NewList(5);
        using var administrator = await app.PrepareAsync(list);
        Assert.Equal(HttpStatusCode.OK, (await administrator.ImportAsync(list.ToString())).Status);
        await DesktopsAsync(list.Prefix, 5);

        var shorter = string.Join("\r\n", list.With(3, 6, "Rennes").ToString().Split("\r\n").Take(4)) + "\r\n";
        var (_, report) = await administrator.ImportAsync(shorter);
        Assert.Equal((0, 1, 2), (report.Number("created"), report.Number("changed"), report.Number("unchanged")));
        var line = Assert.Single(report.GetProperty("changes").EnumerateArray());
        Assert.Equal((list.UserName(3), "site", "Rennes"), (line.GetProperty("userName").GetString(), line.GetProperty("changes")[0].GetProperty("field").GetString(), line.GetProperty("changes")[0].GetProperty("after").GetString()));
        var absent = report.GetProperty("absent").EnumerateArray().Select(a => a.GetString()).ToList();
        Assert.All([list.UserName(4), list.UserName(5)], name => Assert.Contains(name, absent));
        Assert.DoesNotContain(list.UserName(3), absent);
        Assert.Equal(5, await CountAsync(list.Prefix));

        // A column that is not there keeps what is.
        (_, report) = await administrator.ImportAsync($"user_name,name,mail\n{list.UserName(3)},Autre Nom,{list.UserName(3)}@institut.example\n");
        Assert.Equal(1, report.Number("changed"));
        var person = await app.InDatabaseAsync(db => db.Access.People.Include(p => p.Groups).SingleAsync(p => p.UserName == list.UserName(3)));
        Assert.Equal(("Autre Nom", "Rennes", list.GroupOf(3)), (person.DisplayName, person.Site, person.Groups[0].Name));
    }

    [Fact]
    public async Task A_mail_that_is_somebody_elses_is_refused_with_their_name_and_nothing_is_done()
    {
        var list = NewList(2);
        using var administrator = await app.PrepareAsync(list);
        var other = await app.AddPersonAsync();
        var (status, problem) = await administrator.ImportAsync(list.With(2, 2, $"{other.UserName}@INSTITUT.example").ToString());
        Assert.Equal(HttpStatusCode.BadRequest, status);
        var fault = Assert.Single(problem.GetProperty("report").GetProperty("faults").EnumerateArray());
        Assert.Equal(("mail-taken", 3), (fault.GetProperty("code").GetString(), fault.Number("line")));
        Assert.Contains(other.UserName, fault.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(list.Prefix));
    }

    [Fact]
    public async Task On_the_page_a_list_is_checked_then_done_and_what_changed_meanwhile_is_looked_at_again()
    {
        var list = NewList(3);
        using var administrator = await app.PrepareAsync(list);
        var refused = await UploadAsync(administrator, list.With(2, 2, "faux").ToString());
        Assert.Contains("À corriger : 1", refused.Alert, StringComparison.Ordinal);
        Assert.Contains("« faux » n’est pas une adresse e-mail.", refused.Text, StringComparison.Ordinal);

        var page = await UploadAsync(administrator, list.With(2, 2, "").ToString());
        Assert.Contains("À ajouter : 3. À modifier : 0. Sans changement : 0.", page.Text, StringComparison.Ordinal);
        var content = page.Document.QuerySelector("textarea[name='Content']")!.TextContent;
        await administrator.ImportAsync($"user_name,name,mail\n{list.UserName(1)},Déjà Là,\n");
        var again = await administrator.SubmitAsync(page, "confirm", ("Content", content));
        Assert.Contains("Des personnes ont changé", again.Text, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(list.Prefix));

        var done = await administrator.SubmitAsync(again, "confirm", ("Content", content));
        Assert.Equal("/people/board", done.Path);
        Assert.Equal(3, await CountAsync(list.Prefix));
    }

    [Fact]
    public async Task Markup_in_a_list_is_shown_as_text()
    {
        using var administrator = await app.PrepareAsync(NewList(1));
        var page = await UploadAsync(administrator, "identifiant;nom;courriel\n<script>alert(1)</script>;<b>gras</b>;\n");
        Assert.Contains("« <script>alert(1)</script> » ne peut pas être un identifiant.", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Document.QuerySelector("main script:not([nonce]), main td b"));
    }

    [Fact]
    public async Task The_last_administrator_is_not_imported_away()
    {
        using var administrator = await app.PrepareAsync(NewList(1));
        var everybody = await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Roles.Contains(Roles.Administrator)).Select(p => new { p.UserName, p.DisplayName, p.Email }).ToListAsync());
        var text = "identifiant;nom;courriel;rôles\n" + string.Concat(everybody.Select(p => $"{p.UserName};{p.DisplayName};{p.Email};personnel\n"));
        var (status, problem) = await administrator.ImportAsync(text);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("last-administrator", problem.GetProperty("report").GetProperty("faults")[0].GetProperty("code").GetString());
        Assert.True(await app.InDatabaseAsync(db => db.Access.People.AnyAsync(p => p.Roles.Contains(Roles.Administrator))));
    }

    [Theory]
    [InlineData(Roles.Supervisor)]
    [InlineData(Roles.Staff)]
    public async Task Only_an_administrator_imports_invites_and_looks_at_the_board(string role)
    {
        using var browser = await app.SignInAsync(await app.AddPersonAsync(role));
        foreach (var path in new[] { "/people/import", "/people/board", "/people/mails", $"/people/sheet/{Guid.NewGuid()}" })
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.ImportAsync("identifiant;nom;courriel\nx1;X;\n")).Status);
        using var invited = await browser.PostJsonAsync("/api/access/board/invite", null);
        Assert.Equal(HttpStatusCode.Forbidden, invited.StatusCode);
        using var read = await browser.Client.GetAsync(new Uri("/api/access/board", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
    }

    private PeopleList NewList(int people) => new($"liste{Interlocked.Increment(ref _lists)}x", people, contractors: 1, Today);

    private Task<int> CountAsync(string prefix) => app.InDatabaseAsync(db => db.Access.People.CountAsync(p => EF.Functions.Like(p.UserName!, prefix + "%")));

    // Told by an event: there a moment later.
    private async Task DesktopsAsync(string prefix, int people)
    {
        var ids = await app.InDatabaseAsync(db => db.Access.People.Where(p => EF.Functions.Like(p.UserName!, prefix + "%")).Select(p => p.Id).ToListAsync());
        Assert.Equal(people, ids.Count);
        int found;
        do
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await using var scope = app.Services.CreateAsyncScope();
            found = await scope.ServiceProvider.GetRequiredService<DesktopsDb>().Desktops.CountAsync(d => ids.Contains(d.PersonId) && d.Bundle == "bureau-standard");
        }
        while (found < people);
    }

    private async Task<(int Code, string Said)> VerbAsync(string name, params string[] arguments)
    {
        await using var said = new StringWriter();
        var verb = app.Services.GetServices<Verb>().Single(v => v.Name == name);
        return (await verb.Run(new VerbCall(app.Services, arguments, said, said), TestContext.Current.CancellationToken), said.ToString());
    }

    private static Task<Page> UploadAsync(Browser browser, string text) => browser.UploadAsync("/people/import", "personnes.csv", text);
}
