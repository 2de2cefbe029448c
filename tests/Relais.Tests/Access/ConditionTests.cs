using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Conditions;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;
using Relais.Tests.Desktops;

namespace Relais.Tests.Access;

/// <summary>Rules of access at the doors of the portal itself, over real HTTP from several addresses.</summary>
public sealed class ConditionTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    private const string Outside = "127.0.9.7";

    private static RuleFields AtOffice => RuleBook.New("Au bureau", RuleDecision.Allow) with { Networks = "127.0.0.1" };

    [Fact]
    public async Task A_sign_in_from_elsewhere_is_refused_in_words_that_do_not_name_the_rule()
    {
        var person = await app.AddPersonAsync();
        await app.SetRulesAsync(AtOffice, RuleBook.New("Dehors interdit", RuleDecision.Refuse) with { Targets = ["SignIn"], Words = "Appelez le 4242." });
        using var home = app.OpenBrowser(Outside);
        var page = await app.SignInAsync(home, person);
        Assert.Equal("/sign-in", page.Path);
        Assert.Contains("n’autorise pas cet accès", page.Alert, StringComparison.Ordinal);
        Assert.Contains("4242", page.Alert, StringComparison.Ordinal);
        Assert.DoesNotContain("Dehors interdit", page.Html, StringComparison.Ordinal);
        Assert.Equal("/sign-in", (await home.GetAsync("/account")).Path);
        Assert.Equal(1, await app.RefusalsAsync(person));

        // A wrong password learns nothing of rules.
        var wrong = await home.SubmitAsync(await home.GetAsync("/sign-in"), ("UserName", person.UserName), ("Password", "autre"));
        Assert.DoesNotContain("4242", wrong.Text, StringComparison.Ordinal);
        using var office = await app.SignInAsync(person);
    }

    [Fact]
    public async Task A_browser_is_new_until_its_first_sign_in_is_over()
    {
        var person = await app.AddPersonAsync();
        await app.SetRulesAsync(RuleBook.New("Nouveaux", RuleDecision.Refuse) with { Devices = ["New"], Targets = ["SignIn"] });
        using var browser = app.OpenBrowser();
        Assert.Equal("/sign-in", (await app.SignInAsync(browser, person)).Path);
        Assert.Equal("/sign-in", (await app.SignInAsync(browser, person)).Path);
        await app.SetRulesAsync();
        Assert.Equal("/", (await app.SignInAsync(browser, person)).Path);
        Assert.True(await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).Select(s => s.NewDevice).SingleAsync()));

        await app.SetRulesAsync(RuleBook.New("Nouveaux", RuleDecision.Refuse) with { Devices = ["New"], Targets = ["SignIn"] });
        await browser.SubmitAsync(await browser.GetAsync("/account"), "/sign-out");
        Assert.Equal("/", (await app.SignInAsync(browser, person)).Path);
    }

    [Fact]
    public async Task A_rule_that_asks_for_a_second_factor_leads_whoever_has_none_to_setting_one_up()
    {
        var person = await app.AddPersonAsync();
        await app.SetRulesAsync(AtOffice, RuleBook.New("Dehors", RuleDecision.AskSecondFactor) with { Targets = ["SignIn"] });
        using var office = await app.SignInAsync(person);
        using var home = app.OpenBrowser(Outside);
        Assert.Equal("/sign-in/set-up", (await app.SignInAsync(home, person)).Path);
    }

    [Fact]
    public async Task Administration_asks_anew_for_a_second_factor_that_is_too_old_and_is_refused_from_elsewhere()
    {
        app.Clock.LeaveMidnight();
        var boss = await app.AddPersonAsync(Roles.Administrator);
        await app.SetRulesAsync(
            AtOffice with { Name = "Bureau", Decision = nameof(RuleDecision.AskSecondFactor), ProofHours = "2", Targets = ["Administration"] },
            RuleBook.New("Pas de chez soi", RuleDecision.Refuse) with { Targets = ["Administration"] });
        using var browser = await app.SignInAsync(boss);
        Assert.Equal("/people", (await browser.GetAsync("/people")).Path);
        app.Clock.Advance(TimeSpan.FromHours(2.1));
        var ask = await browser.GetAsync("/people?role=staff");
        Assert.Equal("/account/second-factor", ask.Path);
        Assert.NotNull((await browser.SubmitAsync(ask, "step-up", ("Code", "000000"))).ErrorOf("Code"));
        using var early = await browser.Client.GetAsync("/api/access/people");
        Assert.Equal(HttpStatusCode.Forbidden, early.StatusCode);
        Assert.Contains("second-factor-wanted", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var page = await browser.SubmitAsync(ask, "step-up", ("Code", app.NextCode(boss)));
        Assert.Equal("/people", page.Path);
        Assert.Equal("?role=staff", page.Address.Query);
        // Other pages were never asked about.
        using var home = await app.SignInAsync(boss, Outside);
        var refused = await home.GetAsync("/people");
        Assert.Equal((HttpStatusCode.Forbidden, "/refused"), (refused.Status, refused.Path));
        Assert.Equal("/account", (await home.GetAsync("/account")).Path);
    }

    [Fact]
    public async Task Whoever_would_shut_themselves_out_is_warned_and_the_command_line_lets_them_in_again()
    {
        await app.SetRulesAsync();
        var boss = await app.AddPersonAsync(Roles.Administrator);
        using var browser = await app.SignInAsync(boss);
        var form = await browser.GetAsync("/access/rules/new");
        (string, string?)[] fields = [("Name", "Réseau du siège"), ("Networks", "192.0.2.0/24"), ("Elsewhere", "true"), ("Decision", "Refuse")];
        var warned = await browser.SubmitAsync(form, "rule", fields);
        Assert.Contains("« Réseau du siège » vous fermerait la porte", warned.Text, StringComparison.Ordinal);
        Assert.Equal(0, await app.InDatabaseAsync(db => db.Access.AccessRules.CountAsync()));

        await browser.SubmitAsync(warned, "rule", [.. fields, ("Confirmed", "true")]);
        Assert.Equal("/refused", (await browser.GetAsync("/access/rules")).Path);
        var (code, said) = await RunAsync(RuleVerbs.Disable, "1");
        Assert.True(code == 0, said);
        Assert.Equal("/access/rules", (await browser.GetAsync("/access/rules")).Path);
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "access-rule.disabled" && l.SubjectName == "Réseau du siège")));
        Assert.Equal(1, (await RunAsync(RuleVerbs.Disable, "9")).Code);
    }

    [Fact]
    public async Task Faults_of_a_rule_are_told_beside_their_fields_and_nothing_typed_is_lost()
    {
        await app.SetRulesAsync();
        using var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = await browser.SubmitAsync(
            await browser.GetAsync("/access/rules/new"), "rule", ("Name", ""), ("Networks", "10.1.2.3/8"), ("Countries", "France"), ("From", "08:00"), ("ProofHours", "0"));
        Assert.Contains("À remplir", page.ErrorOf("Name"), StringComparison.Ordinal);
        Assert.Contains("10.0.0.0/8", page.ErrorOf("Networks"), StringComparison.Ordinal);
        Assert.Contains("FR", page.ErrorOf("Countries"), StringComparison.Ordinal);
        Assert.Contains("début et la fin", page.ErrorOf("To"), StringComparison.Ordinal);
        Assert.Contains("720", page.ErrorOf("ProofHours"), StringComparison.Ordinal);
        Assert.Equal("FRANCE", page.ValueOf("Countries").ToUpperInvariant());
    }

    [Fact]
    public async Task The_order_is_changed_on_the_page_and_decides()
    {
        var person = await app.AddPersonAsync();
        await app.SetRulesAsync(
            RuleBook.New("A", RuleDecision.Refuse) with { Roles = [Roles.Staff], Targets = ["Desktop"] }, RuleBook.New("B", RuleDecision.Allow) with { Targets = ["Desktop"] });
        Assert.Equal("Refuse: rule 1, A", (await RunAsync(RuleVerbs.Try, person.UserName, "--what", "Desktop")).Said.Trim());
        using var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = await browser.GetAsync("/access/rules");
        var id = await app.InDatabaseAsync(db => db.Access.AccessRules.Where(r => r.Name == "B").Select(r => r.Id).SingleAsync());
        page = await browser.SubmitAsync(page, $"move-{id}", ("Position", "1"));
        Assert.Equal(["B", "A"], page.Document.QuerySelectorAll("tbody th a").Select(a => a.TextContent));
        Assert.Equal("Allow: rule 1, B", (await RunAsync(RuleVerbs.Try, person.UserName, "--what", "Desktop")).Said.Trim());
    }

    [Fact]
    public async Task Trying_says_which_rule_decides_for_whom_from_where_and_when()
    {
        var person = await app.AddPersonAsync();
        await app.SetRulesAsync(
            RuleBook.New("Nuit", RuleDecision.Refuse) with { From = "22:00", To = "06:00", Words = "Revenez demain.", Targets = ["Desktop"] },
            RuleBook.New("Dehors", RuleDecision.AskSecondFactor) with { Networks = "192.0.2.0/24", Elsewhere = true, Targets = ["App"] });
        using var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var address = $"/access/rules/try?person={person.UserName}&address=192.0.2.9&what=Desktop&device=Known&when=";
        var night = await browser.GetAsync(address + "2026-12-02T23:30");
        Assert.Contains("décidé par la règle 1", night.Text, StringComparison.Ordinal);
        Assert.Contains("Revenez demain.", night.Text, StringComparison.Ordinal);
        Assert.Contains("aucune règle ne correspond", (await browser.GetAsync(address + "2026-12-02T12:00")).Text, StringComparison.Ordinal);
        Assert.NotNull((await browser.GetAsync("/access/rules/try?person=personne&address=ici&when=demain")).ErrorOf("address"));

        var answer = await browser.PostJsonAsync("/api/access/rules/try", new { person = person.UserName, address = "198.51.100.1", when = "2026-12-02T12:00", what = "App" });
        var tried = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("AskSecondFactor", 2), (tried.GetProperty("decision").GetString(), tried.GetProperty("rule").GetInt32()));
        var (_, said) = await RunAsync(RuleVerbs.Try, person.UserName, "--from", "198.51.100.1", "--at", "2026-12-02T12:00", "--what", "App", "--json");
        Assert.Equal("Dehors", JsonDocument.Parse(said).RootElement.GetProperty("name").GetString());
        Assert.Equal(0, await app.RefusalsAsync(person));
    }

    [Fact]
    public async Task Whoever_would_shut_themselves_out_later_or_from_where_they_often_come_is_warned_too()
    {
        await app.SetRulesAsync();
        app.Clock.LeaveMidnight();
        var boss = await app.AddPersonAsync(Roles.Administrator);
        using var outside = await app.SignInAsync(boss, Outside);
        using var browser = await app.SignInAsync(boss);
        var form = await browser.GetAsync("/access/rules/new");
        (string, string?)[] office = [("Name", "Siège"), ("Networks", "127.0.0.1"), ("Elsewhere", "true"), ("Targets", "Administration"), ("Decision", "Refuse")];
        var elsewhere = await browser.SubmitAsync(form, "rule", office);
        Assert.Contains($"« Siège » vous fermerait la porte depuis {Outside}", elsewhere.Text, StringComparison.Ordinal);
        Assert.Contains("à toute heure", elsewhere.Text, StringComparison.Ordinal);
        await browser.SubmitAsync(elsewhere, "rule", [.. office, ("Confirmed", "true")]);

        // What is so already is not said again; another hour than now is.
        var later = Relais.Access.Conditions.RuleFields.Write(TimeOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime.AddHours(12)));
        var end = Relais.Access.Conditions.RuleFields.Write(TimeOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime.AddHours(14)));
        (string, string?)[] night = [("Name", "Nuit"), ("From", later), ("To", end), ("Decision", "Refuse")];
        var warned = await browser.SubmitAsync(form, "rule", night);
        Assert.Contains("« Nuit » vous fermerait la porte d’ici, de ", warned.Text, StringComparison.Ordinal);
        Assert.Contains($"{later} à ", warned.Text, StringComparison.Ordinal);
        Assert.Contains("et 6 autres fois", warned.Text, StringComparison.Ordinal);
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Access.AccessRules.CountAsync()));
        await browser.SubmitAsync(warned, "rule", [.. night, ("Confirmed", "true")]);
        await browser.SubmitAsync(form, "rule", ("Name", "Rien de neuf"), ("Countries", ""), ("Roles", "contractor"), ("Decision", "Refuse"));
        Assert.Equal(3, await app.InDatabaseAsync(db => db.Access.AccessRules.CountAsync()));
        await app.SetRulesAsync();
    }

    [Fact]
    public async Task Programs_keep_rules_as_the_page_does()
    {
        await app.SetRulesAsync();
        using var boss = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var made = await boss.PostJsonAsync("/api/access/rules", new { name = "Bureau", networks = new[] { "127.0.0.0/8" }, decision = "Allow" });
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        using var locks = await boss.SendJsonAsync(HttpMethod.Put, "/api/access/rules/default", new { decision = "Refuse" });
        Assert.Equal(HttpStatusCode.OK, locks.StatusCode);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        using var removed = await boss.PostJsonAsync($"/api/access/rules/{id}/remove", null);
        Assert.Contains("access-rule-locks-out", await removed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var faulty = await boss.PostJsonAsync("/api/access/rules", new { name = "x", targets = new[] { "Everything" }, decision = "Maybe" });
        Assert.Equal(HttpStatusCode.BadRequest, faulty.StatusCode);
        var list = await boss.Client.GetFromJsonAsync<JsonElement>("/api/access/rules");
        Assert.Equal(("Bureau", "Refuse"), (list.GetProperty("rules")[0].GetProperty("name").GetString(), list.GetProperty("default").GetString()));
        Assert.Equal(list.ToString(), JsonDocument.Parse((await RunAsync(RuleVerbs.List, "--json")).Said).RootElement.ToString());
        using var staff = await app.SignInAsync(await app.AddPersonAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await staff.Client.GetAsync("/api/access/rules")).StatusCode);
        await app.SetRulesAsync();
    }

    [Fact]
    public async Task Countries_come_from_the_institutes_file_and_a_faulty_one_changes_nothing()
    {
        var person = await app.AddPersonAsync();
        await app.SetRulesAsync(RuleBook.New("France", RuleDecision.Allow) with { Countries = "FR" }, RuleBook.New("Ailleurs", RuleDecision.Refuse) with { Targets = ["Desktop"] });
        var folder = Directory.CreateDirectory(Path.Combine(app.DataFolder, "pays")).FullName;
        var (good, bad) = (Path.Combine(folder, "pays.csv"), Path.Combine(folder, "faux.csv"));
        await File.WriteAllTextAsync(good, "198.51.100.0,198.51.100.255,FR\n2001:db8::/32,BE\n".Replace("2001:db8::/32", "2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", StringComparison.Ordinal));
        await File.WriteAllTextAsync(bad, "198.51.100.0,198.51.100.255,FR\n198.51.101.0,x,FR\n");
        Assert.Equal("Refuse: rule 2, Ailleurs", await FromAsync("198.51.100.77"));
        var (code, said) = await RunAsync(CountryVerb.Verb, good);
        Assert.Equal((0, "2 ranges of 2 countries"), (code, said.Trim()));
        (code, said) = await RunAsync(CountryVerb.Verb, bad);
        Assert.Equal(1, code);
        Assert.Contains("faux.csv line 2: “x” is no address.", said, StringComparison.Ordinal);
        Assert.Equal("Allow: rule 1, France", await FromAsync("198.51.100.77"));
        Assert.Equal("Refuse: rule 2, Ailleurs", await FromAsync("198.51.101.1"));
        Assert.Equal("Refuse: rule 2, Ailleurs", await FromAsync("2001:db8:1::5"));

        using var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var (action, values) = (await browser.GetAsync("/access/countries")).Fill("upload", []);
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in values.Where(v => v.Key != "Files"))
            form.Add(new StringContent(value), name);
        form.Add(new StringContent("network,country\n203.0.113.0/24,FR\n"), "Files", "a.csv");
        form.Add(new StringContent("2001:db8::/32,FR\n"), "Files", "b.csv");
        using var sent = await browser.Client.PostAsync(action, form);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Contains("a.csv, b.csv", (await browser.GetAsync("/access/countries")).Text, StringComparison.Ordinal);
        Assert.Equal("Allow: rule 1, France", await FromAsync("2001:db8:1::5"));
        Assert.Equal("Refuse: rule 2, Ailleurs", await FromAsync("198.51.100.77"));

        using var refused = await browser.PostAsync("/api/access/countries?name=c.csv", new StringContent("203.0.113.0/24,FR\nquelque part,FR\n", null, "text/csv"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("\"line\":2", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("Allow: rule 1, France", await FromAsync("2001:db8:1::5"));
        using var taken = await browser.PostAsync("/api/access/countries?name=c.csv", new StringContent("203.0.113.0/24,FR\n", null, "text/csv"));
        Assert.Equal("""{"ranges":1,"countries":1}""", await taken.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("Refuse: rule 2, Ailleurs", await FromAsync("2001:db8:1::5"));

        async Task<string> FromAsync(string address) => (await RunAsync(RuleVerbs.Try, person.UserName, "--from", address, "--what", "Desktop")).Said.Trim();
    }

    [Fact]
    public async Task A_page_that_came_through_a_proxy_says_that_addresses_are_the_proxys()
    {
        await app.SetRulesAsync();
        using var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        Assert.DoesNotContain("par un proxy", (await browser.GetAsync("/access/rules")).Text, StringComparison.Ordinal);
        browser.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        Assert.Contains("semblent venir de 127.0.0.1", (await browser.GetAsync("/access/rules")).Text, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Said)> RunAsync(Verb verb, params string[] arguments)
    {
        var culture = System.Globalization.CultureInfo.CurrentUICulture;
        await using var said = new StringWriter();
        var code = await verb.Run(new VerbCall(app.Services, arguments, said, said), TestContext.Current.CancellationToken);
        System.Globalization.CultureInfo.CurrentUICulture = culture;
        return (code, said.ToString());
    }
}
