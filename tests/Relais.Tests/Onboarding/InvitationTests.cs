using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Kernel.Events;

namespace Relais.Tests.Onboarding;

public sealed class InvitationTests(OnboardingApp app) : IClassFixture<OnboardingApp>
{
    private const string Password = "trois vélos sous la pluie";
    private static int _lists;

    [Theory]
    [InlineData("fr", "Votre accès à Relais", "Bonjour Ana")]
    [InlineData("en", "Your access to Relais", "Hello Ana")]
    public async Task An_invitation_by_mail_lets_its_person_choose_a_password_once_in_their_language(string language, string subject, string hello)
    {
        var (administrator, name, filter) = await EnrolAsync($"interviewer;{language}");
        await InviteAsync(administrator, filter, 1);
        var mail = await app.MailToAsync($"{name}@institut.example");
        Assert.Equal(subject, mail.Subject);
        Assert.Contains(hello, mail.TextBody, StringComparison.Ordinal);
        Assert.Contains(name, mail.TextBody, StringComparison.Ordinal);

        var link = OnboardingSteps.LinkIn(mail);
        using var browser = app.OpenBrowser();
        // Looked at by a mail program first: that uses nothing up.
        await browser.GetAsync(link);
        var page = await browser.SubmitAsync(await browser.GetAsync(link), ("Password", "court"), ("Again", "court"));
        Assert.Contains("12", page.ErrorOf("Password"), StringComparison.Ordinal);
        page = await browser.SubmitAsync(page, ("Password", Password), ("Again", Password));
        Assert.Equal("/", page.Path);

        using var another = app.OpenBrowser();
        page = await another.GetAsync(link);
        Assert.Equal((HttpStatusCode.Gone, true), (page.Status, page.Text.Contains("Cette invitation a déjà servi", StringComparison.Ordinal)));
        page = await another.SubmitAsync(await another.GetAsync("/sign-in"), ("UserName", name), ("Password", Password));
        Assert.Equal("/", page.Path);
        Assert.Equal("signed-in", (await administrator.BoardAsync(filter)).GetProperty("people")[0].GetProperty("step").GetString());
        await InviteAsync(administrator, filter, 0);
    }

    [Fact]
    public async Task Whose_role_asks_for_a_second_factor_sets_it_up_next()
    {
        var (administrator, name, filter) = await EnrolAsync("supervisor;fr");
        await InviteAsync(administrator, filter, 1);
        using var browser = app.OpenBrowser();
        var page = await browser.GetAsync(OnboardingSteps.LinkIn(await app.MailToAsync($"{name}@institut.example")));
        Assert.Equal("/sign-in/set-up", (await browser.SubmitAsync(page, ("Password", Password), ("Again", Password))).Path);
    }

