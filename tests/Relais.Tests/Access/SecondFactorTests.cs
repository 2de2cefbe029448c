using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Access.SecondFactors;
using Relais.Access.SignIns;

namespace Relais.Tests.Access;

public sealed class SecondFactorTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_rfc_6238_appendix_b(long time, string code) =>
        Assert.Equal(code, Totp.Code("12345678901234567890"u8, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(time))));

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Keys_are_written_as_rfc_4648_says(string text, string written) => Assert.Equal(written, Base32.Encode(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public async Task A_role_that_asks_for_it_leads_to_setting_up_an_app_before_anything_else()
    {
        var person = await WithoutFactorAsync(Roles.Supervisor);
        using var browser = app.OpenBrowser();
        var page = await app.SignInAsync(browser, person);
        Assert.Equal("/sign-in/set-up", page.Path);
        Assert.Equal("/sign-in/set-up", (await browser.GetAsync("/account")).Path);
        Assert.NotNull(page.Document.QuerySelector("svg.qr-code path"));

        var key = page.Document.GetElementById("totp-key")!.TextContent;
        var wrong = await browser.SubmitAsync(page, ("Code", "000000"));
        Assert.NotNull(wrong.ErrorOf("Code"));
        Assert.Equal(key, wrong.Document.GetElementById("totp-key")!.TextContent);

        page = await browser.SubmitAsync(wrong, ("Code", Totp.Code(Decode(key), Totp.StepAt(app.Clock.GetUtcNow()))));
        Assert.Equal(RecoveryCodes.Count, page.Document.QuerySelectorAll(".recovery-codes code").Length);
        Assert.Equal("/account", (await browser.GetAsync("/account")).Path);
    }

    [Fact]
    public async Task A_code_cannot_be_used_twice_even_within_its_half_minute()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        var code = app.NextCode(person);
        using var first = app.OpenBrowser();
        Assert.Equal("/", (await first.SubmitAsync(await PasswordAsync(first, person), ("Code", code))).Path);
        using var second = app.OpenBrowser();
        var page = await second.SubmitAsync(await PasswordAsync(second, person), ("Code", code));
        Assert.Contains("déjà servi", page.ErrorOf("Code"), StringComparison.Ordinal);
        Assert.Equal("/sign-in", (await second.GetAsync("/account")).Path);
    }

    [Fact]
    public async Task Of_two_who_bring_the_same_code_at_once_one_gets_in()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        var code = app.NextCode(person);
        var pages = new List<(Browser Browser, Page Page)>();
        for (var i = 0; i < 4; i++)
        {
            var browser = app.OpenBrowser();
            pages.Add((browser, await PasswordAsync(browser, person)));
        }

        var answers = await Task.WhenAll(pages.Select(p => p.Browser.SubmitAsync(p.Page, ("Code", code))));
        Assert.Single(answers, answer => answer.Path == "/");
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("abcdef")]
    [InlineData("１２３４５６")]
    [InlineData("000000")]
    public async Task A_code_that_is_none_is_refused_with_a_word(string code)
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = app.OpenBrowser();
        Assert.NotNull((await browser.SubmitAsync(await PasswordAsync(browser, person), ("Code", code))).ErrorOf("Code"));
    }

    [Fact]
    public async Task A_recovery_code_works_once_however_it_is_typed()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = await app.SignInAsync(person);
        var codes = (await browser.SubmitAsync(await browser.GetAsync("/account/recovery-codes"), "recovery")).Document
            .QuerySelectorAll(".recovery-codes code").Select(c => c.TextContent).ToList();
        Assert.Equal(RecoveryCodes.Count, codes.Count);

        using var lost = app.OpenBrowser();
        await PasswordAsync(lost, person);
        var form = await lost.GetAsync("/sign-in/second-factor?recovery=true");
        Assert.Equal("/", (await lost.SubmitAsync(form, ("Code", codes[3].ToLowerInvariant().Replace('-', ' ')))).Path);

        using var again = app.OpenBrowser();
        await PasswordAsync(again, person);
        form = await again.GetAsync("/sign-in/second-factor?recovery=true");
        Assert.NotNull((await again.SubmitAsync(form, ("Code", codes[3]))).ErrorOf("Code"));
        var kept = await app.InDatabaseAsync(db => db.Access.RecoveryCodes.Where(c => c.PersonId == person.Id).ToListAsync());
        Assert.Equal(RecoveryCodes.Count - 1, kept.Count);
        Assert.All(kept, code => Assert.Equal(32, code.Hash.Length));
    }

    [Fact]
    public async Task The_step_after_the_password_ends_with_a_new_password_and_with_time()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = app.OpenBrowser();
        var page = await PasswordAsync(browser, person);
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Contains("trop de temps", (await browser.SubmitAsync(page, ("Code", app.NextCode(person)))).Text, StringComparison.Ordinal);

        page = await PasswordAsync(browser, person);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.PasswordHash, "changed")));
        Assert.Contains("trop de temps", (await browser.SubmitAsync(page, ("Code", app.NextCode(person)))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_a_node_of_the_version_before_began_is_ended_by_a_new_one()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = app.OpenBrowser();
        var page = await PasswordAsync(browser, person);
        var protector = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("Relais.Access.SignInTicket");
        var parts = protector.Unprotect(browser.Cookie(SignInTicket.Cookie)!).Split(' ');
        browser.SetCookie(SignInTicket.Cookie, protector.Protect(string.Join(' ', parts[..3])));
        Assert.Equal("/", (await browser.SubmitAsync(page, ("Code", app.NextCode(person)))).Path);
    }

    [Fact]
    public async Task The_last_factor_stays_while_a_rule_asks_for_it_and_goes_when_none_does()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = await app.SignInAsync(person);
        var page = await browser.SubmitAsync(await browser.GetAsync("/account/authenticator"), "remove-authenticator");
        Assert.Contains("le dernier", page.Alert, StringComparison.Ordinal);

        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Roles, [Roles.Staff])));
        page = await browser.SubmitAsync(page, "remove-authenticator");
        Assert.Equal("/account", page.Path);
        Assert.Null(await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).Select(p => p.TotpSecret).SingleAsync()));
    }

    [Fact]
    public async Task A_new_rule_is_asked_at_the_next_sign_in_and_a_new_role_at_once()
    {
        var person = await app.AddPersonAsync(Roles.Researcher);
        using var working = await app.SignInAsync(person);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var rules = await administrator.GetAsync("/second-factors");
        await administrator.SubmitAsync(rules, ("Roles", Roles.Administrator), ("Roles", Roles.Supervisor), ("Roles", Roles.Researcher));
        Assert.Equal("/account", (await working.GetAsync("/account")).Path);
        using var next = app.OpenBrowser();
        Assert.Equal("/sign-in/set-up", (await app.SignInAsync(next, person)).Path);
        await administrator.SubmitAsync(rules, ("Roles", Roles.Administrator), ("Roles", Roles.Supervisor));

        var promoted = await app.AddPersonAsync();
        using var theirs = await app.SignInAsync(promoted);
        await administrator.SubmitAsync(await administrator.GetAsync($"/people/{promoted.Id}"), "person", ("Roles", Roles.Supervisor));
        Assert.Equal("/sign-in/set-up", (await theirs.GetAsync("/account")).Path);
    }

    [Fact]
    public async Task A_reset_second_factor_lets_the_person_set_up_a_new_one()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var theirs = await app.SignInAsync(person);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        await administrator.SubmitAsync(await administrator.GetAsync($"/people/{person.Id}"), $"/people/{person.Id}/reset-second-factor");
        Assert.Equal("/sign-in", (await theirs.GetAsync("/account")).Path);
        Assert.Equal("/sign-in/set-up", (await app.SignInAsync(theirs, person)).Path);
    }

    private async Task<TestPerson> WithoutFactorAsync(string role)
    {
        var person = await app.AddPersonAsync(role);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.TotpSecret, (byte[]?)null)));
        return person with { TotpSecret = null };
    }

    private static async Task<Page> PasswordAsync(Browser browser, TestPerson person)
    {
        var page = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", person.UserName), ("Password", person.Password));
        Assert.Equal("/sign-in/second-factor", page.Path);
        return page;
    }

    private static byte[] Decode(string key)
    {
        var bits = string.Concat(key.Where(char.IsAsciiLetterOrDigit).Select(c => Convert.ToString(c >= 'A' ? c - 'A' : c - '2' + 26, 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