    [Fact]
    public async Task A_mail_server_that_is_away_loses_no_invitation()
    {
        var (administrator, name, filter) = await EnrolAsync("interviewer;fr", "interviewer;fr");
        await app.StopMailServerAsync();
        try
        {
            await InviteAsync(administrator, filter, 2);
            Page page;
            do
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                page = await administrator.GetAsync($"/people/board?{filter}");
            }
            while (!page.Text.Contains("Relais réessaie, rien n’est perdu", StringComparison.Ordinal));
            Assert.Contains("E-mails d’invitation en attente d’envoi : 2.", page.Text, StringComparison.Ordinal);
        }
        finally
        {
            app.StartMailServer();
        }

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        await app.WakeAsync();
        Assert.NotNull(await app.MailToAsync($"{name}@institut.example"));
        Assert.NotNull(await app.MailToAsync($"{name[..^1]}2@institut.example"));
        Assert.Empty(await app.InDatabaseAsync(db => db.Kernel.Set<OutboxEntry>().Where(e => e.SetAsideAt != null).ToListAsync()));
    }

    [Fact]
    public async Task An_address_that_the_mail_server_does_not_know_is_told_on_the_board()
    {
        var (administrator, name, filter) = await EnrolAsync("interviewer;fr");
        app.Unknown[$"{name}@institut.example"] = true;
        await InviteAsync(administrator, filter, 1);
        JsonElement person;
        do
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            person = (await administrator.BoardAsync(filter)).GetProperty("people")[0];
        }
        while (person.GetProperty("blocked").ValueKind is JsonValueKind.Null);
        Assert.Equal("mail-refused", person.GetProperty("blocked").GetString());
        Assert.StartsWith("550", person.GetProperty("blockedDetail").GetString(), StringComparison.Ordinal);
        Assert.Contains("E-mail refusé", (await administrator.GetAsync($"/people/board?{filter}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_invitation_ends_the_older_and_each_ends_by_itself()
    {
        var (administrator, name, filter) = await EnrolAsync("interviewer;fr");
        await InviteAsync(administrator, filter, 1);
        var first = OnboardingSteps.LinkIn(await app.MailToAsync($"{name}@institut.example"));
        await InviteAsync(administrator, filter, 1);
        var second = OnboardingSteps.LinkIn(await app.MailToAsync($"{name}@institut.example"));
        using var browser = app.OpenBrowser();
        var kept = await browser.GetAsync(second);
        Assert.Contains("Une invitation plus récente existe", (await browser.GetAsync(first)).Text, StringComparison.Ordinal);

        app.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Contains("Cette invitation est périmée", (await browser.GetAsync(second)).Text, StringComparison.Ordinal);
        var late = await browser.SubmitAsync(kept, ("Password", Password), ("Again", Password));
        Assert.Contains("périmée", late.Text, StringComparison.Ordinal);
        Assert.Null(await app.InDatabaseAsync(db => db.Access.People.Where(p => p.UserName == name).Select(p => p.PasswordHash).SingleAsync()));
        using var again = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        Assert.Equal("invitation-expired", (await again.BoardAsync(filter)).GetProperty("people")[0].GetProperty("blocked").GetString());
    }

    [Fact]
    public async Task Of_two_who_use_one_link_at_once_one_gets_in()
    {
        var (administrator, name, filter) = await EnrolAsync("interviewer;fr");
        await InviteAsync(administrator, filter, 1);
        var link = OnboardingSteps.LinkIn(await app.MailToAsync($"{name}@institut.example"));
        using var one = app.OpenBrowser();
        using var other = app.OpenBrowser();
        var pages = (await one.GetAsync(link), await other.GetAsync(link));
        var answers = await Task.WhenAll(
            one.SubmitAsync(pages.Item1, ("Password", Password), ("Again", Password)), other.SubmitAsync(pages.Item2, ("Password", Password + "!"), ("Again", Password + "!")));
        Assert.Single(answers, page => page.Path == "/");
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "invitation.used" && l.ActorName == name)));
    }

    [Fact]
    public async Task Made_up_cut_off_and_overtaken_links_open_nothing()
    {
        using var browser = app.OpenBrowser();
        foreach (var token in new[] { Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), "abc", new string('A', 5000) })
            Assert.Contains("Ce lien n’est pas valable", (await browser.GetAsync($"/invitation/{token}")).Text, StringComparison.Ordinal);

        // A password that an administrator gave meanwhile: the link is of no use to who has it.
        var (administrator, name, filter) = await EnrolAsync("interviewer;fr");
        await InviteAsync(administrator, filter, 1);
        var link = OnboardingSteps.LinkIn(await app.MailToAsync($"{name}@institut.example"));
        var id = (await administrator.BoardAsync(filter)).GetProperty("people")[0].GetProperty("id").GetGuid();
        await administrator.SubmitAsync(await administrator.GetAsync($"/people/{id}"), "reset-password");
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
    }

    [Fact]
    public async Task The_database_and_what_waits_in_it_hold_no_link()
    {
        var (administrator, name, filter) = await EnrolAsync("interviewer;fr");
        await app.StopMailServerAsync();
        try
        {
            await InviteAsync(administrator, filter, 1);
            var waiting = await app.InDatabaseAsync(db => db.Kernel.Set<OutboxEntry>().Where(e => e.Kind == "InvitationDue").Select(e => e.Body).ToListAsync());
            Assert.NotEmpty(waiting);
            app.StartMailServer();
            app.Clock.Advance(TimeSpan.FromMinutes(6));
            await app.WakeAsync();
            var token = OnboardingSteps.LinkIn(await app.MailToAsync($"{name}@institut.example")).Split('/')[^1];
            Assert.DoesNotContain(waiting, body => body.Contains(token, StringComparison.Ordinal));
            var kept = await app.InDatabaseAsync(db => db.Access.Invitations.Where(i => i.Person!.UserName == name).Select(i => i.TokenHash).SingleAsync());
            Assert.Equal(SHA256.HashData(Base64Url.DecodeFromChars(token)), kept);
        }
        finally
        {
            await app.StopMailServerAsync();
            app.StartMailServer();
        }
    }

    [Fact]
    public async Task A_printed_sheet_has_a_link_for_each_who_has_no_password_and_looking_at_it_is_audited()
    {
        var (administrator, name, filter) = await EnrolAsync("interviewer;fr", "interviewer;en");
        await InviteAsync(administrator, filter, 2);
        var mailed = OnboardingSteps.LinkIn(await app.MailToAsync($"{name}@institut.example"));
        var board = await administrator.GetAsync($"/people/board?{filter}");
        var sheet = await administrator.SubmitAsync(board, "/people/board/sheet");
        Assert.StartsWith("/people/sheet/", sheet.Path, StringComparison.Ordinal);
        var links = sheet.Document.QuerySelectorAll(".slip-link").Select(l => new Uri(l.TextContent).AbsolutePath).ToList();
        Assert.Equal(2, links.Distinct().Count());
        Assert.Equal(2, sheet.Document.QuerySelectorAll(".slip svg path").Length);
        Assert.Contains("Scan or type this link", sheet.Text, StringComparison.Ordinal);
        Assert.Contains("Scannez ou tapez ce lien", sheet.Text, StringComparison.Ordinal);
        using var browser = app.OpenBrowser();
        Assert.Contains("plus récente", (await browser.GetAsync(mailed)).Text, StringComparison.Ordinal);
        Assert.Equal("/", (await browser.SubmitAsync(await browser.GetAsync(links[0]), ("Password", Password), ("Again", Password))).Path);
        Assert.Single((await administrator.GetAsync(sheet.Path)).Document.QuerySelectorAll(".slip"));
        var shown = await app.InDatabaseAsync(db => db.Kernel.AuditLines.Where(l => l.Action == "invitation.sheet-shown").Select(l => l.Detail).ToListAsync());
        Assert.Contains(shown, detail => detail.Replace(" ", "", StringComparison.Ordinal).Contains("\"people\":2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expired_contractor_is_refused_from_the_next_day_on()
    {
        var until = DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime).AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (administrator, name, filter) = await EnrolAsync($"contractor;fr;{until}");
        await InviteAsync(administrator, filter, 1);
        using var browser = app.OpenBrowser();
        var page = await browser.GetAsync(OnboardingSteps.LinkIn(await app.MailToAsync($"{name}@institut.example")));
        Assert.Equal("/", (await browser.SubmitAsync(page, ("Password", Password), ("Again", Password))).Path);
        app.Clock.Advance(TimeSpan.FromDays(4));
        page = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", name), ("Password", Password));
        Assert.Contains("Votre accès est arrivé à son terme", page.Alert, StringComparison.Ordinal);
        using var later = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        Assert.Equal("expired", (await later.BoardAsync(filter)).GetProperty("people")[0].GetProperty("blocked").GetString());
    }

    /// <summary>Imports people with these roles, languages and last days; gives the first one's name, and the filter of the board that shows them.</summary>
    private async Task<(Browser Administrator, string Name, string Filter)> EnrolAsync(params string[] people)
    {
        var tag = $"inv{Interlocked.Increment(ref _lists)}x";
        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var text = "user_name,name,mail,site,roles,language,contractor_until\n" + string.Concat(people.Select((person, at) =>
        {
            var parts = person.Split(';');
            return $"{tag}{at + 1},Ana {tag},{tag}{at + 1}@institut.example,{tag},{parts[0]},{parts[1]},{parts.ElementAtOrDefault(2)}\n";
        }));
        Assert.Equal(HttpStatusCode.OK, (await administrator.ImportAsync(text)).Status);
        return (administrator, $"{tag}1", $"site={tag}");
    }

    private static async Task InviteAsync(Browser administrator, string filter, int invited)
    {
        using var answer = await administrator.PostJsonAsync($"/api/access/board/invite?{filter}", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(invited, (await answer.Content.ReadFromJsonAsync<JsonElement>()).Number("invited"));
    }
}
